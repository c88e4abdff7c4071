// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/metrics/association.h"
#include "engine/core/summary/figure_table.h"

#include <optional>
#include <string>
#include <vector>

namespace descent {

/// How far a setting goes along with a figure, over a selection of runs.
struct SettingHint {
    std::string setting;               ///< "training.learningRate"
    enum class Measure {
        spearman,                      ///< numbers: rank correlation
        kruskalWallis                  ///< words, seeds, and numbers whose figure rises and falls again: groups of ranks
    } measure = Measure::spearman;
    Association association;           ///< pValue corrected by Holm for all settings that were looked at; NaN: cannot be told
    std::size_t runs = 0;              ///< that have both
    std::string bestLevel;             ///< of groups: the value with the best mean rank
    std::vector<std::string> together; ///< settings that differ between the very same runs: none can tell them apart
    Text sentence;                     ///< all of it, with its limits
};

/// Which difference of the recipes explains a figure: a hint, no proof.
struct Explanation {
    std::vector<SettingHint> hints; ///< strongest first; those that cannot be told at the end
    Text sentence;                  ///< the strongest, or why there is none
    std::optional<Text> limits;     ///< what the sentence must not be taken for
};
/// Every setting that differs over the runs which have the figure, the seed as well. Numbers of which at least two runs share a value on
/// average are looked at both ways, and their p-value doubled for it. Fewer than five runs: it says that it cannot tell.
Explanation explain(const FigureTable& table, const FigureColumn& figure);

}
