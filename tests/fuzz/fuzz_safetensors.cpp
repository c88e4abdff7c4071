// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/fuzz/harness.h"

#include "engine/core/checkpoint/safetensors.h"

#include <algorithm>

namespace descent {

void readDamaged(std::span<const std::byte> input)
{
    const auto view = readSafetensors(input);
    fuzz::checkProblems(view.problems, !view);
    if (!view)
        return;
    const std::vector<std::byte> written = writeSafetensors(view->tensors, view->metadata);
    const auto again = readSafetensors(written);
    fuzz::promise(again && again->metadata == view->metadata
                      && std::ranges::equal(again->tensors, view->tensors,
                                            [](const StoredTensor& a, const StoredTensor& b) {
                                                return a.name == b.name && a.dtype == b.dtype && a.shape == b.shape
                                                    && std::ranges::equal(a.bytes, b.bytes);
                                            }),
                  "what was read is written and read the same");
}

}
