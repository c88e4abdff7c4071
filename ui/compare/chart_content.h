// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/compare/chart_filling.h"
#include "ui/compare/compare_look.h"

namespace descent {

/// A filled chart as it is painted, but for the theme.
ChartContent contentOf(const ChartFilling& filling, const CompareLook& look);

/// What a person wrote at this chart's curves: runs drawn as means of groups have no notes.
std::vector<ChartNote> notesOf(const CompareLook& look, const std::string& metric, const std::vector<ChartCurve>& curves);

/// The same in other colours: what has one of `from`'s palette gets that of `to` at the same place, what a person coloured stays so.
ChartContent recolored(ChartContent content, const ColorTokens& from, const ColorTokens& to);

}
