// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/torch/torch_model.h"

#include "engine/torch/checkpoint/checkpoint.h"
#include "engine/torch/train/evaluation.h"

#include <ATen/ATen.h>
#include <ATen/CPUGeneratorImpl.h>
#include <torch/utils.h>

namespace descent {

TorchModel::TorchModel(const TrainingRequest& request, at::Device device)
    : m_request{request},
      m_network{request.network, at::detail::createCPUGenerator(static_cast<std::uint64_t>(request.recipe.seed))},
      m_trainSamples{request.data, DeviceSamples::Part::train, device},
      m_testSamples{request.data, DeviceSamples::Part::test, device},
      m_program{makeTaskProgram({request, m_trainSamples, device})}
{
    m_network.to(device);
    toChannelsLast(m_network);
    m_network.eval();
}

Problems TorchModel::loadBest()
{
    const std::filesystem::path file = m_request.folder / "best.safetensors";
    if (!std::filesystem::exists(file))
        return {{"run", text("run %1 has no checkpoint of its best epoch", m_request.run), text("train it for an epoch at least")}};
    return loadWeights(file, m_network);
}

Answer TorchModel::ask(const Question& question, const AskControl& control)
{
    const torch::NoGradGuard guard;
    if (std::holds_alternative<EvaluationQuestion>(question))
        return evaluated(control);
    return m_program->answer(m_network, question, control);
}

EvaluationAnswer TorchModel::evaluated(const AskControl& control)
{
    const Split& split = m_request.data->split;
    const auto interrupted = [&] { return control.stop.stop_requested(); };
    EvaluationAnswer answer;
    answer.validation = evaluate(m_network, m_trainSamples, split.validation, *m_program, {}, interrupted);
    if (!split.test.empty())
        answer.test = evaluate(m_network, split.ownTest ? m_testSamples : m_trainSamples, split.test, *m_program, answer.validation,
                               interrupted);
    if (interrupted())
        throw Cancelled{};
    return answer;
}

}
