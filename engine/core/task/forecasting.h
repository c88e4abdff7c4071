// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/data/preparation.h"
#include "engine/core/data/time_grid.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace descent {

/// Which steps each part predicts, one part after the other: [0, trainEnd), [trainEnd, validationEnd), [validationEnd, testEnd).
struct SeriesParts {
    std::int64_t trainEnd = 0, validationEnd = 0, testEnd = 0;
    bool operator==(const SeriesParts&) const = default;
};
/// By the counts of steps in the task's settings, else by the shares of the split; steps beyond the counts belong to no part.
/// Problems: more steps are asked for than there are, or nothing is left to learn from.
Result<SeriesParts> splitSeries(std::int64_t steps, const Parameters& split, const Parameters& task);

/// What forecasting keeps of its preparation. Sample i of PreparedPart reads steps [i, i + inputLength) and is asked for
/// [i + inputLength, i + inputLength + horizon).
/// A window belongs to the part whose steps it is asked for; what it reads may lie before that part, as in the published
/// protocol of the ETT data (arXiv:2012.07436), what it is asked for never does.
/// inputs   standardised; a missing value is the last one seen before it, at the beginning the mean
/// targets  standardised; NaN where missing
class ForecastPreparation : public TaskPreparation {
public:
    std::int64_t inputLength = 0, horizon = 0;
    std::int64_t season = 0; ///< in steps; 0: none
    SeriesParts parts;
    std::vector<std::size_t> columns;    ///< of the series, in the order of the inputs; calendar features come behind them
    std::int64_t targets = 0;            ///< so many of them are forecast, the first ones
    std::vector<double> mean, deviation; ///< of `columns`, measured on the training steps alone
    /// Of each target: mean absolute error, standardised, of saying what was a season (without one: a step) before, over the
    /// training steps; what MASE divides by. NaN where it is 0.
    std::vector<double> naiveError;
    bool hasMissingTargets = false;
    std::optional<TimeGrid> grid; ///< of series with times that follow even steps
    bool calendar = false;        ///< times of day, week and year are among the inputs
};

const Schema& forecastingSchema();

Result<NetworkBrief> forecastingBrief(const Dataset& dataset, const PreparationSettings& settings);
Result<PreparedData> prepareForecasting(std::shared_ptr<const Dataset> dataset, const PreparationSettings& settings,
                                        const LoadControl& control);

/// Where in the day, the week and the year a time lies: sine and cosine of each that the grid's steps can tell apart.
std::vector<float> calendarFeatures(std::int64_t seconds, const TimeGrid& grid);

/// A series, or its end, as inputs of the network: float [count, features].
std::vector<float> forecastInputs(const Series& series, const ForecastPreparation& preparation);

}
