// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/fuzz/harness.h"

namespace descent {

void readDamaged(std::span<const std::byte> input)
{
    fuzz::readPicture(input);
    fuzz::promise(
        fuzz::loadDataset("image-folder", {{"a/damaged.jpg", input}, {"b/whole.png", fuzz::corpusFile("png/colour.png")}}),
        "a damaged picture beside a whole one is not fatal");
}

}
