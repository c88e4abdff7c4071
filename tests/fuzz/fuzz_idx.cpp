// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/fuzz/harness.h"

#include "engine/core/data/idx.h"

namespace descent {

void readDamaged(std::span<const std::byte> input)
{
    const auto pictures = parseIdxPictures(input);
    fuzz::checkProblems(pictures.problems, !pictures);
    const auto labels = parseIdxLabels(input);
    fuzz::checkProblems(labels.problems, !labels);
    const auto whole = fuzz::corpusFile("idx/two-pictures"), wholeLabels = fuzz::corpusFile("idx/two-labels");
    fuzz::loadDataset("idx", {{"train-images-idx3-ubyte", input}, {"train-labels-idx1-ubyte", wholeLabels}});
    fuzz::loadDataset("idx", {{"train-labels-idx1-ubyte", input}, {"train-images-idx3-ubyte", whole}});
    fuzz::loadDataset("idx",
                      {{"train-images-idx3-ubyte", whole},
                       {"train-labels-idx1-ubyte", wholeLabels},
                       {"t10k-images-idx3-ubyte", input},
                       {"t10k-labels-idx1-ubyte", wholeLabels}});
}

}
