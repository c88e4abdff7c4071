// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/data/dataset.h"

#include <filesystem>

namespace descent {

/// The parameter that every source on disk has.
ParameterSchema pathParameter(std::string help);

/// What the person chose. Problems: nothing chosen, nothing there.
Result<std::filesystem::path> chosenPath(const Schema& schema, const Parameters& parameters);

/// Turns what the reading throws (DescentError) into a problem at dataset.path.
Result<Dataset> readSource(const Schema& schema, const Parameters& parameters,
                           const std::function<Result<Dataset>(const std::filesystem::path&)>& read);

/// Adds to what was set aside, with the list bounded and the count exact.
void setAside(Dataset& dataset, std::string path, Text reason);

}
