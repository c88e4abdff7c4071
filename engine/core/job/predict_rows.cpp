// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/job/predict_rows.h"

#include "engine/core/data/named_rows.h"

namespace descent {

Result<SamplesAnswer> predictRows(FinishedRun& run, const Table& rows, const AskControl& control)
{
    const PreparedData& data = *run.request().data;
    if (!std::holds_alternative<Table>(data.dataset->train.inputs))
        return {std::nullopt, {{"run", text("run %1 did not learn from a table", run.request().run), text("choose a run that did")}}};
    Result<Table> matched = matchedTable(data.table, rows);
    if (!matched)
        return {std::nullopt, std::move(matched.problems)};
    FeatureMatrix matrix = applyTablePreparation(data.table, *matched);
    return {std::get<SamplesAnswer>(run.ask(RowsQuestion{matrix.features, std::move(matrix.values)}, control)), {}};
}

Result<PredictedRows> predictFile(FinishedRun& run, const std::filesystem::path& file, const AskControl& control)
{
    const DatasetKind& table = *findDatasetKind("csv");
    const auto& learnt = run.request().recipe.dataset;
    Dataset aside;
    Result<Table> rows = readRows(table.schema, learnt.kind == table.id ? learnt.parameters : Parameters{}, file, aside, {.stop = control.stop});
    if (!rows)
        return {std::nullopt, std::move(rows.problems)};
    Result<SamplesAnswer> answer = predictRows(run, *rows, control);
    if (!answer)
        return {std::nullopt, std::move(answer.problems)};
    return {PredictedRows{std::move(*rows.value), std::move(*answer.value), std::move(aside.setAside)}, {}};
}

}
