// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/data/cleaned_split.h"
#include "engine/core/data/history_preparation.h"
#include "engine/core/task/task.h"

#include <algorithm>

namespace descent {

namespace {

const Schema& recordSettings()
{
    static const Schema schema{
        {.name = "longestHistory",
         .label = "Longest history",
         .help = "So many events of a person are read; of more, the newest.",
         .type = ParameterType::integer,
         .defaultValue = std::int64_t{256},
         .minimum = 1,
         .maximum = 16384,
         .logarithmic = true,
         .common = true,
         .unit = "events"},
        {.name = "rareBelow",
         .label = "Rare codes",
         .help = "Codes that fewer people have are all taken for one.",
         .type = ParameterType::integer,
         .defaultValue = std::int64_t{5},
         .minimum = 1,
         .maximum = 1e6,
         .logarithmic = true,
         .common = true,
         .unit = "people"},
    };
    return schema;
}

std::string metricFor(const Dataset& dataset)
{
    return dataset.train.targets.classNames.size() == 2 ? "average-precision" : "macro-f1";
}

/// The network never sees more steps than the longest history has.
std::int64_t stepsFor(const Histories& histories, const Parameters& settings)
{
    std::size_t longest = 1;
    for (const auto& events : histories.events)
        longest = std::max(longest, events.size());
    return std::min(static_cast<std::int64_t>(longest), integerOf(recordSettings(), settings, "longestHistory"));
}

NetworkBrief briefFor(std::int64_t steps, std::int64_t vocabulary, const Targets& targets)
{
    return {.inputs = {{.kind = NetworkInput::Kind::tokens, .shape = {steps}, .vocabulary = vocabulary, .padded = true},
                       {.kind = NetworkInput::Kind::series, .shape = {steps, HistoryPreparation::features}}},
            .outputs = static_cast<std::int64_t>(targets.classNames.size())};
}

PreparedPart partOf(const Samples& samples, const HistoryPreparation& preparation, const LoadControl& control)
{
    const auto& histories = std::get<Histories>(samples.inputs);
    HistoryArrays arrays{preparation, histories.codes};
    for (const auto& events : histories.events) {
        if (control.stop.stop_requested())
            throw Cancelled{};
        arrays.add(events);
    }
    PreparedPart part = std::move(arrays).take();
    part.targets = sampleArray(samples.targets.classes, {});
    return part;
}

Result<PreparedData> prepare(std::shared_ptr<const Dataset> dataset, const PreparationSettings& settings, const LoadControl& control)
{
    const auto& histories = std::get<Histories>(dataset->train.inputs);
    const std::int64_t steps = stepsFor(histories, settings.task);
    constexpr std::int64_t mostBytes = std::int64_t{8} << 30, bytesAStep = 8 + 4 * HistoryPreparation::features;
    if (histories.count() > mostBytes / (steps * bytesAStep))
        return {std::nullopt,
                {{"task.longestHistory", text("%1 people with %2 events each would take more than %3 GB", histories.count(), steps, 8),
                  text("choose a shorter history")}}};
    Result<CleanedSplit> cleaned = cleanAndSplit(*dataset, settings, control);
    if (!cleaned)
        return {std::nullopt, std::move(cleaned.problems)};
    Split& split = cleaned->split;
    const auto preparation = fitHistoryPreparation(histories, split.train, steps, integerOf(recordSettings(), settings.task, "rareBelow"));
    PreparedData data{.split = std::move(split),
                      .brief = briefFor(steps, preparation->vocabulary(), dataset->train.targets),
                      .train = partOf(dataset->train, *preparation, control)};
    if (data.split.ownTest)
        data.test = partOf(*dataset->test, *preparation, control);
    data.task = preparation;
    data.dataset = std::move(dataset);
    return {std::move(data), std::move(cleaned.problems)};
}

}

TaskKind recordClassificationTask()
{
    return {.id = "record-classification",
            .label = "Classification of records",
            .help = "What will become of someone, from what happened to them and when: readmission, complication, churn.",
            .primaryMetric = "average-precision",
            .fits =
                [](const Dataset& dataset) {
                    return std::holds_alternative<Histories>(dataset.train.inputs) && dataset.train.targets.areClasses();
                },
            .primaryMetricFor = metricFor,
            .cleans = true,
            .smoothsLabels = true,
            .schema = recordSettings(),
            .brief = [](const Dataset& dataset, const PreparationSettings& settings) -> Result<NetworkBrief> {
                const auto& histories = std::get<Histories>(dataset.train.inputs);
                return {briefFor(stepsFor(histories, settings.task), static_cast<std::int64_t>(histories.codes.size()) + 2,
                                 dataset.train.targets),
                        {}};
            },
            .prepare = prepare};
}

}
