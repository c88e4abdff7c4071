// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>

namespace descent {

// What a forecast has to beat. window: float [batch, steps, features], the columns to forecast first.

/// The last value, again and again: float [batch, horizon, targets].
at::Tensor repeatedLast(const at::Tensor& window, std::int64_t horizon, std::int64_t targets);

/// The last season, again and again: float [batch, horizon, targets]; undefined where the window is shorter than a season, or
/// there is none (0).
at::Tensor repeatedSeason(const at::Tensor& window, std::int64_t horizon, std::int64_t targets, std::int64_t season);

}
