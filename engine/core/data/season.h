// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/data/dataset.h"

#include <cstdint>

namespace descent {

/// After how many steps a series comes nearest to repeating itself: 24 for hours, 12 for months; 0 when it never clearly does.
/// Measured by how far values that lie a lag apart differ (the variogram, with absolute differences), summed over columns each
/// on its own scale: a season is a lag at which they differ a quarter less than at some shorter lag, the shortest of about the
/// deepest. A random walk has none, since there they differ ever more. Only steps before `end` are looked at, of a long series
/// the last 8,192 of those. Seasons up to 1,000 steps that are there at least three times.
std::int64_t findSeason(const Series& series, std::int64_t end);

}
