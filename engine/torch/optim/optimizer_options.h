// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

namespace descent {

/// What a recipe says of its optimizer. Meanings are those of torch.optim; what a kind does not know it does not read.
struct OptimizerOptions {
    enum class Kind { sgd, adam, adamw, nadam, rmsprop, adagrad, lion, muon } kind = Kind::adamw;
    double momentum = 0; ///< sgd, rmsprop, muon
    bool nesterov = false; ///< sgd; Muon always looks ahead
    double weightDecay = 0; ///< apart from the gradient in adamw, lion and muon, added to it in the others
    bool decayMatricesOnly = false; ///< parameters of one size or none (biases, factors of norms) are not decayed
    double beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8;
    double smoothing = 0.99; ///< rmsprop: torch's alpha
    bool centered = false; ///< rmsprop
    bool operator==(const OptimizerOptions&) const = default;
};

}
