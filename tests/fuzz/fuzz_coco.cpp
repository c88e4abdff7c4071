// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/fuzz/harness.h"

namespace descent {

void readDamaged(std::span<const std::byte> input)
{
    const auto picture = fuzz::corpusFile("pictures/whole.png"), whole = fuzz::corpusFile("coco/two-boxes.json");
    fuzz::loadDataset("coco", {{"boxes.json", input}, {"a.png", picture}, {"b.png", picture}}, {{"path", "boxes.json"}});
    fuzz::loadDataset("coco",
                      {{"train/_annotations.coco.json", whole},
                       {"train/a.png", picture},
                       {"test/_annotations.coco.json", input},
                       {"test/a.png", picture}});
}

}
