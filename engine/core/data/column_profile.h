// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/data/quality.h"

namespace descent {

/// All that a profile says. `split`: whose training part is measured, and compared with its test part where both are of
/// Dataset::train; null: of the whole.
ColumnProfile profileOf(const Column& column, const Targets& targets, const PreparationSettings& settings, const Split* split);

/// The correlation of two columns of numbers where both are there; 0 where it is not defined.
double correlation(const std::vector<float>& a, const std::vector<float>& b);

}
