// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/fuzz/harness.h"

namespace descent {

void readDamaged(std::span<const std::byte> input)
{
    const auto picture = fuzz::corpusFile("pictures/whole.png"), whole = fuzz::corpusFile("voc/a-cat-and-a-dog.xml");
    const std::vector<fuzz::File> beside{
        {"JPEGImages/a.png", picture}, {"JPEGImages/b.png", picture}, {"Annotations/b.xml", whole}};
    auto files = beside;
    files.push_back({"Annotations/a.xml", input});
    fuzz::promise(fuzz::loadDataset("voc", files), "a damaged annotation beside a whole one is not fatal");
    files = beside;
    files.push_back({"ImageSets/Main/train.txt", input});
    fuzz::loadDataset("voc", files, {{"size", std::int64_t{32}}});
}

}
