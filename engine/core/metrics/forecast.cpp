// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/metrics/forecast.h"

#include "engine/core/metrics/promises.h"

#include <fmt/format.h>

#include <cmath>
#include <limits>
#include <stdexcept>

namespace descent {

namespace {

constexpr double undefined = std::numeric_limits<double>::quiet_NaN();

void requireSeason(std::int64_t season)
{
    if (season < 1)
        throw std::invalid_argument{fmt::format("a season of {} steps", season)};
}

/// Mean of `error` over the steps whose actual value is known.
template <typename Error>
double meanOverKnown(std::span<const float> actual, std::span<const float> forecast, Error error)
{
    requireSameLength(actual.size(), forecast.size(), "forecast");
    double sum = 0;
    std::int64_t known = 0;
    for (std::size_t i = 0; i < actual.size(); ++i)
        if (!std::isnan(actual[i])) {
            sum += error(static_cast<double>(actual[i]), static_cast<double>(forecast[i]));
            ++known;
        }
    return known == 0 ? undefined : sum / static_cast<double>(known);
}

}

double meanSquaredError(std::span<const float> actual, std::span<const float> forecast)
{
    return meanOverKnown(actual, forecast, [](double a, double f) { return (a - f) * (a - f); });
}

double meanAbsoluteError(std::span<const float> actual, std::span<const float> forecast)
{
    return meanOverKnown(actual, forecast, [](double a, double f) { return std::abs(a - f); });
}

double symmetricPercentageError(std::span<const float> actual, std::span<const float> forecast)
{
    return meanOverKnown(actual, forecast, [](double a, double f) {
        const double size = std::abs(a) + std::abs(f);
        return size == 0 ? 0 : 200 * std::abs(a - f) / size;
    });
}

double seasonalNaiveError(std::span<const float> training, std::int64_t season)
{
    requireSeason(season);
    double sum = 0;
    std::int64_t pairs = 0;
    for (auto i = static_cast<std::size_t>(season); i < training.size(); ++i)
        if (const double error = std::abs(static_cast<double>(training[i]) - training[i - static_cast<std::size_t>(season)]);
            !std::isnan(error)) {
            sum += error;
            ++pairs;
        }
    return pairs == 0 ? undefined : sum / static_cast<double>(pairs);
}

double meanAbsoluteScaledError(std::span<const float> actual, std::span<const float> forecast, std::span<const float> training,
                               std::int64_t season)
{
    const double scale = seasonalNaiveError(training, season), error = meanAbsoluteError(actual, forecast);
    return scale == 0 ? undefined : error / scale;
}

std::vector<float> repeatLast(std::span<const float> history, std::int64_t horizon)
{
    return seasonalNaive(history, 1, horizon);
}

std::vector<float> seasonalNaive(std::span<const float> history, std::int64_t season, std::int64_t horizon)
{
    requireSeason(season);
    if (horizon < 0)
        throw std::invalid_argument{fmt::format("a forecast of {} steps", horizon)};
    const std::int64_t length = std::ssize(history);
    std::vector<float> forecast(static_cast<std::size_t>(horizon), std::numeric_limits<float>::quiet_NaN());
    for (std::int64_t step = 0; step < horizon; ++step)
        if (step >= season) {
            forecast[static_cast<std::size_t>(step)] = forecast[static_cast<std::size_t>(step - season)];
        } else {
            std::int64_t at = length - season + step; // below 0 before the first value of the history
            while (at >= 0 && std::isnan(history[static_cast<std::size_t>(at)]))
                at -= season;
            if (at >= 0)
                forecast[static_cast<std::size_t>(step)] = history[static_cast<std::size_t>(at)];
        }
    return forecast;
}

}
