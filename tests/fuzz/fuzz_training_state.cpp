// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/fuzz/harness.h"

#include "engine/core/checkpoint/training_state.h"

namespace descent {

void readDamaged(std::span<const std::byte> input)
{
    const auto state = trainingStateFromJson({reinterpret_cast<const char*>(input.data()), input.size()});
    fuzz::checkProblems(state.problems, !state);
    if (!state)
        return;
    const auto again = trainingStateFromJson(toJson(*state));
    fuzz::promise(again && toJson(*again) == toJson(*state), "what was read is written and read the same");
}

}
