// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/torch/task/task_program.h"

#include <stdexcept>
#include <string_view>

namespace descent {

std::unique_ptr<TaskProgram> imageClassificationProgram(const TaskContext& context);
std::unique_ptr<TaskProgram> tabularClassificationProgram(const TaskContext& context);
std::unique_ptr<TaskProgram> regressionProgram(const TaskContext& context);
std::unique_ptr<TaskProgram> forecastingProgram(const TaskContext& context);
std::unique_ptr<TaskProgram> recordClassificationProgram(const TaskContext& context);
std::unique_ptr<TaskProgram> textClassificationProgram(const TaskContext& context);
std::unique_ptr<TaskProgram> languageModellingProgram(const TaskContext& context);
std::unique_ptr<TaskProgram> translationProgram(const TaskContext& context);
std::unique_ptr<TaskProgram> faceRecognitionProgram(const TaskContext& context);
std::unique_ptr<TaskProgram> pictureTextMatchingProgram(const TaskContext& context);
std::unique_ptr<TaskProgram> detectionProgram(const TaskContext& context);

Answer TaskProgram::answer(GraphNetwork&, const Question&, const AskControl&) const
{
    throw std::invalid_argument{"this task has no answer to that question"};
}

std::unique_ptr<TaskProgram> makeTaskProgram(const TaskContext& context)
{
    static constexpr std::pair<std::string_view, std::unique_ptr<TaskProgram> (*)(const TaskContext&)> programs[]{
        {"image-classification", imageClassificationProgram},
        {"tabular-classification", tabularClassificationProgram},
        {"regression", regressionProgram},
        {"forecasting", forecastingProgram},
        {"record-classification", recordClassificationProgram},
        {"text-classification", textClassificationProgram},
        {"language-modelling", languageModellingProgram},
        {"translation", translationProgram},
        {"face-recognition", faceRecognitionProgram},
        {"joint-classification", imageClassificationProgram},
        {"picture-text-matching", pictureTextMatchingProgram},
        {"detection", detectionProgram},
    };
    for (const auto& [id, make] : programs)
        if (id == context.request.task.id)
            return make(context);
    throw std::invalid_argument{"no program for the task " + context.request.task.id};
}

}
