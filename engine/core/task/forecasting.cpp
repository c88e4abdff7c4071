// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/task/forecasting.h"

#include "engine/core/task/task.h"

#include <algorithm>

namespace descent {

const Schema& forecastingSchema()
{
    const auto steps = [](const char* name, const char* label, const char* help) {
        return ParameterSchema{.name = name,
                               .label = label,
                               .help = help,
                               .type = ParameterType::integer,
                               .defaultValue = std::int64_t{0},
                               .minimum = 0,
                               .maximum = 1e9,
                               .unit = "steps"};
    };
    static const Schema schema{
        {.name = "columns",
         .label = "Forecast",
         .help = "Columns to forecast, by name or number, with commas between; empty: all. The others are read only.",
         .type = ParameterType::text,
         .defaultValue = std::string{},
         .common = true},
        {.name = "inputLength",
         .label = "Look back",
         .help = "Steps of the past that the network reads.",
         .type = ParameterType::integer,
         .defaultValue = std::int64_t{96},
         .minimum = 1,
         .maximum = 8192,
         .logarithmic = true,
         .common = true,
         .unit = "steps"},
        {.name = "horizon",
         .label = "Look ahead",
         .help = "Steps that are forecast, all at once.",
         .type = ParameterType::integer,
         .defaultValue = std::int64_t{24},
         .minimum = 1,
         .maximum = 4096,
         .logarithmic = true,
         .common = true,
         .unit = "steps"},
        {.name = "calendar",
         .label = "Tell the time",
         .help = "Where in the day, the week and the year each step lies is read as well.",
         .type = ParameterType::boolean,
         .defaultValue = false,
         .common = true},
        {.name = "season",
         .label = "Season",
         .help = "Steps after which the series comes again, for the seasonal naive forecast and MASE; 0: found in the data.",
         .type = ParameterType::integer,
         .defaultValue = std::int64_t{0},
         .minimum = 0,
         .maximum = 8192,
         .unit = "steps"},
        steps("trainSteps", "Steps to learn from", "The first so many; 0: all parts by the shares of the split."),
        steps("validationSteps", "Steps to validate", "The next so many, where steps to learn from are counted."),
        steps("testSteps", "Steps to test", "The next so many after those; what comes later is left out."),
    };
    return schema;
}

namespace {

std::int64_t windowsToLearnFrom(const Dataset& dataset, const PreparationSettings& settings)
{
    const Schema& schema = forecastingSchema();
    const Result<SeriesParts> parts = splitSeries(dataset.train.count(), settings.split, settings.task);
    const std::int64_t window = integerOf(schema, settings.task, "inputLength") + integerOf(schema, settings.task, "horizon");
    return parts ? std::max<std::int64_t>(0, parts->trainEnd - window + 1) : 0;
}

}

TaskKind forecastingTask()
{
    return {.id = "forecasting",
            .label = "Forecasting",
            .help = "How a series goes on: prices, load, temperature.",
            .primaryMetric = "mse",
            .fits = [](const Dataset& dataset) { return std::holds_alternative<Series>(dataset.train.inputs); },
            .schema = forecastingSchema(),
            .brief = forecastingBrief,
            .samplesAnEpoch = windowsToLearnFrom,
            .prepare = prepareForecasting};
}

}
