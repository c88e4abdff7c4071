// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/task/task.h"

#include <algorithm>

namespace descent {

namespace {

/// Where one of two classes is rare, saying always the other is accurate and useless: average precision is not fooled.
std::string metricFor(const Dataset& dataset)
{
    constexpr double rare = 0.2;
    const Targets& targets = dataset.train.targets;
    if (targets.classNames.size() != 2 || targets.classes.empty())
        return "accuracy";
    const double share = static_cast<double>(std::count(targets.classes.begin(), targets.classes.end(), 1))
        / static_cast<double>(targets.classes.size());
    return std::min(share, 1 - share) < rare ? "average-precision" : "accuracy";
}

}

TaskKind tabularClassificationTask()
{
    return {.id = "tabular-classification",
            .label = "Tabular classification",
            .help = "Which class a row of a table belongs to: fraud, risk, diagnosis.",
            .primaryMetric = "accuracy",
            .fits =
                [](const Dataset& dataset) {
                    return std::holds_alternative<Table>(dataset.train.inputs) && dataset.train.targets.areClasses();
                },
            .primaryMetricFor = metricFor,
            .cleans = true,
            .smoothsLabels = true};
}

}
