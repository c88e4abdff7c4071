// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/store/run_store.h"

#include <QString>

namespace descent {

/// "Accuracy 98.4 %": the figure a run goes by, of the test where there is one, else the best of validation; or empty.
QString headlineOf(const RunSummary& run);

/// "Drawn digits #12": a name may be given twice, a number is not.
QString nameAndNumber(const RunSummary& run);

}
