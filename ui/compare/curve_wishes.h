// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/compare/chart_filling.h"
#include "ui/compare/compare_look.h"
#include "ui/compare/compared_runs.h"
#include "ui/compare/run_groups.h"

namespace descent {

/// The curves of these runs, or the means of groups of them, as a person wants to see them: neither the range nor which charts is said.
CurveWishes wishesFor(const CompareLook& look, const std::vector<ComparedRun>& runs, const std::vector<MeanGroup>& groups);

}
