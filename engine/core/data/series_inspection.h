// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/data/inspection.h"

namespace descent {

/// Shape, times, step, season and gaps of a series, as facts.
void describeSeries(const Series& series, DatasetReport& report);

/// Fills lows and highs of a column's view.
void drawCourse(const Series& series, std::size_t column, DatasetReport::ColumnView& view);

}
