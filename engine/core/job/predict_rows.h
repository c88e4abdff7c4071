// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/job/finished_run.h"

#include <filesystem>

namespace descent {

/// What a run that learnt from a table says of other rows: cleaned, filled and scaled as its training part was, by what was
/// measured there. Columns are found by name. Problems: another task, a column that is missing. Throws Cancelled.
Result<SamplesAnswer> predictRows(FinishedRun& run, const Table& rows, const AskControl& control = {});

/// The same of a file, read as the run's own table was (separator, header).
struct PredictedRows {
    Table rows;
    SamplesAnswer answer;
    Problems setAside; ///< damaged rows; they have no answer
};
Result<PredictedRows> predictFile(FinishedRun& run, const std::filesystem::path& file, const AskControl& control = {});

}
