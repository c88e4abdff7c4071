// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/base/problem.h"

#include <cstddef>
#include <filesystem>
#include <functional>
#include <memory>
#include <span>
#include <stop_token>
#include <vector>

namespace descent {

using Bytes = std::vector<std::byte>;

/// A whole file, unpacked when it is gzip (by its first bytes, not its name). At most `maximumBytes` after unpacking, so that
/// a small file cannot fill the memory. Throws DescentError naming the file; Cancelled.
Bytes readPossiblyGzip(const std::filesystem::path& path, std::size_t maximumBytes, const std::stop_token& stop = {});

/// Calls work(i) for each i in [0, count) from all cores at once, telling the share done to `progress` from this thread's
/// share of the work. Throws Cancelled when stopped, else what `work` throws first.
void inParallel(std::size_t count, const std::stop_token& stop, const std::function<void(double)>& progress,
                const std::function<void(std::size_t)>& work);

}
