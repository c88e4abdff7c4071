// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/torch/task/preview.h"
#include "engine/torch/task/task_program.h"

#include <ATen/ATen.h>
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
    void take(GraphNetwork& network, const Batch& batch) override
    {
        const at::Tensor truth = batch.targets.to(at::kDouble), error = network.forward(batch.inputs).squeeze(1).to(at::kDouble) - truth;
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

class RegressionProgram : public TaskProgram {
public:
    explicit RegressionProgram(const TaskContext& context)
        : m_deviation{context.request.data->targetDeviation},
          m_device{context.device},
          m_samples{std::make_shared<SamplePreview>(context.request.data, context.trainSamples)}
    {
    }
    at::Tensor loss(const at::Tensor& outputs, const Batch& batch) const override
    {
        return at::mse_loss(outputs.squeeze(1), batch.targets);
    }
    std::unique_ptr<Judge> judge(const std::map<std::string, double>&) const override
    {
        return std::make_unique<RegressionJudge>(m_deviation, m_device);
    }
    std::vector<LivePreview> previews() const override
    {
        return {{500ms, [samples = m_samples](GraphNetwork& network, std::int64_t step) -> Preview { return samples->look(network, step); }}};
    }

private:
    const double m_deviation;
    const at::Device m_device;
    const std::shared_ptr<const SamplePreview> m_samples;
};

}

std::unique_ptr<TaskProgram> regressionProgram(const TaskContext& context)
{
    return std::make_unique<RegressionProgram>(context);
}

}
