// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/data/csv_rows.h"
#include "engine/core/data/named_rows.h"
#include "engine/core/data/path_parameter.h"

namespace descent {

namespace fs = std::filesystem;

namespace {

Result<Dataset> read(const Schema& schema, const Parameters& parameters, const fs::path& path, const LoadControl& control)
{
    const std::string file = path.filename().string();
    Dataset dataset{.name = file};
    Result<NamedRows> named = readNamedRows(schema, parameters, path, dataset, control);
    if (!named)
        return {std::nullopt, std::move(named.problems)};
    auto& [names, rows] = *named;
    if (control.progress)
        control.progress(0.5);
    if (names.size() < 2)
        return {std::nullopt, {{"dataset.path", text("%1 has one column only", file), text("check the separator")}}};
    const std::string wanted = textOf(schema, parameters, "target");
    const Result<std::size_t> target =
        wanted.empty() ? Result<std::size_t>{names.size() - 1, {}} : columnNamed(names, wanted, "dataset.target");
    if (!target)
        return {std::nullopt, target.problems};
    setTargetlessAside(rows, *target, dataset, file);
    if (textOf(schema, parameters, "targetType") == "number")
        setUnnumberedAside(rows, *target, dataset, file);
    if (rows.empty())
        return {std::nullopt,
                {{"dataset.path", text("no row of %1 could be used", file),
                  dataset.setAside.empty() ? Text{} : dataset.setAside.front().message}}};

    Result<Targets> targets = targetsFrom(rows, *target, names[*target], textOf(schema, parameters, "targetType"));
    if (!targets)
        return {std::nullopt, std::move(targets.problems)};
    Problems warnings;
    Table table{.count = static_cast<std::int64_t>(rows.size())};
    for (std::size_t i = 0; i < names.size(); ++i) {
        if (control.stop.stop_requested())
            throw Cancelled{};
        if (i == *target)
            continue;
        table.columns.push_back(inputFrom(rows, i, names[i]));
        if (differsInNearlyEveryRow(table.columns.back(), rows.size()))
            warnings.push_back({"dataset.columns", text("\"%1\" differs in nearly every row and is left out", names[i]), {}});
    }
    dataset.train = {.inputs = std::move(table), .targets = std::move(*targets.value)};
    if (control.progress)
        control.progress(1);
    return {std::move(dataset), std::move(warnings)};
}

}

DatasetKind csvKind()
{
    const Schema schema{
        pathParameter("A CSV or TSV file with one row a sample."),
        {.name = "target",
         .label = "Target column",
         .help = "What is to be predicted: a column's name or number; empty for the last.",
         .type = ParameterType::text,
         .defaultValue = std::string{},
         .common = true},
        targetTypeParameter(),
        separatorParameter(),
        headerParameter(),
    };
    return {.id = "csv",
            .label = "Table (CSV, TSV)",
            .help = "Rows of numbers and texts; types are found, gaps are filled.",
            .source = DatasetKind::Source::file,
            .schema = schema,
            .load = [schema](const Parameters& parameters, const LoadControl& control) {
                return readSource(schema, parameters,
                                  [&](const fs::path& path) { return read(schema, parameters, path, control); });
            }};
}

}
