// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/data/event_columns.h"

#include "engine/core/base/files.h"
#include "engine/core/data/csv_rows.h"
#include "engine/core/data/path_parameter.h"

#include <algorithm>
#include <cctype>
#include <fmt/ranges.h>

namespace descent {

namespace {

bool sameWord(std::string_view left, std::string_view right)
{
    return std::equal(left.begin(), left.end(), right.begin(), right.end(), [](char a, char b) {
        return std::tolower(static_cast<unsigned char>(a)) == std::tolower(static_cast<unsigned char>(b));
    });
}

}

Result<NamedTable> readNamedTable(const std::filesystem::path& path, Dataset& dataset, const std::stop_token& stop)
{
    constexpr std::size_t maximumBytes = std::size_t{2} << 30;
    const std::string file = path.filename().string();
    const std::string content = readFile(path, maximumBytes);
    Result<std::vector<CsvRow>> parsed = parseCsv(content, guessSeparator(content), {}, stop);
    if (!parsed) {
        for (Problem& problem : parsed.problems)
            problem.path = file + ":" + problem.path;
        return {std::nullopt, std::move(parsed.problems)};
    }
    setDamagedAside(parsed.problems, dataset, file);
    if (parsed->size() < 2)
        return {std::nullopt,
                {{"dataset.path", text("%1 holds no table", file), text("a table has a row of names and rows below it")}}};
    NamedTable table{.file = file, .names = std::move(parsed->front().cells)};
    parsed->erase(parsed->begin());
    std::erase_if(*parsed, [&](const CsvRow& row) {
        if (row.cells.size() == table.names.size())
            return false;
        setAside(dataset, file + ":" + std::to_string(row.line),
                 text("this row has %1 cells where the first has %2", row.cells.size(), table.names.size()));
        return true;
    });
    table.rows = std::move(*parsed);
    return {std::move(table), {}};
}

// The names that MIMIC, OMOP, MEDS and plain exports give these columns.
const ColumnRole& personRole()
{
    static const ColumnRole role{"person", {"person_id", "patient_id", "subject_id", "person", "patient", "subject", "patientid", "personid", "mrn", "pid", "id"}};
    return role;
}

const ColumnRole& dateRole()
{
    static const ColumnRole role{"date", {"date", "event_date", "start_date", "datetime", "time", "timestamp", "event_time", "charttime", "admittime", "day"}};
    return role;
}

const ColumnRole& codeRole()
{
    static const ColumnRole role{"code", {"code", "event_code", "concept_code", "icd_code", "icd", "icd10", "icd9", "concept_id", "itemid", "event", "diagnosis", "item"}};
    return role;
}

const ColumnRole& valueRole()
{
    static const ColumnRole role{"value", {"value", "numeric_value", "valuenum", "value_as_number", "result", "measurement"}};
    return role;
}

const ColumnRole& labelRole()
{
    static const ColumnRole role{"label", {"label", "outcome", "target", "boolean_value", "class"}};
    return role;
}

const ColumnRole& outcomeDateRole()
{
    static const ColumnRole role{"outcomeDate", {"outcome_date", "outcome_time", "prediction_time", "index_date", "index_time", "label_date"}};
    return role;
}

std::optional<std::size_t> usualColumn(const std::vector<std::string>& names, const ColumnRole& role)
{
    for (const std::string_view usual : role.usual)
        for (std::size_t i = 0; i < names.size(); ++i)
            if (sameWord(names[i], usual))
                return i;
    return std::nullopt;
}

Result<std::optional<std::size_t>> columnFor(const std::vector<std::string>& names, const ColumnRole& role, const std::string& chosen)
{
    if (chosen.empty())
        return {usualColumn(names, role), {}};
    if (const auto found = std::find(names.begin(), names.end(), chosen); found != names.end())
        return {std::optional{static_cast<std::size_t>(found - names.begin())}, {}};
    constexpr std::size_t listed = 12;
    const std::string nearest = nearestName(chosen, names);
    const std::vector<std::string> first{names.begin(), names.begin() + static_cast<std::ptrdiff_t>(std::min(listed, names.size()))};
    return {std::nullopt,
            {{fmt::format("dataset.{}", role.parameter), text("there is no column \"%1\"", chosen),
              nearest.empty() ? text("the columns are %1", fmt::format("{}", fmt::join(first, ", ")))
                              : text("did you mean \"%1\"?", nearest)}}};
}

}
