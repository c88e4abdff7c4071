// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/store/run_store.h"

#include <QString>

#include <map>
#include <string>
#include <vector>

namespace descent {

/// What runs have in common that are drawn as one mean.
enum class GroupBy { none, recipe, tag, dataset, architecture };

struct MeanGroup {
    QString name;
    std::vector<RunId> runs;
};

/// The groups in the order of each one's first run; none of GroupBy::none. A run with several tags goes with the first of them by name,
/// one whose recipe is not known stays alone.
/// recipes: as JSON
std::vector<MeanGroup> groupsOf(const std::vector<const RunSummary*>& runs, const std::map<RunId, std::string>& recipes, GroupBy by);

}
