// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/base/text.h"

#include <cstdint>
#include <optional>
#include <vector>

namespace descent {

/// What of a training decides whether a step can be recorded.
struct CaptureConditions {
    bool onGpu = false, wanted = true;
    bool severalProcesses = false; ///< they meet within a backward pass
    bool scalesLoss = false;       ///< by a factor that the host changes
    bool mixesPictures = false;    ///< in shares that the host draws anew for every batch
    bool accumulates = false;      ///< losses are weighed by what the host reads of each batch
    bool operator==(const CaptureConditions&) const = default;
};
/// A recorded step repeats whatever numbers the host put into it.
bool canBeCaptured(const CaptureConditions& conditions);
/// What of these is in the way on a GPU where it is wanted, for a person; none: nothing.
std::optional<Text> obstacleTo(const CaptureConditions& conditions);

/// In which way the next step is made: plain values, nothing of a GPU.
class CapturePlan {
public:
    enum class Way { eager, warmUp, capture, replay };
    using Sizes = std::vector<std::vector<std::int64_t>>; ///< of a batch's tensors
    static constexpr int warmUpSteps = 3; ///< in a row with batches of the same sizes, as torch.cuda.make_graphed_callables has it

    /// capture comes once; from then on batches of those sizes are replayed, others go eagerly.
    Way next(const Sizes& sizes);
    void giveUp() { m_gaveUp = true; } ///< all steps from now on are eager

private:
    Sizes m_sizes; // of the last batch until one was captured, then of that
    int m_warm = 0;
    bool m_captured = false, m_gaveUp = false;
};

}
