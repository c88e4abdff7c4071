// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/task/task.h"

#include <algorithm>
#include <stdexcept>

namespace descent {

TaskKind imageClassificationTask();
TaskKind tabularClassificationTask();
TaskKind regressionTask();
TaskKind forecastingTask();
TaskKind recordClassificationTask();
TaskKind textClassificationTask();
TaskKind languageModellingTask();
TaskKind translationTask();
TaskKind faceRecognitionTask();
TaskKind jointClassificationTask();
TaskKind pictureTextMatchingTask();
TaskKind detectionTask();

const std::vector<TaskKind>& taskKinds()
{
    static const std::vector<TaskKind> kinds{
        imageClassificationTask(), tabularClassificationTask(), regressionTask(), forecastingTask(),
        recordClassificationTask(), textClassificationTask(), languageModellingTask(), translationTask(),
        faceRecognitionTask(), jointClassificationTask(), pictureTextMatchingTask(), detectionTask(),
    };
    return kinds;
}

const TaskKind* findTaskKind(std::string_view id)
{
    const auto& kinds = taskKinds();
    const auto found = std::find_if(kinds.begin(), kinds.end(), [&](const TaskKind& kind) { return kind.id == id; });
    return found == kinds.end() ? nullptr : &*found;
}

const Schema& allTaskSettings()
{
    static const Schema schema = [] {
        Schema all;
        for (const TaskKind& kind : taskKinds())
            for (const ParameterSchema& parameter : kind.schema)
                if (!findParameter(all, parameter.name))
                    all.push_back(parameter);
        return all;
    }();
    return schema;
}

bool TaskKind::higherIsBetter() const
{
    const MetricKind* metric = findMetricKind(primaryMetric);
    if (!metric)
        throw std::logic_error{"task " + id + " is judged by an unknown metric: " + primaryMetric};
    return metric->higherIsBetter;
}

}
