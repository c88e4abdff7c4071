// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/torch/optim/optimizer.h"

namespace descent {

/// SGD, with momentum and Nesterov's. "On the importance of initialization and momentum in deep learning" (2013).
std::unique_ptr<Optimizer> makeSgd(const OptimizerOptions& options, std::vector<ParameterGroup> groups);
/// Adam: arXiv:1412.6980. AdamW: arXiv:1711.05101.
std::unique_ptr<Optimizer> makeAdam(const OptimizerOptions& options, std::vector<ParameterGroup> groups);
/// Adam that looks ahead by the momentum of the next step, which grows from half of beta1 to all of it.
/// "Incorporating Nesterov Momentum into Adam" (2016), with the momentum decay 0.004 of torch.optim.NAdam.
std::unique_ptr<Optimizer> makeNadam(const OptimizerOptions& options, std::vector<ParameterGroup> groups);
/// The gradient over the root of its mean square; centered: over its deviation.
/// Lecture 6.5 of "Neural Networks for Machine Learning" (2012); centered: arXiv:1308.0850
std::unique_ptr<Optimizer> makeRmsprop(const OptimizerOptions& options, std::vector<ParameterGroup> groups);
/// The gradient over the root of the sum of all its squares so far.
/// "Adaptive Subgradient Methods for Online Learning and Stochastic Optimization" (2011)
std::unique_ptr<Optimizer> makeAdagrad(const OptimizerOptions& options, std::vector<ParameterGroup> groups);
/// The sign of a mean of gradients: every weight moves by the rate. arXiv:2302.06675, algorithm 2.
std::unique_ptr<Optimizer> makeLion(const OptimizerOptions& options, std::vector<ParameterGroup> groups);
/// Momentum made orthogonal for hidden matrices, AdamW for everything else.
/// As torch.optim.Muon with Nesterov and adjust_lr_fn "match_rms_adamw" (arXiv:2502.16982): steps of both are of one size, so
/// one learning rate and one weight decay serve both. A convolution is the matrix [outChannels, all else].
/// "Muon: An optimizer for hidden layers in neural networks" (2024), https://kellerjordan.github.io/posts/muon/
std::unique_ptr<Optimizer> makeMuon(const OptimizerOptions& options, std::vector<ParameterGroup> groups);

}
