// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace descent {

/// "64, 64" as numbers; nothing when it is no list of whole numbers from `least` to `most`, or has more than `mostCount`.
std::optional<std::vector<std::int64_t>> wholeNumbers(const std::string& list, std::int64_t least, std::int64_t most,
                                                      std::size_t mostCount = 64);

}
