// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/store/run_store.h"

#include <QColor>
#include <QString>

namespace descent {

/// "Accuracy 98.4 %": the figure a run goes by, of the test where there is one, else the best of validation; or empty.
QString headlineOf(const RunSummary& run);

/// The colour of its curve and of its dot, wherever it is drawn: the one a person chose, else by its number.
QColor colorOf(const RunSummary& run);

QString statusLabel(RunStatus status);
/// "3 min ago", "yesterday", then the date.
QString relativeTime(WallTime time);

/// "Drawn digits #12": a name may be given twice, a number is not.
QString nameAndNumber(const RunSummary& run);

}
