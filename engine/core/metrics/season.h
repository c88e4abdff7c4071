// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <span>

namespace descent {

/// After how many steps a series is most like itself again: a day of hours 24, a year of months 12. 1 when no season shows.
/// A season is a peak of the autocorrelation that is there again at twice the lag, with a valley before it; of several like
/// it the first. It is sought in the series less its straight trend, and in the steps from value to value, which hide slow
/// waves but drown in noise; whichever shows it more clearly counts. Drawn series without a season are almost never
/// taken to have one; of a noisy season the length may be off by a few in a hundred.
/// training    oldest first; a missing value (NaN, infinite) is taken to be the one before
/// longest     seasons that are looked for; always at most a third of the series. The last 50,000 steps are looked at
/// Throws std::invalid_argument when `longest` is negative.
std::int64_t seasonLength(std::span<const float> training, std::int64_t longest = 1000);

}
