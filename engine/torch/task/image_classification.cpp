// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/torch/task/classification.h"

namespace descent {

std::unique_ptr<TaskProgram> imageClassificationProgram(const TaskContext& context)
{
    return std::make_unique<ClassificationProgram>(context);
}

}
