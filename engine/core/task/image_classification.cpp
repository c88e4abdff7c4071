// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/task/task.h"

namespace descent {

TaskKind imageClassificationTask()
{
    return {.id = "image-classification",
            .label = "Image classification",
            .help = "Which class a picture shows.",
            .primaryMetric = "accuracy",
            .fits = [](const Dataset& dataset) { return dataset.hasPictures() && dataset.train.targets.areClasses(); },
            .cleans = true,
            .smoothsLabels = true,
            .mixesPictures = true};
}

}
