// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/backend/backend.h"
#include "engine/core/base/random.h"
#include "engine/torch/data/device_samples.h"
#include "engine/torch/nn/graph_network.h"

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace descent {

/// What a model is worth on some samples, taken in batch after batch.
class Judge {
public:
    virtual ~Judge() = default;
    /// Some more samples, on the device; without gradients, `network` in evaluation mode. Nothing should be read back.
    virtual void take(GraphNetwork& network, const Batch& batch) = 0;
    /// By MetricKind id, "loss" among them where it is measured; of no sample at all: an empty map. Reads the device.
    virtual std::map<std::string, double> figures() = 0;
};

/// Something to look at while a network learns.
struct LivePreview {
    std::chrono::milliseconds every; ///< at most so often
    std::function<Preview(GraphNetwork& network, std::int64_t step)> look;
};

/// A TaskKind with tensors: what is learnt from a batch, how a model is judged, what is shown of it while it learns.
/// Lives on the worker's thread, as long as the training.
class TaskProgram {
public:
    virtual ~TaskProgram() = default;
    /// What is made smaller: a float scalar, mean over the batch, with whatever options the recipe has for it.
    virtual at::Tensor loss(const at::Tensor& outputs, const Batch& batch) const = 0;
    /// The same with its gradient by `outputs`, to the bits that autograd would give, where the task can tell it without autograd.
    virtual std::optional<std::pair<at::Tensor, at::Tensor>> lossAndGradient(const at::Tensor&, const Batch&) const { return std::nullopt; }
    /// How much a batch's loss counts beside that of another batch of which the loss is the mean too: the number of samples or
    /// tokens that it is the mean of. None: the loss of a batch is not made of those of its parts.
    virtual std::optional<double> lossWeight(const Batch&) const { return std::nullopt; }
    /// A figure of the batch just learnt from, told a few times a second: its MetricKind id and a float scalar on the device.
    /// Undefined: none is worth it.
    virtual std::pair<std::string, at::Tensor> batchFigure(const at::Tensor&, const Batch&) const { return {}; }
    /// chosen: empty, or the figures on validation of the model that is judged, to keep to what was chosen there (a threshold).
    virtual std::unique_ptr<Judge> judge(const std::map<std::string, double>& chosen) const = 0;
    virtual std::vector<LivePreview> previews() const { return {}; }
    /// A training batch changed at random before it is learnt from, in ways that its targets follow.
    virtual Batch augmented(Batch batch, Random&) const { return batch; }
    /// What a finished run's network says to a question of this task; see Model. Throws std::invalid_argument for another's.
    virtual Answer answer(GraphNetwork& network, const Question& question, const AskControl& control) const;
};

struct TaskContext {
    const TrainingRequest& request;
    const DeviceSamples& trainSamples;
    at::Device device;
};

/// The program of request.task. Throws std::invalid_argument for a task without one.
/// Adding one is a file in this folder and the line in task_programs.cpp that names it.
std::unique_ptr<TaskProgram> makeTaskProgram(const TaskContext& context);

}
