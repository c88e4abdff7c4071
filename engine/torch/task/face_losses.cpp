// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/torch/task/face_losses.h"

#include <ATen/ATen.h>
#include <cmath>
#include <numbers>

namespace descent {

at::Tensor arcFaceLoss(const at::Tensor& cosines, const at::Tensor& people, double margin, double scale)
{
    if (margin == 0)
        return at::cross_entropy_loss(cosines * scale, people);
    const at::Tensor places = people.unsqueeze(1);
    // The arc cosine has no slope at -1 and 1.
    const at::Tensor own = cosines.gather(1, places).clamp(-1 + 1e-6, 1 - 1e-6);
    const at::Tensor sine = (1 - own * own).sqrt();
    const at::Tensor wider = own * std::cos(margin) - sine * std::sin(margin); // cos(angle + margin)
    const at::Tensor beyond = own - margin * std::sin(margin);
    const at::Tensor made = at::where(own > std::cos(std::numbers::pi - margin), wider, beyond);
    return at::cross_entropy_loss(cosines.scatter(1, places, made) * scale, people);
}

at::Tensor hardestTripletLoss(const at::Tensor& embeddings, const at::Tensor& people, double margin)
{
    // Of vectors of length 1; a square root has no slope at 0, where a picture meets itself.
    const at::Tensor distances = (2 - 2 * embeddings.mm(embeddings.t())).clamp_min(1e-8).sqrt();
    const at::Tensor same = people.unsqueeze(0) == people.unsqueeze(1);
    const at::Tensor itself = at::eye(people.size(0), same.options());
    const at::Tensor mates = same.logical_and(itself.logical_not());
    const at::Tensor farthest = std::get<0>(distances.masked_fill(mates.logical_not(), -1).max(1));
    const at::Tensor nearest = std::get<0>(distances.masked_fill(same, 4).min(1));
    const at::Tensor counts = mates.any(1).logical_and(same.logical_not().any(1)).to(embeddings.scalar_type());
    const at::Tensor each = (farthest - nearest + margin).clamp_min(0) * counts;
    return each.sum() / counts.sum().clamp_min(1);
}

}
