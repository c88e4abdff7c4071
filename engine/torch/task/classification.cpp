// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/torch/task/classification.h"

#include "engine/torch/task/sample_answers.h"

#include <ATen/ATen.h>
#include <ATen/core/LegacyTypeDispatch.h>
#include <torch/utils.h>

namespace descent {

namespace {

using namespace std::chrono_literals;

}

at::Tensor crossEntropy(const at::Tensor& logits, const at::Tensor& classes, double labelSmoothing, const at::Tensor& weights)
{
    return at::cross_entropy_loss(logits, classes, weights, at::Reduction::Mean, -100, labelSmoothing);
}

at::Tensor focalLoss(const at::Tensor& logits, const at::Tensor& classes, double gamma, double labelSmoothing, const at::Tensor& weights)
{
    const at::Tensor each = at::cross_entropy_loss(logits, classes, weights, at::Reduction::None, -100, labelSmoothing);
    const at::Tensor likely = logits.log_softmax(1).gather(1, classes.unsqueeze(1)).squeeze(1).exp();
    // Rounding can put p a hair above 1, and a power of a negative number has no gradient.
    const at::Tensor focused = (1 - likely).clamp_min(1e-7).pow(gamma) * each;
    return weights.defined() ? focused.sum() / weights.index_select(0, classes).sum() : focused.mean();
}

std::vector<float> balancedClassWeights(const PreparedData& data)
{
    const Targets& targets = data.dataset->train.targets;
    std::vector<std::int64_t> counts(targets.classNames.size());
    for (const std::int64_t row : data.split.train)
        ++counts[static_cast<std::size_t>(targets.classes[static_cast<std::size_t>(row)])];
    std::vector<float> weights;
    for (const std::int64_t count : counts)
        weights.push_back(count == 0 ? 0.0F
                                     : static_cast<float>(static_cast<double>(data.split.train.size())
                                                          / (static_cast<double>(counts.size()) * static_cast<double>(count))));
    return weights;
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
    : m_data{context.request.data},
      m_classes{m_data->brief.outputs},
      m_device{context.device},
      m_options{trainingOptions(context.request.recipe.training)},
      m_samples{std::make_shared<SamplePreview>(m_data, context.trainSamples)}
{
    if (m_options.weighClasses) {
        std::vector<float> weights = balancedClassWeights(*m_data);
        m_weights = at::from_blob(weights.data(), {m_classes}, at::kFloat).clone().to(m_device);
    }
}

at::Tensor ClassificationProgram::loss(const at::Tensor& outputs, const at::Tensor& classes) const
{
    return m_options.focalGamma > 0 ? focalLoss(outputs, classes, m_options.focalGamma, m_options.labelSmoothing, m_weights)
                                    : crossEntropy(outputs, classes, m_options.labelSmoothing, m_weights);
}

at::Tensor ClassificationProgram::loss(const at::Tensor& outputs, const Batch& batch) const
{
    if (!batch.otherTargets.defined())
        return loss(outputs, batch.targets);
    return loss(outputs, batch.targets) * batch.share + loss(outputs, batch.otherTargets) * (1 - batch.share);
}

std::optional<std::pair<at::Tensor, at::Tensor>> ClassificationProgram::lossAndGradient(const at::Tensor& outputs, const Batch& batch) const
{
    if (batch.otherTargets.defined() || m_options.focalGamma > 0 || m_options.labelSmoothing > 0)
        return std::nullopt;
    const at::AutoDispatchBelowADInplaceOrView guard; // what autograd would call
    const at::Tensor likely = at::_log_softmax(outputs, 1, false);
    auto [loss, weight] = at::nll_loss_forward(likely, batch.targets, m_weights, at::Reduction::Mean, -100);
    const at::Tensor slope = at::nll_loss_backward(at::ones_like(loss), likely, batch.targets, m_weights, at::Reduction::Mean, -100, weight);
    return std::pair{std::move(loss), at::_log_softmax_backward_data(slope, likely, 1, outputs.scalar_type())};
}

std::optional<double> ClassificationProgram::lossWeight(const Batch& batch) const
{
    if (m_weights.defined() && batch.otherTargets.defined())
        return std::nullopt; // two means of unlike weights
    return m_weights.defined() ? m_weights.index_select(0, batch.targets).sum().item<double>() : static_cast<double>(batch.size());
}

std::pair<std::string, at::Tensor> ClassificationProgram::batchFigure(const at::Tensor& outputs, const Batch& batch) const
{
    const at::Tensor predictions = outputs.argmax(1), right = (predictions == batch.targets).to(at::kFloat).mean();
    if (!batch.otherTargets.defined())
        return {"accuracy", right};
    return {"accuracy", right * batch.share + (predictions == batch.otherTargets).to(at::kFloat).mean() * (1 - batch.share)};
}

std::unique_ptr<Judge> ClassificationProgram::judge(const std::map<std::string, double>&) const
{
    return std::make_unique<ClassificationJudge>(m_classes, m_device);
}

std::vector<LivePreview> ClassificationProgram::previews() const
{
    return {{500ms, [samples = m_samples](GraphNetwork& network, std::int64_t step) -> Preview { return samples->look(network, step); }}};
}

Answer ClassificationProgram::answer(GraphNetwork& network, const Question& question, const AskControl& control) const
{
    if (auto answer = answerOfSamples(network, *m_data, question, m_device, control, [](const at::Tensor& outputs) { return outputs.softmax(1); }))
        return std::move(*answer);
    return TaskProgram::answer(network, question, control);
}

}
