// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/backend/backend.h"
#include "engine/torch/nn/graph_network.h"
#include "engine/torch/task/task_program.h"

#include <memory>

namespace descent {

/// A finished run's network with its weights and its task's program.
class TorchModel : public Model {
public:
    TorchModel(const TrainingRequest& request, at::Device device);
    Problems loadBest(); ///< weights of best.safetensors
    Answer ask(const Question& question, const AskControl& control) override;

private:
    EvaluationAnswer evaluated(const AskControl& control);

    const TrainingRequest& m_request;
    GraphNetwork m_network;
    DeviceSamples m_trainSamples, m_testSamples;
    std::unique_ptr<TaskProgram> m_program;
};

}
