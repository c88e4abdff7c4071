// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/metrics/promises.h"

#include <fmt/format.h>

#include <cmath>
#include <stdexcept>

namespace descent {

void requireSameLength(std::size_t length, std::size_t other, std::string_view name)
{
    if (length != other)
        throw std::invalid_argument{fmt::format("{}: {} values where {} belong", name, other, length)};
}

void requireNoNan(std::span<const float> values, std::string_view name)
{
    for (std::size_t i = 0; i < values.size(); ++i)
        if (std::isnan(values[i]))
            throw std::invalid_argument{fmt::format("{}[{}] is NaN", name, i)};
}

void requireWithin(std::span<const float> values, float low, float high, std::string_view name)
{
    for (std::size_t i = 0; i < values.size(); ++i)
        if (!(values[i] >= low && values[i] <= high))
            throw std::invalid_argument{fmt::format("{}[{}] is {}, outside [{}, {}]", name, i, values[i], low, high)};
}

void requireScoresOfClasses(std::span<const float> scores, std::span<const std::int64_t> truth, std::int64_t classes)
{
    requireClasses(truth, classes, "truth"); // first: `classes` may be negative, and the product below needs it not to be
    requireSameLength(truth.size() * static_cast<std::size_t>(classes), scores.size(), "scores");
    requireNoNan(scores, "scores");
}

void requireClasses(std::span<const std::int64_t> values, std::int64_t classes, std::string_view name)
{
    if (classes < 0)
        throw std::invalid_argument{fmt::format("{} classes", classes)};
    for (std::size_t i = 0; i < values.size(); ++i)
        if (values[i] < 0 || values[i] >= classes)
            throw std::invalid_argument{fmt::format("{}[{}] is class {} of {}", name, i, values[i], classes)};
}

}
