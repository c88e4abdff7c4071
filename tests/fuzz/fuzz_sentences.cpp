// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/fuzz/harness.h"

namespace descent {

void readDamaged(std::span<const std::byte> input)
{
    const auto whole = fuzz::corpusFile("sentences/lines.en"), table = fuzz::corpusFile("sentences/pairs.tsv");
    fuzz::loadDataset("sentence-pairs", {{"train.de", input}, {"train.en", whole}});
    fuzz::loadDataset("sentence-pairs", {{"train.tsv", table}, {"test.tsv", input}});
    fuzz::loadDataset("sentence-pairs", {{"pairs.tsv", input}}, {{"path", "pairs.tsv"}});
}

}
