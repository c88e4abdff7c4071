// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/fuzz/harness.h"

namespace descent {

void readDamaged(std::span<const std::byte> input)
{
    const auto whole = fuzz::corpusFile("cifar/one-record-of-10-classes");
    fuzz::promise(fuzz::loadDataset("cifar-binary", {{"data_batch_1.bin", input}, {"data_batch_2.bin", whole}}),
                  "a damaged batch beside a whole one is not fatal");
    fuzz::loadDataset("cifar-binary", {{"data_batch_1.bin", whole}, {"batches.meta.txt", input}});
    fuzz::loadDataset("cifar-binary", {{"train.bin", input}, {"test.bin", input}});
}

}
