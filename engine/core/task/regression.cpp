// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/task/task.h"

namespace descent {

TaskKind regressionTask()
{
    return {.id = "regression",
            .label = "Regression",
            .help = "A number for each sample.",
            .primaryMetric = "mae",
            .fits =
                [](const Dataset& dataset) {
                    return dataset.train.targets.areNumbers()
                        && (dataset.hasPictures() || std::holds_alternative<Table>(dataset.train.inputs));
                },
            .cleans = true};
}

}
