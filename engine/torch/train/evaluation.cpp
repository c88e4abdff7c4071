// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/torch/train/evaluation.h"

#include <ATen/ATen.h>
#include <algorithm>
#include <torch/utils.h>

namespace descent {

namespace {

/// Without gradients a batch needs little memory; larger ones keep the device busy, smaller ones the cache warm.
constexpr std::int64_t evaluationBatch = 256;
constexpr std::int64_t valuesPerBatch = 32 << 20; // for large pictures

std::map<std::string, double> classificationMetrics(const at::Tensor& confusionTensor, double loss, double count)
{
    const at::Tensor confusion = confusionTensor.to(at::kCPU).to(at::kDouble); // rows: truth; columns: prediction
    const at::Tensor right = confusion.diagonal(), truths = confusion.sum(1), predictions = confusion.sum(0);
    const at::Tensor occurring = (truths + predictions) > 0;
    const at::Tensor f1 = 2 * right / (truths + predictions).clamp_min(1);
    return {{"loss", loss / count},
            {"accuracy", right.sum().item<double>() / count},
            {"macro-f1", f1.masked_select(occurring).mean().item<double>()}};
}

}

at::Tensor lossOf(const at::Tensor& outputs, const at::Tensor& targets, double labelSmoothing)
{
    if (targets.scalar_type() == at::kLong)
        return at::cross_entropy_loss(outputs, targets, {}, at::Reduction::Mean, -100, labelSmoothing);
    return at::mse_loss(outputs.squeeze(1), targets);
}

std::map<std::string, double> evaluate(GraphNetwork& network, const ResidentSamples& samples,
                                       const std::vector<std::int64_t>& rows, const PreparedData& data,
                                       const std::function<bool()>& interrupted)
{
    const torch::NoGradGuard guard;
    const bool wasTraining = network.is_training();
    network.eval();
    const at::Device device = samples.device();
    const std::int64_t classes = data.outputCount(), count = static_cast<std::int64_t>(rows.size());
    const std::int64_t perSample = std::max<std::int64_t>(1, samples.preparedBytes(1) / 4);
    const std::int64_t batchSize = std::clamp<std::int64_t>(valuesPerBatch / perSample, 1, evaluationBatch);
    const at::TensorOptions wide = at::TensorOptions{at::kDouble}.device(device);
    at::Tensor lossSum = at::zeros({}, wide), absolute = at::zeros({}, wide), sum = at::zeros({}, wide),
               squares = at::zeros({}, wide);
    at::Tensor confusion = at::zeros({classes * classes}, at::TensorOptions{at::kLong}.device(device));
    bool stopped = false;
    for (std::int64_t start = 0; start < count && !stopped; start += batchSize) {
        const std::int64_t size = std::min(batchSize, count - start);
        const at::Tensor batchRows = at::from_blob(const_cast<std::int64_t*>(rows.data()) + start, {size}, at::kLong).to(device);
        const Batch batch = samples.gather(batchRows);
        const at::Tensor outputs = network.forward(batch.inputs);
        lossSum += lossOf(outputs, batch.targets, 0) * static_cast<double>(size);
        if (data.isClassification()) {
            confusion += at::bincount(batch.targets * classes + outputs.argmax(1), {}, classes * classes);
        } else {
            const at::Tensor truth = batch.targets.to(at::kDouble);
            absolute += (outputs.squeeze(1).to(at::kDouble) - truth).abs().sum();
            sum += truth.sum();
            squares += truth.square().sum();
        }
        stopped = interrupted && interrupted();
    }
    network.train(wasTraining);
    if (stopped || count == 0)
        return {};
    const double n = static_cast<double>(count), loss = lossSum.item<double>();
    if (data.isClassification())
        return classificationMetrics(confusion.view({classes, classes}), loss, n);
    // Standardising is linear: R2 is the same in both units, the absolute error is scaled back.
    const double total = squares.item<double>() - sum.item<double>() * sum.item<double>() / n;
    return {{"loss", loss / n},
            {"mae", absolute.item<double>() / n * data.targetDeviation},
            {"r2", total > 0 ? 1 - loss / total : 0.0}};
}

}
