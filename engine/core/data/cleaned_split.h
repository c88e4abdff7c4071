// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/data/preparation.h"

#include <cstdint>
#include <vector>

namespace descent {

/// Why a sample is in no part, or why one that was to be learnt from is not.
enum class SetAside : std::uint8_t { no, missing, noOrder, duplicate, near, conflicting, leaked, outlier };

/// "repeated", "alike with different targets".
Text reasonOf(SetAside why);

/// Numbers by which rows are put in order: as they are, moments as seconds, other texts by the alphabet. NaN where missing.
std::vector<double> orderOf(const Column& column);

/// A split after the cleaning that the recipe asks for, and what was set aside on the way.
struct CleanedSplit {
    Split split;
    std::vector<SetAside> train; ///< one a sample of Dataset::train; empty: none is set aside
    std::vector<SetAside> test;  ///< of Dataset::test; only for gaps in columns that may have none
    std::int64_t count(SetAside why) const;
};

/// Sets aside, then splits; outliers leave the training part afterwards, by limits measured on it alone, and stay where models
/// are judged. With a source's own test part, `duplicates` looks within the training part only, `leaked` between both.
/// Problems alone: nothing is left to split. Beside a value: how many were set aside, and why. Throws Cancelled.
Result<CleanedSplit> cleanAndSplit(const Dataset& dataset, const PreparationSettings& settings, const LoadControl& control);

}
