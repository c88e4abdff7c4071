// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/job/predict_rows.h"

namespace descent {

Result<RowsAnswer> predictRows(FinishedRun& run, const Table& rows, const AskControl& control)
{
    const PreparedData& data = *run.request().data;
    if (!std::holds_alternative<Table>(data.dataset->train.inputs))
        return {std::nullopt, {{"run", text("run %1 did not learn from a table", run.request().run), text("choose a run that did")}}};
    Result<Table> matched = matchedTable(data.table, rows);
    if (!matched)
        return {std::nullopt, std::move(matched.problems)};
    FeatureMatrix matrix = applyTablePreparation(data.table, *matched);
    return {std::get<RowsAnswer>(run.ask(RowsQuestion{matrix.features, std::move(matrix.values)}, control)), {}};
}

}
