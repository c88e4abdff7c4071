// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/backend/backend.h"

#include <filesystem>

namespace descent {

/// The file that a recipe's start means: the best checkpoint of a run in `storeFolder`, or a safetensors file, or that of a
/// run's folder. A file that lies in a run's folder of this history is that run's.
/// Problems: there is no such run, it has no checkpoint, the file cannot be read. Throws StoreError.
Result<Start> findStart(const StartOptions& options, const std::filesystem::path& storeFolder);

/// What keeps a training from beginning so, all at once: a stage that is not there, weights that do not fit, a head that
/// prototypes cannot fill.
Problems checkStart(const Start& start, const StartOptions& options, const NetworkSpec& network, const PreparedData& data,
                    const Backend& backend);

}
