// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/interchange/csv_row.h"

#include "engine/core/data/csv.h"

#include <algorithm>

namespace descent {

namespace {

std::vector<std::string> cellsOf(std::string_view line, char separator)
{
    Result<std::vector<CsvRow>> rows = parseCsv(line, separator);
    if (!rows || rows->empty())
        throw DescentError{rows.problems.empty() ? text("it is no row of a table") : rows.problems.front().message};
    return std::move(rows->front().cells);
}

}

void CsvRowReader::begin(std::string_view line)
{
    if (line.starts_with("\xEF\xBB\xBF"))
        line.remove_prefix(3);
    m_separator = guessSeparator(line);
    for (const std::string& cell : cellsOf(line, m_separator))
        m_columns.push_back({.name = asUtf8(cell), .meaning = columnOf(cell)});
    const auto count = [&](ForeignColumn meaning) { return std::ranges::count(m_columns, meaning, &Column::meaning); };
    // Two names of something: one of the series, the other, "name", of the run.
    if (count(ForeignColumn::series) == 2)
        for (std::size_t i = 0; i < m_columns.size(); ++i)
            if (m_columns[i].name == "name" && m_columns[i].meaning == ForeignColumn::series) {
                m_columns[i].meaning = ForeignColumn::other;
                m_runName = i;
            }
    m_isValueARow = count(ForeignColumn::series) == 1 && count(ForeignColumn::value) == 1;
    if (!m_isValueARow)
        for (Column& column : m_columns)
            if (column.meaning == ForeignColumn::series || column.meaning == ForeignColumn::value)
                column.meaning = ForeignColumn::other;
    if (!m_isValueARow && count(ForeignColumn::other) == 0)
        throw DescentError{text("no column is a series: the first line names the columns, as in \"step,loss,accuracy\"")};
}

std::optional<ForeignRow> CsvRowReader::read(std::string_view line)
{
    if (line.find_first_not_of(" \t\r") == line.npos)
        return std::nullopt;
    if (m_columns.empty()) {
        begin(line);
        return std::nullopt;
    }
    const std::vector<std::string> cells = cellsOf(line, m_separator);
    if (cells.size() != m_columns.size())
        throw DescentError{text("it has %1 cells, the table %2 columns", cells.size(), m_columns.size())};
    ForeignRow row;
    std::string series;
    std::optional<double> value;
    for (std::size_t i = 0; i < cells.size(); ++i) {
        const std::string& cell = cells[i];
        switch (m_columns[i].meaning) {
        case ForeignColumn::step:
            row.step = foreignStep(cell);
            if (!row.step && !isMissing(cell))
                throw DescentError{text("\"%1\" is no step", asUtf8(cell).substr(0, 40))};
            break;
        case ForeignColumn::seconds: row.seconds = foreignNumber(cell).value_or(row.seconds); break;
        case ForeignColumn::wallTime: row.wallTime = foreignNumber(cell).value_or(row.wallTime); break;
        case ForeignColumn::run: row.run = asUtf8(cell); break;
        case ForeignColumn::series: series = asUtf8(cell); break;
        case ForeignColumn::value: value = foreignNumber(cell); break;
        case ForeignColumn::other:
            if (i == m_runName)
                row.runName = asUtf8(cell);
            else if (const auto number = foreignNumber(cell); number && !m_isValueARow)
                row.values.emplace_back(m_columns[i].name, *number);
            break;
        }
    }
    if (m_isValueARow) {
        if (!value || series.empty())
            throw DescentError{text("it names no series, or its value is no number")};
        row.values.emplace_back(std::move(series), *value);
    }
    return row;
}

}
