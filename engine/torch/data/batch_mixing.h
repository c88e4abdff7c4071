// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/base/random.h"
#include "engine/core/schema/parameter_schema.h"
#include "engine/torch/data/device_samples.h"

namespace descent {

/// How the pictures of a training batch are mixed with each other and hidden in part.
struct MixingOptions {
    double mixup = 0, cutmix = 0; ///< alpha of the Beta(alpha, alpha) that the shares are drawn from; 0: not done
    double erasing = 0;           ///< probability that a part of a picture is hidden
    bool any() const { return mixup > 0 || cutmix > 0 || erasing > 0; }
    bool operator==(const MixingOptions&) const = default;
};
MixingOptions mixingOptions(const Parameters& training);

/// Changes a batch of pictures, float [batch, channels, height, width] as its first input; the batch it is given stays as it is.
/// mixup: all of a picture and of another one, share and rest. "mixup: Beyond Empirical Risk Minimization", arXiv:1710.09412
/// cutmix: one rectangle of all pictures comes from another one; the share is that of the pixels. arXiv:1905.04899
/// With both, each batch has one of them, at even odds. The other's targets become Batch::otherTargets.
/// erasing: a rectangle of 2 to 33 % of a picture, 3:10 to 10:3, becomes 0, the mean. "Random Erasing Data Augmentation",
/// arXiv:1708.04896, as torchvision.transforms.RandomErasing.
Batch mixed(Batch batch, const MixingOptions& options, Random& random);

/// From Beta(alpha, alpha), alpha above 0.
double drawnShare(double alpha, Random& random);

}
