// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/fuzz/harness.h"

namespace descent {

void readDamaged(std::span<const std::byte> input)
{
    const auto whole = fuzz::corpusFile("texts/reviews.tsv");
    fuzz::loadDataset("text-table", {{"reviews.tsv", input}});
    fuzz::loadDataset("text-table", {{"reviews-train.tsv", whole}, {"reviews-test.tsv", input}});
    fuzz::loadDataset("text-table", {{"reviews.csv", input}}, {{"text", "1"}, {"target", "2"}, {"header", "no"}});
    fuzz::loadDataset("corpus", {{"book.txt", input}});
    fuzz::promise(
        fuzz::loadDataset("text-folder", {{"good/damaged.txt", input}, {"good/whole.txt", whole}, {"bad/whole.txt", whole}}),
        "a damaged text beside whole ones is not fatal");
}

}
