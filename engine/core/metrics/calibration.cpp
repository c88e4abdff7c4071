// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/metrics/calibration.h"

#include "engine/core/metrics/promises.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <stdexcept>

namespace descent {

namespace {

void requireProbabilities(std::span<const float> scores, std::span<const std::uint8_t> positives)
{
    requireSameLength(scores.size(), positives.size(), "positives");
    requireWithin(scores, 0, 1, "scores");
}

}

std::vector<ReliabilityBin> reliabilityCurve(std::span<const float> scores, std::span<const std::uint8_t> positives,
                                             std::int64_t bins)
{
    requireProbabilities(scores, positives);
    if (bins < 1)
        throw std::invalid_argument{fmt::format("{} bins", bins)};
    const auto number = static_cast<double>(bins);
    std::vector<ReliabilityBin> curve(static_cast<std::size_t>(bins));
    for (std::size_t i = 0; i < curve.size(); ++i) {
        curve[i].lower = static_cast<double>(i) / number;
        curve[i].upper = static_cast<double>(i + 1) / number;
    }
    for (std::size_t i = 0; i < scores.size(); ++i) {
        // A float times a small whole number is exact in double: no score slips over an edge by rounding.
        const double place = std::ceil(static_cast<double>(scores[i]) * number) - 1;
        ReliabilityBin& bin = curve[static_cast<std::size_t>(std::max(0.0, place))];
        ++bin.count;
        bin.meanScore += scores[i];
        bin.positiveShare += positives[i] != 0 ? 1 : 0;
    }
    for (ReliabilityBin& bin : curve) {
        constexpr double undefined = std::numeric_limits<double>::quiet_NaN();
        bin.meanScore = bin.count == 0 ? undefined : bin.meanScore / static_cast<double>(bin.count);
        bin.positiveShare = bin.count == 0 ? undefined : bin.positiveShare / static_cast<double>(bin.count);
    }
    return curve;
}

double expectedCalibrationError(const std::vector<ReliabilityBin>& curve)
{
    double sum = 0;
    std::int64_t count = 0;
    for (const ReliabilityBin& bin : curve)
        if (bin.count > 0) {
            sum += static_cast<double>(bin.count) * std::abs(bin.positiveShare - bin.meanScore);
            count += bin.count;
        }
    return count == 0 ? std::numeric_limits<double>::quiet_NaN() : sum / static_cast<double>(count);
}

double expectedCalibrationError(std::span<const float> scores, std::span<const std::uint8_t> positives, std::int64_t bins)
{
    return expectedCalibrationError(reliabilityCurve(scores, positives, bins));
}

double brierScore(std::span<const float> scores, std::span<const std::uint8_t> positives)
{
    requireProbabilities(scores, positives);
    double sum = 0;
    for (std::size_t i = 0; i < scores.size(); ++i) {
        const double error = static_cast<double>(scores[i]) - (positives[i] != 0 ? 1 : 0);
        sum += error * error;
    }
    return scores.empty() ? std::numeric_limits<double>::quiet_NaN() : sum / static_cast<double>(scores.size());
}

}
