// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/network/network_spec.h"
#include "engine/torch/nn/decoding_state.h"
#include "engine/torch/nn/synchronized_batch_norm.h"

#include <ATen/core/Generator.h>
#include <ATen/core/Tensor.h>
#include <torch/nn/module.h>

#include <functional>
#include <memory>
#include <span>
#include <string>
#include <vector>

namespace descent {

/// What a pass through the network has beside the inputs of a layer.
struct Pass {
    bool training = false;
    at::Generator& generator; ///< of dropout, on the device of the inputs
    at::Tensor padding;       ///< of the layer's first input: bool [batch, steps], true where a step is padding; undefined: none is
    at::Tensor otherPadding;  ///< of its second input
    DecodingState* decoding = nullptr; ///< null: all steps are there at once
    SharedStatistics* statistics = nullptr; ///< of a batch that is shared among processes; null: it is all here
};

/// One layer ready to run. Its tensors are shared with the module they are registered in.
class Operation {
public:
    virtual ~Operation() = default;
    /// inputs: float [batch, …shape] in the order of the layer's inputs; the value may share memory with them.
    virtual at::Tensor run(std::span<const at::Tensor* const> inputs, const Pass& pass) = 0;
};

/// Where a layer is made.
struct OperationSite {
    /// The module of this layer's name; made, with its parents, when first asked for.
    std::function<class LayerModule&()> module;
    std::function<class LayerModule&(const std::string& name)> moduleNamed; ///< of another layer, made before
    at::Generator& generator; ///< of fresh weights
    Initialization initialization = Initialization::torchDefault;
    bool mayOverwrite = false; ///< nobody else reads the input, and its own backward does not need it
};

/// Holds the tensors of one layer, or stands for a dot in a name.
class LayerModule : public torch::nn::Module {
public:
    using Module::register_buffer;
    using Module::register_parameter;
};

// One a layer: a new kind of layer that is forgotten here does not compile.
std::unique_ptr<Operation> operationOf(const layer::Conv2d& layer, OperationSite& site);
std::unique_ptr<Operation> operationOf(const layer::PatchWhitening& layer, OperationSite& site);
std::unique_ptr<Operation> operationOf(const layer::Linear& layer, OperationSite& site);
std::unique_ptr<Operation> operationOf(const layer::BatchNorm& layer, OperationSite& site);
std::unique_ptr<Operation> operationOf(const layer::Activation& layer, OperationSite& site);
std::unique_ptr<Operation> operationOf(const layer::MaxPool2d& layer, OperationSite& site);
std::unique_ptr<Operation> operationOf(const layer::AvgPool2d& layer, OperationSite& site);
std::unique_ptr<Operation> operationOf(const layer::AdaptiveAvgPool2d& layer, OperationSite& site);
std::unique_ptr<Operation> operationOf(const layer::UpsampleTo& layer, OperationSite& site);
std::unique_ptr<Operation> operationOf(const layer::Flatten& layer, OperationSite& site);
std::unique_ptr<Operation> operationOf(const layer::Dropout& layer, OperationSite& site);
std::unique_ptr<Operation> operationOf(const layer::Add& layer, OperationSite& site);
std::unique_ptr<Operation> operationOf(const layer::LayerNorm& layer, OperationSite& site);
std::unique_ptr<Operation> operationOf(const layer::LayerScale& layer, OperationSite& site);
std::unique_ptr<Operation> operationOf(const layer::Tokens& layer, OperationSite& site);
std::unique_ptr<Operation> operationOf(const layer::FeatureTokens& layer, OperationSite& site);
std::unique_ptr<Operation> operationOf(const layer::ClassToken& layer, OperationSite& site);
std::unique_ptr<Operation> operationOf(const layer::Embedding& layer, OperationSite& site);
std::unique_ptr<Operation> operationOf(const layer::PositionEmbedding& layer, OperationSite& site);
std::unique_ptr<Operation> operationOf(const layer::SelfAttention& layer, OperationSite& site);
std::unique_ptr<Operation> operationOf(const layer::Recurrent& layer, OperationSite& site);
std::unique_ptr<Operation> operationOf(const layer::Conv1d& layer, OperationSite& site);
std::unique_ptr<Operation> operationOf(const layer::SequencePool& layer, OperationSite& site);
std::unique_ptr<Operation> operationOf(const layer::Concat& layer, OperationSite& site);
std::unique_ptr<Operation> operationOf(const layer::FirstFeatures& layer, OperationSite& site);
std::unique_ptr<Operation> operationOf(const layer::Transpose& layer, OperationSite& site);
std::unique_ptr<Operation> operationOf(const layer::Unflatten& layer, OperationSite& site);
std::unique_ptr<Operation> operationOf(const layer::MovingAverage& layer, OperationSite& site);
std::unique_ptr<Operation> operationOf(const layer::Subtract& layer, OperationSite& site);
std::unique_ptr<Operation> operationOf(const layer::WindowNorm& layer, OperationSite& site);
std::unique_ptr<Operation> operationOf(const layer::WindowRestore& layer, OperationSite& site);
std::unique_ptr<Operation> operationOf(const layer::Patches& layer, OperationSite& site);
std::unique_ptr<Operation> operationOf(const layer::JoinColumns& layer, OperationSite& site);
std::unique_ptr<Operation> operationOf(const layer::CrossAttention& layer, OperationSite& site);
std::unique_ptr<Operation> operationOf(const layer::TiedLinear& layer, OperationSite& site);
std::unique_ptr<Operation> operationOf(const layer::Multiply& layer, OperationSite& site);
std::unique_ptr<Operation> operationOf(const layer::UnitLength& layer, OperationSite& site);
std::unique_ptr<Operation> operationOf(const layer::CosineLinear& layer, OperationSite& site);
std::unique_ptr<Operation> operationOf(const layer::Stack& layer, OperationSite& site);

/// An operation without tensors of its own, as a function of its first input.
std::unique_ptr<Operation> operationFrom(std::function<at::Tensor(const at::Tensor& x, const Pass& pass)> function);

/// An activation of x, in place where that is allowed and the function has such a form.
at::Tensor activated(layer::Activation::Function function, const at::Tensor& x, bool inPlace);

/// A fresh weight of `sizes`: as torch.nn (Kaiming uniform with a = sqrt(5), which comes to 1 / sqrt(fanIn), for weights and
/// biases alike), or normal with deviation 0.02.
at::Tensor freshWeight(at::IntArrayRef sizes, std::int64_t fanIn, const OperationSite& site);
/// The same for a bias; zeros under Initialization::transformer.
at::Tensor freshBias(std::int64_t size, std::int64_t fanIn, const OperationSite& site);

/// x with a share of its values left out and the rest made larger to match. "Dropout", arXiv:1207.0580
at::Tensor droppedOut(const at::Tensor& x, double probability, const Pass& pass);

}
