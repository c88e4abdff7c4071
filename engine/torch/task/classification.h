// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/torch/task/preview.h"
#include "engine/torch/task/task_program.h"
#include "engine/torch/train/options.h"

namespace descent {

/// Cross entropy in nats, mean over the batch, labels smoothed. logits float [batch, classes], classes int64 [batch].
/// "Rethinking the Inception Architecture for Computer Vision", section 7, arXiv:1512.00567
/// weights: float [classes] or undefined; with them the mean is weighted, as torch.nn.CrossEntropyLoss's.
at::Tensor crossEntropy(const at::Tensor& logits, const at::Tensor& classes, double labelSmoothing = 0, const at::Tensor& weights = {});

/// The same with each sample's part multiplied by (1 - p)^gamma, p the probability of its true class.
/// "Focal Loss for Dense Object Detection", equation 4, arXiv:1708.02002
at::Tensor focalLoss(const at::Tensor& logits, const at::Tensor& classes, double gamma, double labelSmoothing = 0,
                     const at::Tensor& weights = {});

/// Samples / (classes * samples of the class), measured on the training part; 0 for a class that does not occur there.
std::vector<float> balancedClassWeights(const PreparedData& data);

/// loss (cross entropy, labels as they are), accuracy, macro-f1 (mean over classes that occur), and with more than five
/// classes top5-accuracy.
class ClassificationJudge : public Judge {
public:
    ClassificationJudge(std::int64_t classes, at::Device device);
    void take(GraphNetwork& network, const Batch& batch) final { take(network.forward(batch.inputs), batch); }
    std::map<std::string, double> figures() override;

protected:
    virtual void take(const at::Tensor& outputs, const Batch& batch);

private:
    const std::int64_t m_classes;
    std::int64_t m_count = 0;
    at::Tensor m_loss;      // double scalar, sum
    at::Tensor m_confusion; // int64 [classes * classes], rows: truth
    at::Tensor m_top5;      // int64 scalar; undefined with five classes or fewer
};

/// One class of several for each sample: what pictures, tables and sentences have in common. Of samples that are mixed in
/// pairs, loss and accuracy are those to both classes, weighed as the samples are.
class ClassificationProgram : public TaskProgram {
public:
    explicit ClassificationProgram(const TaskContext& context);
    at::Tensor loss(const at::Tensor& outputs, const Batch& batch) const override;
    std::optional<std::pair<at::Tensor, at::Tensor>> lossAndGradient(const at::Tensor& outputs, const Batch& batch) const override; ///< of a plain cross entropy
    std::optional<double> lossWeight(const Batch& batch) const override;
    std::pair<std::string, at::Tensor> batchFigure(const at::Tensor& outputs, const Batch& batch) const override;
    std::unique_ptr<Judge> judge(const std::map<std::string, double>& chosen) const override;
    std::vector<LivePreview> previews() const override;
    /// RowsQuestion and PicturesQuestion: the probability of each class.
    Answer answer(GraphNetwork& network, const Question& question, const AskControl& control) const override;

private:
    at::Tensor loss(const at::Tensor& outputs, const at::Tensor& classes) const;

    const std::shared_ptr<const PreparedData> m_data;
    const std::int64_t m_classes;
    const at::Device m_device;
    const TrainingOptions m_options;
    at::Tensor m_weights; // float [classes], or undefined
    const std::shared_ptr<const SamplePreview> m_samples;
};

}
