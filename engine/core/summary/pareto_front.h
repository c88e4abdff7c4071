// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace descent {

/// Those that no other beats in one figure without being beaten in the other, from the best x to the worst. Equal ones stand
/// together; NaN is left out. Throws std::invalid_argument for unlike lengths.
std::vector<std::size_t> paretoFront(std::span<const double> x, std::span<const double> y, bool higherXIsBetter, bool higherYIsBetter);

}
