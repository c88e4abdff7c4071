// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/fuzz/harness.h"

namespace descent {

void readDamaged(std::span<const std::byte> input)
{
    for (const char* name : {"table.csv", "data.txt", "train-images-idx3-ubyte", "data_batch_1.bin"}) {
        const std::filesystem::path folder = fuzz::memoryFolder({{name, input}});
        for (const std::filesystem::path& path : {folder, folder / name}) {
            const auto source = recognizeSource(path.string());
            fuzz::checkProblems(source.problems, !source);
            fuzz::promise(!source || findDatasetKind(source->kind), "what is recognised is a kind there is");
        }
    }
}

}
