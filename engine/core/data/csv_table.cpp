// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/base/files.h"
#include "engine/core/data/class_names.h"
#include "engine/core/data/csv.h"
#include "engine/core/data/path_parameter.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <set>
#include <unordered_map>

namespace descent {

namespace fs = std::filesystem;

namespace {

constexpr std::size_t maximumBytes = std::size_t{2} << 30;
constexpr std::size_t mostClassesOfNumbers = 20; // a numeric target with more distinct values is a number to predict
constexpr std::size_t mostClasses = 10'000;

using Rows = std::vector<CsvRow>;

/// Numeric when every cell that is there reads as a number.
bool isNumeric(const Rows& rows, std::size_t column)
{
    bool any = false;
    for (const CsvRow& row : rows) {
        if (isMissing(row.cells[column]))
            continue;
        if (!parseNumber(row.cells[column]))
            return false;
        any = true;
    }
    return any;
}

/// A first row of names over columns of numbers: none of its cells is a number, and some column below is numeric.
bool looksLikeHeader(const Rows& rows)
{
    if (rows.size() < 2)
        return false;
    for (const std::string& cell : rows.front().cells)
        if (parseNumber(cell) || isMissing(cell))
            return false;
    const Rows body(rows.begin() + 1, rows.begin() + static_cast<std::ptrdiff_t>(std::min<std::size_t>(rows.size(), 200)));
    const std::size_t columns = rows.front().cells.size();
    for (std::size_t column = 0; column < columns; ++column)
        if (std::all_of(body.begin(), body.end(), [&](const CsvRow& row) { return row.cells.size() == columns; })
            && isNumeric(body, column))
            return true;
    // All texts: a header repeats nothing that stands below it.
    return std::none_of(body.begin(), body.end(), [&](const CsvRow& row) {
        return std::any_of(row.cells.begin(), row.cells.end(), [&](const std::string& cell) {
            return std::find(rows.front().cells.begin(), rows.front().cells.end(), cell) != rows.front().cells.end();
        });
    });
}

/// Rows with another number of cells than most are set aside: nothing says which cell is missing.
void setRaggedAside(Rows& rows, Dataset& dataset, const std::string& file)
{
    std::unordered_map<std::size_t, std::size_t> counts;
    for (const CsvRow& row : rows)
        ++counts[row.cells.size()];
    const std::size_t columns = std::max_element(counts.begin(), counts.end(), [](const auto& a, const auto& b) {
                                    return a.second != b.second ? a.second < b.second : a.first < b.first;
                                })->first;
    std::erase_if(rows, [&](const CsvRow& row) {
        if (row.cells.size() == columns)
            return false;
        setAside(dataset, file + ":" + std::to_string(row.line),
                 text("this row has %1 cells where the others have %2", row.cells.size(), columns));
        return true;
    });
}

/// By name, or by number counted from 1; the last column when nothing is said.
Result<std::size_t> targetColumn(const std::vector<std::string>& names, const std::string& target)
{
    if (target.empty())
        return {names.size() - 1, {}};
    if (const auto found = std::find(names.begin(), names.end(), target); found != names.end())
        return {static_cast<std::size_t>(found - names.begin()), {}};
    std::size_t number = 0;
    const auto [rest, error] = std::from_chars(target.data(), target.data() + target.size(), number);
    if (error == std::errc{} && rest == target.data() + target.size() && number >= 1 && number <= names.size())
        return {number - 1, {}};
    const std::string nearest = nearestName(target, names);
    return {std::nullopt,
            {{"dataset.target", text("there is no column \"%1\"", target),
              nearest.empty() ? text("write a column's name, or its number from 1 to %1", names.size())
                              : text("did you mean \"%1\"?", nearest)}}};
}

/// Codes in order of first appearance; -1 where missing.
std::vector<std::int32_t> encode(const Rows& rows, std::size_t column, std::vector<std::string>& categories)
{
    std::unordered_map<std::string, std::int32_t> codeOf;
    std::vector<std::int32_t> codes;
    codes.reserve(rows.size());
    for (const CsvRow& row : rows) {
        const std::string& cell = row.cells[column];
        if (isMissing(cell)) {
            codes.push_back(-1);
            continue;
        }
        const auto [found, isNew] = codeOf.try_emplace(cell, static_cast<std::int32_t>(categories.size()));
        if (isNew)
            categories.push_back(cell);
        codes.push_back(found->second);
    }
    return codes;
}

bool wantsClasses(const Rows& rows, std::size_t column, const std::string& targetType)
{
    if (targetType != "auto")
        return targetType == "class";
    if (!isNumeric(rows, column))
        return true;
    std::set<double> distinct;
    for (const CsvRow& row : rows) {
        const double value = *parseNumber(row.cells[column]);
        if (std::trunc(value) != value)
            return false;
        distinct.insert(value);
        if (distinct.size() > mostClassesOfNumbers)
            return false;
    }
    // Few whole numbers of many rows are classes; of few rows they may as well be counts.
    return distinct.size() * 2 <= rows.size();
}

Result<Targets> readTargets(const Rows& rows, std::size_t column, const std::string& name, const std::string& targetType)
{
    Targets targets{.name = name};
    if (wantsClasses(rows, column, targetType)) {
        for (const std::int32_t code : encode(rows, column, targets.classNames))
            targets.classes.push_back(code);
        if (targets.classNames.size() > mostClasses)
            return {std::nullopt,
                    {{"dataset.target", text("\"%1\" has more than %2 different values: too many for classes", name, mostClasses),
                      text("choose another target, or predict it as a number")}}};
        sortClasses(targets);
        return {std::move(targets), {}};
    }
    for (const CsvRow& row : rows) {
        const auto value = parseNumber(row.cells[column]);
        if (!value)
            return {std::nullopt,
                    {{"dataset.target", text("line %1: \"%2\" is not a number", row.line, row.cells[column]),
                      text("choose another target, or predict it as a class")}}};
        targets.values.push_back(static_cast<float>(*value));
    }
    return {std::move(targets), {}};
}

Result<Dataset> read(const Schema& schema, const Parameters& parameters, const fs::path& path, const LoadControl& control)
{
    const std::string file = path.filename().string();
    const std::string content = readFile(path, maximumBytes);
    const std::string chosen = textOf(schema, parameters, "separator");
    const char separator = chosen == "comma" ? ','
        : chosen == "semicolon"              ? ';'
        : chosen == "tab"                    ? '\t'
                                             : guessSeparator(content);
    Result<Rows> parsed = parseCsv(content, separator, {}, control.stop);
    if (!parsed) {
        parsed.problems.front().path = file + ":" + parsed.problems.front().path;
        return {std::nullopt, std::move(parsed.problems)};
    }
    Rows& rows = *parsed;
    if (control.progress)
        control.progress(0.5);
    Dataset dataset{.name = file};
    if (rows.size() < 2)
        return {std::nullopt, {{"dataset.path", text("%1 holds no table", file), text("a table has at least two rows")}}};
    setRaggedAside(rows, dataset, file);
    dropSingleQuotes(rows);
    const std::string header = textOf(schema, parameters, "header");
    std::vector<std::string> names;
    if (header == "yes" || (header == "auto" && looksLikeHeader(rows))) {
        names = rows.front().cells;
        rows.erase(rows.begin());
    } else {
        for (std::size_t i = 0; i < rows.front().cells.size(); ++i)
            names.push_back("column " + std::to_string(i + 1));
    }
    if (names.size() < 2)
        return {std::nullopt, {{"dataset.path", text("%1 has one column only", file), text("check the separator")}}};
    const Result<std::size_t> target = targetColumn(names, textOf(schema, parameters, "target"));
    if (!target)
        return {std::nullopt, target.problems};
    std::erase_if(rows, [&](const CsvRow& row) {
        if (!isMissing(row.cells[*target]))
            return false;
        setAside(dataset, file + ":" + std::to_string(row.line), text("its target is missing"));
        return true;
    });
    if (rows.empty())
        return {std::nullopt, {{"dataset.path", text("no row of %1 could be used", file), {}}}};

    Result<Targets> targets = readTargets(rows, *target, names[*target], textOf(schema, parameters, "targetType"));
    if (!targets)
        return {std::nullopt, std::move(targets.problems)};
    Problems warnings;
    Table table{.count = static_cast<std::int64_t>(rows.size())};
    for (std::size_t i = 0; i < names.size(); ++i) {
        if (control.stop.stop_requested())
            throw Cancelled{};
        if (i == *target)
            continue;
        Column column{.name = names[i], .categorical = !isNumeric(rows, i)};
        if (column.categorical) {
            column.codes = encode(rows, i, column.categories);
            // A name or a number of its own for nearly every row teaches nothing and would cost a feature each.
            if (column.categories.size() > 50 && column.categories.size() * 2 > rows.size()) {
                warnings.push_back({"dataset.columns", text("\"%1\" differs in nearly every row and is left out", names[i]), {}});
                continue;
            }
        } else {
            for (const CsvRow& row : rows)
                column.numbers.push_back(isMissing(row.cells[i]) ? NAN : static_cast<float>(*parseNumber(row.cells[i])));
        }
        table.columns.push_back(std::move(column));
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
        {.name = "targetType",
         .label = "Predict",
         .help = "Whether the target is one of several classes or a number.",
         .type = ParameterType::choice,
         .defaultValue = std::string{"auto"},
         .common = true,
         .choices = {{"auto", "Auto", "Texts and few whole numbers are classes."},
                     {"class", "Class", ""},
                     {"number", "Number", ""}}},
        {.name = "separator",
         .label = "Separator",
         .help = "What stands between two cells.",
         .type = ParameterType::choice,
         .defaultValue = std::string{"auto"},
         .choices = {{"auto", "Auto", "Found from the first rows."},
                     {"comma", "Comma", ""},
                     {"semicolon", "Semicolon", ""},
                     {"tab", "Tab", ""}}},
        {.name = "header",
         .label = "Names in the first row",
         .help = "Whether the first row names the columns.",
         .type = ParameterType::choice,
         .defaultValue = std::string{"auto"},
         .choices = {{"auto", "Auto", "Found from the first rows."}, {"yes", "Yes", ""}, {"no", "No", ""}}},
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
