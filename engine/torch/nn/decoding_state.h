// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <unordered_map>
#include <vector>

namespace descent {

class Operation;

/// What a network that reads or writes token after token keeps from one to the next, so that what was read already is not read
/// again: keys and values of causal and cross attention, states of recurrent layers that go forward. The texts stand along the
/// first size of every tensor. Layers that look at other steps in another way (pooling, convolutions) may only stand where
/// nothing that is being written comes in. Of one network, and stale once its weights have changed.
struct DecodingState {
    std::int64_t written = 0; ///< steps that have passed through the last input
    std::unordered_map<const Operation*, std::vector<at::Tensor>> kept;
    bool keepsAttention = false; ///< whether `attention` is wanted
    at::Tensor attention;        ///< of the last CrossAttention that ran, mean of its heads: float [batch, steps, steps read]
    void select(const at::Tensor& rows); ///< int64 [n] on the device: text i is from now on what text rows[i] was
};

}
