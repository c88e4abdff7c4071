// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/base/random.h"
#include "engine/core/data/dataset.h"

#include <cmath>
#include <numbers>

namespace descent {

namespace {

constexpr std::int64_t start = 1'704'067'200; // 2024-01-01

/// What the columns have in common at a step: a day and a week, the week's end lower, on top of a slow trend. `grown` is 1, or
/// what the swings are multiplied by after the change.
double commonWave(std::int64_t step, std::int64_t season, double trend, double grown, std::int64_t steps)
{
    using std::numbers::pi;
    const double day = 2 * pi * static_cast<double>(step) / static_cast<double>(season), week = day / 7;
    const double swing = std::sin(day) + 0.35 * std::sin(2 * day + 0.6) + 0.5 * std::sin(week + 1.1);
    return grown * swing + trend * static_cast<double>(step) / static_cast<double>(steps);
}

}

/// Columns that follow one wave of two seasons, each later, weaker and noisier than the one before, so that the first tells
/// what the others will do.
DatasetKind wavesKind()
{
    const Schema schema{
        {.name = "steps",
         .label = "Steps",
         .help = "How many hours are made up.",
         .type = ParameterType::integer,
         .defaultValue = std::int64_t{2400},
         .minimum = 200,
         .maximum = 1e6,
         .logarithmic = true,
         .common = true},
        {.name = "columns",
         .label = "Columns",
         .help = "Each follows the one before a few hours later.",
         .type = ParameterType::integer,
         .defaultValue = std::int64_t{3},
         .minimum = 1,
         .maximum = 32,
         .common = true},
        {.name = "season",
         .label = "Season",
         .help = "Steps until the wave comes again; a second one is seven times as long.",
         .type = ParameterType::integer,
         .defaultValue = std::int64_t{24},
         .minimum = 4,
         .maximum = 200,
         .common = true},
        {.name = "noise",
         .label = "Noise",
         .help = "Standard deviation of what is added to each value; the wave swings by about 1.",
         .type = ParameterType::real,
         .defaultValue = 0.2,
         .minimum = 0,
         .maximum = 10,
         .common = true},
        {.name = "trend",
         .label = "Trend",
         .help = "How much the level rises from the first to the last step.",
         .type = ParameterType::real,
         .defaultValue = 1.0,
         .minimum = -100,
         .maximum = 100},
        {.name = "change",
         .label = "Sudden change",
         .help = "Three quarters of the way the level jumps and the swings grow: what was learnt before fits less.",
         .type = ParameterType::boolean,
         .defaultValue = false},
        {.name = "missing",
         .label = "Missing",
         .help = "Share of values that are left out.",
         .type = ParameterType::real,
         .defaultValue = 0.0,
         .minimum = 0,
         .maximum = 0.5},
        {.name = "seed",
         .label = "Data seed",
         .help = "Another number makes up other noise.",
         .type = ParameterType::integer,
         .defaultValue = std::int64_t{1},
         .minimum = 0,
         .maximum = 1e15},
    };
    return {.id = "waves",
            .label = "Waves",
            .help = "Made-up hours with a day, a week, a trend and noise, in columns that follow each other.",
            .schema = schema,
            .load = [schema](const Parameters& parameters, const LoadControl&) -> Result<Dataset> {
                const std::int64_t columns = integerOf(schema, parameters, "columns"), season = integerOf(schema, parameters, "season");
                const double noise = realOf(schema, parameters, "noise"), trend = realOf(schema, parameters, "trend");
                const double missing = realOf(schema, parameters, "missing");
                const bool change = booleanOf(schema, parameters, "change");
                Random random{static_cast<std::uint64_t>(integerOf(schema, parameters, "seed"))};
                Series series{.count = integerOf(schema, parameters, "steps")};
                series.values.reserve(static_cast<std::size_t>(series.count * columns));
                for (std::int64_t column = 0; column < columns; ++column)
                    series.names.push_back("wave " + std::to_string(column + 1));
                for (std::int64_t step = 0; step < series.count; ++step) {
                    series.seconds.push_back(start + step * 3600);
                    const bool changed = change && step * 4 >= series.count * 3;
                    for (std::int64_t column = 0; column < columns; ++column) {
                        const double share = static_cast<double>(column) / static_cast<double>(columns);
                        const double wave = commonWave(step - 3 * column, season, trend, changed ? 1.5 : 1, series.count);
                        const double value = (1 - 0.5 * share) * wave + (changed ? 0.8 : 0) + noise * (1 + share) * random.normal();
                        series.values.push_back(missing > 0 && random.uniform() < missing ? NAN : static_cast<float>(value));
                    }
                }
                Dataset dataset{.name = "Waves"};
                dataset.train.inputs = std::move(series);
                return {std::move(dataset), {}};
            }};
}

}
