// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/data/time_column.h"

#include <algorithm>
#include <array>
#include <cctype>

namespace descent {

namespace {

constexpr std::size_t rowsLookedAt = 500;

std::vector<std::string_view> firstCells(const std::vector<CsvRow>& rows, std::size_t column)
{
    std::vector<std::string_view> cells;
    for (std::size_t i = 0; i < rows.size() && i < rowsLookedAt; ++i)
        if (!isMissing(rows[i].cells[column]))
            cells.push_back(rows[i].cells[column]);
    return cells;
}

bool isNamedAsTime(std::string name)
{
    for (char& c : name)
        c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    constexpr std::array words{"time", "date", "timestamp", "datetime", "unix", "epoch", "year", "ds", "unix_time", "unixtime"};
    return std::find(words.begin(), words.end(), name) != words.end();
}

}

std::optional<TimeColumn> readAsTimes(const std::vector<CsvRow>& rows, std::size_t column, bool numbersToo)
{
    const auto guess = guessTimeFormat(firstCells(rows, column), numbersToo);
    if (!guess)
        return std::nullopt;
    TimeColumn found{.column = column, .format = guess->format, .ambiguous = guess->ambiguous};
    if (column + 1 < rows.front().cells.size()) {
        const auto cells = firstCells(rows, column + 1);
        if (!cells.empty() && std::all_of(cells.begin(), cells.end(), [](std::string_view cell) { return parseClock(cell).has_value(); }))
            found.clock = column + 1;
    }
    return found;
}

std::optional<TimeColumn> findTimeColumn(const std::vector<std::string>& names, const std::vector<CsvRow>& rows)
{
    if (rows.empty())
        return std::nullopt;
    for (std::size_t column = 0; column < names.size(); ++column)
        if (auto found = readAsTimes(rows, column, isNamedAsTime(names[column])))
            return found;
    return std::nullopt;
}

std::optional<std::int64_t> timeOf(const CsvRow& row, const TimeColumn& column)
{
    const auto date = parseTime(row.cells[column.column], column.format);
    if (!date || !column.clock)
        return date;
    const auto clock = parseClock(row.cells[*column.clock]);
    return clock ? std::optional{*date + *clock} : std::nullopt;
}

bool namesColumns(const CsvRow& row)
{
    const auto isValue = [](const std::string& cell) {
        return parseNumber(cell) || parseTime(cell, TimeFormat::iso) || parseTime(cell, TimeFormat::dayFirst)
            || parseTime(cell, TimeFormat::monthFirst) || parseClock(cell);
    };
    return std::none_of(row.cells.begin(), row.cells.end(), isValue)
        && std::any_of(row.cells.begin(), row.cells.end(), [](const std::string& cell) { return !isMissing(cell); });
}

}
