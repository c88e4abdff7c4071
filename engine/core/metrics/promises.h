// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace descent {

// What every metric asks of the one who calls it. `name` says in the message what was wrong: "scores".

/// Throws std::invalid_argument when two arrays that belong together differ in length.
void requireSameLength(std::size_t length, std::size_t other, std::string_view name);

/// Throws std::invalid_argument naming the first value that is NaN.
void requireNoNan(std::span<const float> values, std::string_view name);

/// Throws std::invalid_argument naming the first value outside [low, high]; NaN is outside.
void requireWithin(std::span<const float> values, float low, float high, std::string_view name);

/// Throws std::invalid_argument unless `scores` is [truth.size(), classes] and every truth lies in [0, classes).
void requireScoresOfClasses(std::span<const float> scores, std::span<const std::int64_t> truth, std::int64_t classes);

/// Throws std::invalid_argument naming the first class outside [0, classes).
void requireClasses(std::span<const std::int64_t> values, std::int64_t classes, std::string_view name);

}
