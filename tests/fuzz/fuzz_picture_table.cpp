// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/fuzz/harness.h"

namespace descent {

void readDamaged(std::span<const std::byte> input)
{
    const auto picture = fuzz::corpusFile("pictures/whole.png");
    fuzz::loadDataset("picture-table", {{"table.csv", input}, {"a.png", picture}, {"b.png", picture}, {"images/c.png", picture}});
}

}
