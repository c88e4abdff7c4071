// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/data/named_rows.h"

#include "engine/core/base/files.h"
#include "engine/core/data/class_names.h"
#include "engine/core/data/csv_rows.h"
#include "engine/core/data/path_parameter.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <set>
#include <unordered_map>

namespace descent {

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

}

ParameterSchema targetTypeParameter()
{
    return {.name = "targetType",
            .label = "Predict",
            .help = "Whether the target is one of several classes or a number.",
            .type = ParameterType::choice,
            .defaultValue = std::string{"auto"},
            .common = true,
            .choices = {{"auto", "Auto", "Texts and few whole numbers are classes."},
                        {"class", "Class", ""},
                        {"number", "Number", ""}}};
}

Result<std::size_t> columnNamed(const std::vector<std::string>& names, const std::string& wanted, std::string_view path)
{
    if (const auto found = std::find(names.begin(), names.end(), wanted); found != names.end())
        return {static_cast<std::size_t>(found - names.begin()), {}};
    std::size_t number = 0;
    const auto [rest, error] = std::from_chars(wanted.data(), wanted.data() + wanted.size(), number);
    if (error == std::errc{} && rest == wanted.data() + wanted.size() && number >= 1 && number <= names.size())
        return {number - 1, {}};
    const std::string nearest = nearestName(wanted, names);
    return {std::nullopt,
            {{std::string{path}, text("there is no column \"%1\"", wanted),
              nearest.empty() ? text("write a column's name, or its number from 1 to %1", names.size())
                              : text("did you mean \"%1\"?", nearest)}}};
}

Result<Targets> targetsFrom(const Rows& rows, std::size_t column, const std::string& name, const std::string& targetType)
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

Column inputFrom(const Rows& rows, std::size_t column, const std::string& name)
{
    Column input{.name = name, .categorical = !isNumeric(rows, column)};
    if (input.categorical) {
        input.codes = encode(rows, column, input.categories);
        return input;
    }
    for (const CsvRow& row : rows)
        input.numbers.push_back(isMissing(row.cells[column]) ? NAN : static_cast<float>(*parseNumber(row.cells[column])));
    return input;
}

bool differsInNearlyEveryRow(const Column& column, std::size_t rows)
{
    return column.categorical && column.categories.size() > 50 && column.categories.size() * 2 > rows;
}

void setTargetlessAside(Rows& rows, std::size_t target, Dataset& dataset, const std::string& file)
{
    std::erase_if(rows, [&](const CsvRow& row) {
        if (!isMissing(row.cells[target]))
            return false;
        setAside(dataset, file + ":" + std::to_string(row.line), text("its target is missing"));
        return true;
    });
}

void setUnnumberedAside(Rows& rows, std::size_t target, Dataset& dataset, const std::string& file)
{
    std::erase_if(rows, [&](const CsvRow& row) {
        if (parseNumber(row.cells[target]))
            return false;
        setAside(dataset, file + ":" + std::to_string(row.line), text("its target \"%1\" is not a number", row.cells[target]));
        return true;
    });
}

Result<NamedRows> readNamedRows(const Schema& schema, const Parameters& parameters, const std::filesystem::path& path,
                                Dataset& dataset, const LoadControl& control)
{
    const std::string file = path.filename().string();
    const std::string content = readFile(path, maximumBytes);
    Result<Rows> parsed = parseCsv(content, separatorOf(schema, parameters, content), {}, control.stop);
    if (!parsed) {
        for (Problem& problem : parsed.problems)
            problem.path = file + ":" + problem.path;
        return {std::nullopt, std::move(parsed.problems)};
    }
    setDamagedAside(parsed.problems, dataset, file);
    NamedRows table{.rows = std::move(*parsed.value)};
    if (table.rows.size() < 2)
        return {std::nullopt, {{"dataset.path", text("%1 holds no table", file), text("a table has at least two rows")}}};
    setRaggedAside(table.rows, dataset, file);
    dropSingleQuotes(table.rows);
    const std::string header = textOf(schema, parameters, "header");
    if (header == "yes" || (header == "auto" && looksLikeHeader(table.rows))) {
        table.names = table.rows.front().cells;
        table.rows.erase(table.rows.begin());
    } else {
        for (std::size_t i = 0; i < table.rows.front().cells.size(); ++i)
            table.names.push_back("column " + std::to_string(i + 1));
    }
    return {std::move(table), {}};
}

Result<Table> readRows(const Schema& schema, const Parameters& parameters, const std::filesystem::path& path, Dataset& dataset,
                       const LoadControl& control)
{
    Result<NamedRows> named = readNamedRows(schema, parameters, path, dataset, control);
    if (!named)
        return {std::nullopt, std::move(named.problems)};
    Table table{.count = static_cast<std::int64_t>(named->rows.size())};
    for (std::size_t i = 0; i < named->names.size(); ++i)
        table.columns.push_back(inputFrom(named->rows, i, named->names[i]));
    return {std::move(table), {}};
}

}
