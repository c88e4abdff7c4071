// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/fuzz/harness.h"

namespace descent {

void readDamaged(std::span<const std::byte> input)
{
    const auto whole = fuzz::corpusFile("pictures/whole.png");
    fuzz::promise(fuzz::loadDataset("image-folder", {{"train/a/damaged.jpg", input}, {"train/b/whole.png", whole}}),
                  "a damaged picture beside a whole one is not fatal");
    fuzz::loadDataset("image-folder", {{"a/damaged.png", input}}, {{"size", std::int64_t{8}}});
}

}
