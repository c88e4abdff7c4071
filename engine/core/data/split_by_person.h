// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/data/preparation.h"

namespace descent {

/// Whole classes go to each part, so that those of validation and test are never learnt from: people, to whom a network for
/// faces is a stranger. `validation` and `test` of splitSchema() are shares of the classes that occur; the source's own test
/// part is not used. Seeded, the same on every machine; rows in the order of the source.
/// Problems: fewer than two classes in a part that is wanted, or in a part to judge by no class with two samples.
/// Throws std::invalid_argument when the targets are no classes.
Result<Split> splitByClass(const Dataset& dataset, const Parameters& split, std::uint64_t seed);

/// How many classes that split learns from, of `classes` that occur.
std::int64_t classesLearnt(std::int64_t classes, const Parameters& split);

}
