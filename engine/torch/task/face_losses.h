// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <ATen/core/Tensor.h>

namespace descent {

/// Cross entropy of scaled cosines where the angle to the right person is made wider by `margin` first, so that it must be
/// narrower than all others by as much. Beyond pi - margin, where a wider angle would count as a nearer one, the cosine falls on
/// evenly instead.
/// cosines  float [batch, people]
/// people   int64 [batch], each in [0, people)
/// margin   radians, from 0 (a plain softmax over cosines); scale above 0
/// returns  float scalar, mean over the batch, in nats
/// "ArcFace: Additive Angular Margin Loss for Deep Face Recognition" (2019), equation 3, arXiv:1801.07698
at::Tensor arcFaceLoss(const at::Tensor& cosines, const at::Tensor& people, double margin, double scale);

/// By how much the farthest picture of the same person is nearer than the nearest of another, short of `margin`; mean over
/// those that have both in the batch, 0 when none has. Distances are Euclidean.
/// embeddings  float [batch, width], of length 1
/// people      int64 [batch]
/// "FaceNet: A Unified Embedding for Face Recognition and Clustering" (2015), equation 2, arXiv:1503.03832, on the hardest of
/// each batch: "In Defense of the Triplet Loss for Person Re-Identification" (2017), equation 5, arXiv:1703.07737
at::Tensor hardestTripletLoss(const at::Tensor& embeddings, const at::Tensor& people, double margin);

}
