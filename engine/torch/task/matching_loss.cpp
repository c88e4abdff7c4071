// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/torch/task/matching_loss.h"

#include <ATen/ATen.h>
#include <algorithm>

namespace descent {

at::Tensor contrastiveLoss(const at::Tensor& pictures, const at::Tensor& texts, const at::Tensor& captions, double temperature)
{
    const at::Tensor logits = pictures.mm(texts.t()) / temperature;
    const at::Tensor equal = (captions.unsqueeze(0) == captions.unsqueeze(1)).to(logits.scalar_type());
    const at::Tensor targets = equal / equal.sum(1, true);
    return (at::cross_entropy_loss(logits, targets) + at::cross_entropy_loss(logits.t(), targets)) / 2;
}

at::Tensor ranksOfOwn(const at::Tensor& pictures, const at::Tensor& texts, const at::Tensor& captions)
{
    constexpr std::int64_t atOnce = 512; // all scores of a large part would not fit
    std::vector<at::Tensor> ranks;
    for (std::int64_t from = 0; from < pictures.size(0); from += atOnce) {
        const std::int64_t count = std::min(atOnce, pictures.size(0) - from);
        const at::Tensor scores = pictures.narrow(0, from, count).mm(texts.t());
        const at::Tensor own = (pictures.narrow(0, from, count) * texts.narrow(0, from, count)).sum(1, true);
        const at::Tensor others = captions.narrow(0, from, count).unsqueeze(1) != captions.unsqueeze(0);
        ranks.push_back((scores > own).logical_and(others).sum(1));
    }
    return at::cat(ranks);
}

}
