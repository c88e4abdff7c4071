// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/task/task.h"

namespace descent {

TaskKind tabularClassificationTask()
{
    return {.id = "tabular-classification",
            .label = "Tabular classification",
            .help = "Which class a row of a table belongs to.",
            .primaryMetric = "accuracy",
            .fits = [](const Dataset& dataset) {
                return std::holds_alternative<Table>(dataset.train.inputs) && dataset.train.targets.areClasses();
            }};
}

}
