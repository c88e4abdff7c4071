// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/data/series_season.h"
#include "engine/core/metrics/forecast.h"
#include "engine/core/task/forecasting.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <numbers>
#include <sstream>

namespace descent {

namespace {

constexpr std::int64_t day = 86'400;
constexpr double year = 365.2425 * day;

std::string trimmed(const std::string& text)
{
    const auto begin = text.find_first_not_of(" \t"), end = text.find_last_not_of(" \t");
    return begin == std::string::npos ? std::string{} : text.substr(begin, end - begin + 1);
}

std::optional<std::size_t> columnNamed(const std::vector<std::string>& names, const std::string& wanted)
{
    if (const auto found = std::find(names.begin(), names.end(), wanted); found != names.end())
        return static_cast<std::size_t>(found - names.begin());
    std::size_t number = 0;
    const auto [rest, error] = std::from_chars(wanted.data(), wanted.data() + wanted.size(), number);
    const bool whole = error == std::errc{} && rest == wanted.data() + wanted.size();
    return whole && number >= 1 && number <= names.size() ? std::optional{number - 1} : std::nullopt;
}

/// The columns to forecast, then the others. Gives their number.
Result<std::int64_t> orderColumns(const std::vector<std::string>& names, const std::string& wanted, std::vector<std::size_t>& columns)
{
    std::istringstream list{wanted};
    for (std::string part; std::getline(list, part, ',');) {
        const std::string name = trimmed(part);
        if (name.empty())
            continue;
        const auto column = columnNamed(names, name);
        if (!column) {
            const std::string nearest = nearestName(name, names);
            return {std::nullopt,
                    {{"task.columns", text("there is no column \"%1\"", name),
                      nearest.empty() ? text("write columns' names, or their numbers from 1 to %1", names.size())
                                      : text("did you mean \"%1\"?", nearest)}}};
        }
        if (std::find(columns.begin(), columns.end(), *column) == columns.end())
            columns.push_back(*column);
    }
    const std::size_t chosen = columns.empty() ? names.size() : columns.size();
    for (std::size_t i = 0; i < names.size(); ++i)
        if (std::find(columns.begin(), columns.begin() + static_cast<std::ptrdiff_t>(columns.size()), i) == columns.end())
            columns.push_back(i);
    return {static_cast<std::int64_t>(chosen), {}};
}

/// What is known before anything is measured.
Result<std::shared_ptr<ForecastPreparation>> begin(const Series& series, const Parameters& task)
{
    const Schema& schema = forecastingSchema();
    if (Problems problems = validate(schema, task, "task"); !problems.empty())
        return {std::nullopt, std::move(problems)};
    auto preparation = std::make_shared<ForecastPreparation>();
    preparation->inputLength = integerOf(schema, task, "inputLength");
    preparation->horizon = integerOf(schema, task, "horizon");
    preparation->calendar = booleanOf(schema, task, "calendar");
    Result<std::int64_t> targets = orderColumns(series.names, textOf(schema, task, "columns"), preparation->columns);
    if (!targets)
        return {std::nullopt, std::move(targets.problems)};
    preparation->targets = *targets;
    if (series.seconds.size() > 1)
        preparation->grid = findTimeGrid(series.seconds);
    if (preparation->calendar && !preparation->grid)
        return {std::nullopt,
                {{"task.calendar", text("this series has no times that follow even steps"), text("switch it off, or name the column of times")}}};
    return {std::move(preparation), {}};
}

float valueAt(const Series& series, std::int64_t step, std::size_t column)
{
    return series.values[static_cast<std::size_t>(step * series.columns()) + column];
}

/// Mean and deviation over the training steps, of what is there.
void measure(const Series& series, ForecastPreparation& preparation)
{
    for (const std::size_t column : preparation.columns) {
        double sum = 0, squares = 0;
        std::int64_t present = 0;
        for (std::int64_t step = 0; step < preparation.parts.trainEnd; ++step)
            if (const float value = valueAt(series, step, column); std::isfinite(value)) {
                sum += value;
                ++present;
            }
        const double mean = present > 0 ? sum / static_cast<double>(present) : 0;
        for (std::int64_t step = 0; step < preparation.parts.trainEnd; ++step)
            if (const float value = valueAt(series, step, column); std::isfinite(value))
                squares += (value - mean) * (value - mean);
        const double deviation = present > 0 ? std::sqrt(squares / static_cast<double>(present)) : 0;
        preparation.mean.push_back(mean);
        preparation.deviation.push_back(deviation > 1e-12 * std::max(1.0, std::abs(mean)) ? deviation : 1);
    }
    const std::int64_t lag = std::max<std::int64_t>(1, preparation.season);
    for (std::int64_t target = 0; target < preparation.targets; ++target) {
        const std::size_t column = preparation.columns[static_cast<std::size_t>(target)];
        const double error = seasonalNaiveError(columnOf(series, column, preparation.parts.trainEnd), lag);
        preparation.naiveError.push_back(error > 0 ? error / preparation.deviation[static_cast<std::size_t>(target)] : NAN);
    }
}

std::vector<float> targetValues(const Series& series, ForecastPreparation& preparation)
{
    std::vector<float> values;
    values.reserve(static_cast<std::size_t>(series.count * preparation.targets));
    for (std::int64_t step = 0; step < series.count; ++step)
        for (std::size_t target = 0; target < static_cast<std::size_t>(preparation.targets); ++target) {
            const double value = valueAt(series, step, preparation.columns[target]);
            values.push_back(static_cast<float>((value - preparation.mean[target]) / preparation.deviation[target]));
            preparation.hasMissingTargets = preparation.hasMissingTargets || !std::isfinite(values.back());
        }
    return values;
}

/// First steps of the windows that are asked for steps of [begin, end) alone, and for at least one value that is there.
std::vector<std::int64_t> windowsOf(std::int64_t begin, std::int64_t end, const ForecastPreparation& preparation,
                                    const std::vector<std::int64_t>& presentBefore)
{
    std::vector<std::int64_t> windows;
    for (std::int64_t first = std::max(begin, preparation.inputLength); first + preparation.horizon <= end; ++first)
        if (presentBefore[static_cast<std::size_t>(first + preparation.horizon)] > presentBefore[static_cast<std::size_t>(first)])
            windows.push_back(first - preparation.inputLength);
    return windows;
}

NetworkBrief briefOf(const ForecastPreparation& preparation)
{
    const std::size_t calendar = preparation.calendar ? calendarFeatures(0, *preparation.grid).size() : 0;
    return {.inputs = {numericInput({preparation.inputLength, static_cast<std::int64_t>(preparation.columns.size() + calendar)})},
            .output = NetworkBrief::Output::future,
            .outputs = preparation.targets,
            .horizon = preparation.horizon};
}

}

Result<SeriesParts> splitSeries(std::int64_t steps, const Parameters& split, const Parameters& task)
{
    const Schema& schema = forecastingSchema();
    const std::int64_t train = integerOf(schema, task, "trainSteps"), validation = integerOf(schema, task, "validationSteps"),
                       test = integerOf(schema, task, "testSteps");
    if (train > 0) {
        if (validation < 1)
            return {std::nullopt, {{"task.validationSteps", text("no step is left to validate"), text("count steps for each part, or for none")}}};
        if (train + validation + test > steps)
            return {std::nullopt,
                    {{"task.trainSteps", text("the parts take %1 steps, and the series has %2", train + validation + test, steps),
                      text("count fewer steps")}}};
        return {SeriesParts{train, train + validation, train + validation + test}, {}};
    }
    const double validationShare = realOf(splitSchema(), split, "validation"), testShare = realOf(splitSchema(), split, "test");
    if (validationShare + testShare >= 1)
        return {std::nullopt,
                {{"split.validation",
                  text("validation and test take %1 % of the data: nothing is left to learn from",
                       std::lround(100 * (validationShare + testShare))),
                  text("choose shares that sum to well under 1")}}};
    const auto share = [&](double part) { return static_cast<std::int64_t>(std::llround(part * static_cast<double>(steps))); };
    const std::int64_t testSteps = share(testShare), validationSteps = share(validationShare);
    return {SeriesParts{steps - testSteps - validationSteps, steps - testSteps, steps}, {}};
}

std::vector<float> calendarFeatures(std::int64_t seconds, const TimeGrid& grid)
{
    std::vector<float> features;
    const auto add = [&](double turns) {
        const double angle = 2 * std::numbers::pi * turns;
        features.push_back(static_cast<float>(std::sin(angle)));
        features.push_back(static_cast<float>(std::cos(angle)));
    };
    const bool days = grid.unit == TimeGrid::Unit::workingDays, even = grid.unit == TimeGrid::Unit::seconds;
    if (even && grid.size < day)
        add(static_cast<double>(seconds) / day);
    if (days || (even && grid.size < 7 * day))
        add(static_cast<double>(seconds) / (7 * day));
    add(static_cast<double>(seconds) / year);
    return features;
}

std::vector<float> forecastInputs(const Series& series, const ForecastPreparation& preparation)
{
    const std::size_t columns = preparation.columns.size();
    std::vector<float> last(columns, 0), values; // standardised: the mean is 0
    for (std::int64_t step = 0; step < series.count; ++step) {
        for (std::size_t i = 0; i < columns; ++i) {
            const double value = valueAt(series, step, preparation.columns[i]);
            if (std::isfinite(value))
                last[i] = static_cast<float>((value - preparation.mean[i]) / preparation.deviation[i]);
            values.push_back(last[i]);
        }
        if (preparation.calendar)
            for (const float feature : calendarFeatures(series.seconds[static_cast<std::size_t>(step)], *preparation.grid))
                values.push_back(feature);
    }
    return values;
}

Result<NetworkBrief> forecastingBrief(const Dataset& dataset, const PreparationSettings& settings)
{
    Result<std::shared_ptr<ForecastPreparation>> preparation = begin(std::get<Series>(dataset.train.inputs), settings.task);
    if (!preparation)
        return {std::nullopt, std::move(preparation.problems)};
    return {briefOf(**preparation), {}};
}

Result<PreparedData> prepareForecasting(std::shared_ptr<const Dataset> dataset, const PreparationSettings& settings, const LoadControl& control)
{
    const auto& series = std::get<Series>(dataset->train.inputs);
    Result<std::shared_ptr<ForecastPreparation>> begun = begin(series, settings.task);
    if (!begun)
        return {std::nullopt, std::move(begun.problems)};
    ForecastPreparation& preparation = **begun;
    Result<SeriesParts> parts = splitSeries(series.count, settings.split, settings.task);
    if (!parts)
        return {std::nullopt, std::move(parts.problems)};
    preparation.parts = *parts;
    const std::int64_t season = integerOf(forecastingSchema(), settings.task, "season");
    preparation.season = season > 0 ? season : seasonOf(series, parts->trainEnd);
    measure(series, preparation);
    if (control.stop.stop_requested())
        throw Cancelled{};

    PreparedData data;
    std::vector<float> targets = targetValues(series, preparation);
    std::vector<std::int64_t> presentBefore(static_cast<std::size_t>(series.count) + 1);
    for (std::size_t step = 0; step < static_cast<std::size_t>(series.count); ++step) {
        const auto at = targets.begin() + static_cast<std::ptrdiff_t>(step) * preparation.targets;
        presentBefore[step + 1] = presentBefore[step] + std::count_if(at, at + preparation.targets, [](float x) { return std::isfinite(x); });
    }
    data.split.train = windowsOf(0, parts->trainEnd, preparation, presentBefore);
    data.split.validation = windowsOf(parts->trainEnd, parts->validationEnd, preparation, presentBefore);
    data.split.test = windowsOf(parts->validationEnd, parts->testEnd, preparation, presentBefore);
    const std::int64_t window = preparation.inputLength + preparation.horizon;
    if (data.split.train.empty())
        return {std::nullopt,
                {{"task.inputLength", text("the %1 steps to learn from hold no window of %2", parts->trainEnd, window),
                  text("look back or ahead over fewer steps")}}};
    if (data.split.validation.empty())
        return {std::nullopt,
                {{"task.horizon", text("the %1 steps to validate hold no forecast of %2", parts->validationEnd - parts->trainEnd, preparation.horizon),
                  text("look ahead over fewer steps, or give validation a larger share")}}};
    data.brief = briefOf(preparation);
    data.train.inputs = {sampleArray(forecastInputs(series, preparation), data.brief.inputShape())};
    data.train.inputs.front().windowStart = 0;
    data.train.targets = sampleArray(std::move(targets), {preparation.horizon, preparation.targets});
    data.train.targets.windowStart = preparation.inputLength;
    data.task = *begun;
    data.dataset = std::move(dataset);
    Problems warnings;
    if (data.split.test.empty() && parts->testEnd > parts->validationEnd)
        warnings.push_back({"task.horizon", text("the %1 steps to test hold no forecast of %2", parts->testEnd - parts->validationEnd, preparation.horizon),
                            text("look ahead over fewer steps, or give the test a larger share")});
    return {std::move(data), std::move(warnings)};
}

}
