// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/history/run_set.h"

#include <QColor>
#include <QIcon>
#include <QString>

#include <vector>

namespace descent {

/// A run as the Compare page shows it everywhere: one name, one colour.
struct ComparedRun {
    RunSummary summary;
    QString name; ///< with its number, where another of them has the same
    QColor color;
};

/// The chosen runs that there are, in the order in which they were chosen.
std::vector<ComparedRun> comparedRuns(const std::vector<RunId>& chosen, const RunSet& all);

/// A spot of a run's colour; hollow where it is not drawn.
QIcon swatch(const QColor& color, bool isFilled = true);

/// Index of the best of `values` (NaN left out); -1 when there is none or all are equal.
int bestIndex(const std::vector<double>& values, bool higherIsBetter);

}
