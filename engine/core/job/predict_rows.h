// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/job/finished_run.h"

namespace descent {

/// What a run that learnt from a table says of other rows: cleaned, filled and scaled as its training part was, by what was
/// measured there. Columns are found by name. Problems: another task, a column that is missing. Throws Cancelled.
Result<RowsAnswer> predictRows(FinishedRun& run, const Table& rows, const AskControl& control = {});

}
