// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <ATen/core/Tensor.h>

namespace descent {

/// Each picture finds its caption among those of the batch, and each caption its picture: mean of both cross entropies, in nats.
/// Equal captions share a picture's target evenly, for all of them are right.
/// pictures, texts  float [batch, width], of length 1
/// captions         int64 [batch]: equal numbers for equal captions
/// temperature      above 0; fixed here, where the paper learns it
/// "Learning Transferable Visual Models From Natural Language Supervision" (2021), figure 3, arXiv:2103.00020
at::Tensor contrastiveLoss(const at::Tensor& pictures, const at::Tensor& texts, const at::Tensor& captions, double temperature);

/// How many texts are nearer to each picture than its own; those with an equal caption do not count. Swap pictures and texts for
/// the other way. int64 [count]
at::Tensor ranksOfOwn(const at::Tensor& pictures, const at::Tensor& texts, const at::Tensor& captions);

}
