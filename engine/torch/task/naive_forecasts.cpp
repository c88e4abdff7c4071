// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/torch/task/naive_forecasts.h"

#include <ATen/ATen.h>

namespace descent {

at::Tensor repeatedLast(const at::Tensor& window, std::int64_t horizon, std::int64_t targets)
{
    return window.narrow(2, 0, targets).narrow(1, window.size(1) - 1, 1).expand({-1, horizon, -1});
}

at::Tensor repeatedSeason(const at::Tensor& window, std::int64_t horizon, std::int64_t targets, std::int64_t season)
{
    const std::int64_t steps = window.size(1);
    if (season < 1 || season > steps)
        return {};
    const at::Tensor ahead = at::arange(horizon, at::TensorOptions{at::kLong}.device(window.device()));
    return window.narrow(2, 0, targets).index_select(1, ahead.remainder(season) + (steps - season));
}

}
