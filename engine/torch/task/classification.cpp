// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/torch/task/classification.h"

#include "engine/torch/train/options.h"

#include <ATen/ATen.h>
#include <torch/utils.h>

namespace descent {

namespace {

using namespace std::chrono_literals;

}

at::Tensor crossEntropy(const at::Tensor& logits, const at::Tensor& classes, double labelSmoothing)
{
    return at::cross_entropy_loss(logits, classes, {}, at::Reduction::Mean, -100, labelSmoothing);
}

ClassificationJudge::ClassificationJudge(std::int64_t classes, at::Device device)
    : m_classes{classes},
      m_loss{at::zeros({}, at::TensorOptions{at::kDouble}.device(device))},
      m_confusion{at::zeros({classes * classes}, at::TensorOptions{at::kLong}.device(device))}
{
    if (classes > 5)
        m_top5 = at::zeros({}, at::TensorOptions{at::kLong}.device(device));
}

void ClassificationJudge::take(const at::Tensor& outputs, const Batch& batch)
{
    const std::int64_t size = batch.targets.size(0);
    m_count += size;
    m_loss += crossEntropy(outputs, batch.targets) * static_cast<double>(size);
    m_confusion += at::bincount(batch.targets * m_classes + outputs.argmax(1), {}, m_classes * m_classes);
    if (m_top5.defined())
        m_top5 += (std::get<1>(outputs.topk(5, 1)) == batch.targets.unsqueeze(1)).sum();
}

std::map<std::string, double> ClassificationJudge::figures()
{
    if (m_count == 0)
        return {};
    const auto count = static_cast<double>(m_count);
    const at::Tensor confusion = m_confusion.view({m_classes, m_classes}).to(at::kCPU).to(at::kDouble);
    const at::Tensor right = confusion.diagonal(), truths = confusion.sum(1), predictions = confusion.sum(0);
    const at::Tensor occurring = (truths + predictions) > 0;
    const at::Tensor f1 = 2 * right / (truths + predictions).clamp_min(1);
    std::map<std::string, double> figures{{"loss", m_loss.item<double>() / count},
                                          {"accuracy", right.sum().item<double>() / count},
                                          {"macro-f1", f1.masked_select(occurring).mean().item<double>()}};
    if (m_top5.defined())
        figures["top5-accuracy"] = static_cast<double>(m_top5.item<std::int64_t>()) / count;
    return figures;
}

ClassificationProgram::ClassificationProgram(const TaskContext& context)
    : m_classes{context.request.data->outputCount()},
      m_device{context.device},
      m_labelSmoothing{trainingOptions(context.request.recipe.training).labelSmoothing},
      m_samples{std::make_shared<SamplePreview>(context.request.data, context.trainSamples)}
{
}

at::Tensor ClassificationProgram::loss(const at::Tensor& outputs, const Batch& batch) const
{
    return crossEntropy(outputs, batch.targets, m_labelSmoothing);
}

std::pair<std::string, at::Tensor> ClassificationProgram::batchFigure(const at::Tensor& outputs, const Batch& batch) const
{
    return {"accuracy", (outputs.argmax(1) == batch.targets).to(at::kFloat).mean()};
}

std::unique_ptr<Judge> ClassificationProgram::judge() const
{
    return std::make_unique<ClassificationJudge>(m_classes, m_device);
}

std::vector<LivePreview> ClassificationProgram::previews() const
{
    return {{500ms, [samples = m_samples](GraphNetwork& network, std::int64_t step) -> Preview { return samples->look(network, step); }}};
}

}
