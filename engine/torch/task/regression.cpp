// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/torch/task/preview.h"
#include "engine/torch/task/sample_answers.h"
#include "engine/torch/task/task_program.h"

#include <ATen/ATen.h>
#include <algorithm>
#include <torch/utils.h>

namespace descent {

namespace {

using namespace std::chrono_literals;

/// loss (as learnt: squared error of standardised targets), mae and r2 in the target's own unit
class RegressionJudge : public Judge {
public:
    RegressionJudge(double deviation, at::Device device)
        : m_deviation{deviation}, m_sums{at::zeros({4}, at::TensorOptions{at::kDouble}.device(device))}
    {
    }
    void take(GraphNetwork& network, const Batch& batch) override { take(network.forward(batch.inputs).squeeze(1), batch.targets); }
    /// outputs, targets: float [batch], standardised
    void take(const at::Tensor& outputs, const at::Tensor& targets)
    {
        const at::Tensor truth = targets.to(at::kDouble), error = outputs.to(at::kDouble) - truth;
        m_sums += at::stack({error.square().sum(), error.abs().sum(), truth.sum(), truth.square().sum()});
        m_count += truth.size(0);
    }
    std::map<std::string, double> figures() override
    {
        if (m_count == 0)
            return {};
        const at::Tensor host = m_sums.to(at::kCPU);
        const double* sums = host.const_data_ptr<double>();
        const double n = static_cast<double>(m_count), total = sums[3] - sums[2] * sums[2] / n;
        // Standardising is linear: R2 is the same in both units, the absolute error is scaled back.
        return {{"loss", sums[0] / n}, {"mae", sums[1] / n * m_deviation}, {"r2", total > 0 ? 1 - sums[0] / total : 0.0}};
    }

private:
    const double m_deviation;
    std::int64_t m_count = 0;
    at::Tensor m_sums; // double [4]: squared error, absolute error, truth, squared truth
};

/// Predicted against true numbers of held-back samples, always the same ones.
class ScatterLook {
public:
    explicit ScatterLook(const TaskContext& context) : m_data{context.request.data}
    {
        constexpr std::size_t mostSamples = 1000;
        std::vector<std::int64_t> rows = m_data->split.validation;
        rows.resize(std::min(rows.size(), mostSamples));
        m_heldBack = context.trainSamples.gather(rows);
        m_frame.name = m_data->dataset->train.targets.name;
        for (const std::int64_t row : rows)
            m_frame.truth.push_back(m_data->dataset->train.targets.values[static_cast<std::size_t>(row)]);
    }
    ScatterPreview look(GraphNetwork& network, std::int64_t step) const
    {
        ScatterPreview scatter = m_frame;
        scatter.step = step;
        const at::Tensor outputs = outputsOf(network, m_heldBack.inputs).squeeze(1);
        const at::Tensor host = (outputs * m_data->targetDeviation + m_data->targetMean).to(at::kCPU, at::kFloat).contiguous();
        scatter.predicted.assign(host.const_data_ptr<float>(), host.const_data_ptr<float>() + host.numel());
        RegressionJudge judge{m_data->targetDeviation, outputs.device()};
        judge.take(outputs, m_heldBack.targets);
        const std::map<std::string, double> figures = judge.figures();
        scatter.r2 = figures.at("r2");
        scatter.meanAbsoluteError = figures.at("mae");
        return scatter;
    }

private:
    const std::shared_ptr<const PreparedData> m_data;
    ScatterPreview m_frame; // everything but step and what is predicted
    Batch m_heldBack;
};

class RegressionProgram : public TaskProgram {
public:
    explicit RegressionProgram(const TaskContext& context)
        : m_data{context.request.data}, m_mean{context.request.data->targetMean}, m_deviation{context.request.data->targetDeviation}, m_device{context.device}, m_scatter{context}
    {
        if (context.request.data->dataset->hasPictures())
            m_samples = std::make_shared<SamplePreview>(context.request.data, context.trainSamples);
    }
    at::Tensor loss(const at::Tensor& outputs, const Batch& batch) const override
    {
        return at::mse_loss(outputs.squeeze(1), batch.targets);
    }
    std::optional<double> lossWeight(const Batch& batch) const override { return static_cast<double>(batch.size()); }
    std::unique_ptr<Judge> judge(const std::map<std::string, double>&) const override
    {
        return std::make_unique<RegressionJudge>(m_deviation, m_device);
    }
    std::vector<LivePreview> previews() const override
    {
        std::vector<LivePreview> previews{
            {400ms, [this](GraphNetwork& network, std::int64_t step) -> Preview { return m_scatter.look(network, step); }}};
        if (m_samples)
            previews.push_back(
                {500ms, [this](GraphNetwork& network, std::int64_t step) -> Preview { return m_samples->look(network, step); }});
        return previews;
    }
    Answer answer(GraphNetwork& network, const Question& question, const AskControl& control) const override
    {
        const auto inItsUnit = [this](const at::Tensor& outputs) { return outputs * m_deviation + m_mean; };
        if (auto answer = answerOfSamples(network, *m_data, question, m_device, control, inItsUnit))
            return std::move(*answer);
        return TaskProgram::answer(network, question, control);
    }

private:
    const std::shared_ptr<const PreparedData> m_data;
    const double m_mean, m_deviation;
    const at::Device m_device;
    const ScatterLook m_scatter;
    std::shared_ptr<const SamplePreview> m_samples; // of pictures
};

}

std::unique_ptr<TaskProgram> regressionProgram(const TaskContext& context)
{
    return std::make_unique<RegressionProgram>(context);
}

}
