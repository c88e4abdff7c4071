// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/history/seed_verdict.h"
#include "engine/core/summary/figure_table.h"

#include <optional>

namespace descent {

/// Which recipe of a selection is the better one, as far as it may be said.
struct Standing {
    SeedVerdict verdict;        ///< of two recipes; difference: second less first
    std::string first, second;  ///< their names; empty where no two were trained twice
    std::vector<Text> warnings; ///< the verdict's, and that the two were picked among many
};
/// Of two recipes both, in their order; of more the two with the best means, among those of two seeds or more. None: a single recipe,
/// or nothing was trained twice.
std::optional<Standing> standingOf(const FigureTable& table, const FigureColumn& figure);

}
