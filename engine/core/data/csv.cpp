// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/data/csv.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>
#include <cmath>

namespace descent {

namespace {

std::string_view trimmed(std::string_view cell)
{
    while (!cell.empty() && (cell.front() == ' ' || cell.front() == '\t'))
        cell.remove_prefix(1);
    while (!cell.empty() && (cell.back() == ' ' || cell.back() == '\t'))
        cell.remove_suffix(1);
    return cell;
}

constexpr std::string_view byteOrderMark = "\xEF\xBB\xBF";

Problem at(std::int64_t line, Text message, Text hint = {})
{
    return {std::to_string(line), std::move(message), std::move(hint)};
}

}

Result<std::vector<CsvRow>> parseCsv(std::string_view text_, char separator, const CsvLimits& limits, const std::stop_token& stop)
{
    if (text_.starts_with(byteOrderMark))
        text_.remove_prefix(byteOrderMark.size());
    constexpr std::size_t mostDamaged = 100; // each costs a second look at up to a cell's length
    std::vector<CsvRow> rows;
    Problems damaged;
    CsvRow row;
    std::string cell;
    bool quoted = false, wasQuoted = false;
    std::int64_t line = 1;
    std::size_t rowBegin = 0;
    std::optional<Problem> problem; // of the row under way
    const auto beginRow = [&](std::size_t begin) {
        row = {};
        row.line = line;
        rowBegin = begin;
        cell.clear();
        quoted = wasQuoted = false;
    };
    const auto endCell = [&] {
        row.cells.push_back(std::move(cell));
        cell.clear();
        wasQuoted = false;
        if (row.cells.size() > limits.columns)
            problem = at(row.line, text("a row has more than %1 columns", limits.columns), text("check the separator"));
    };
    const auto endRow = [&] {
        const bool empty = row.cells.empty() && cell.empty() && !wasQuoted;
        if (empty)
            return;
        endCell();
        if (!problem)
            rows.push_back(std::move(row));
    };
    for (std::size_t i = 0; i <= text_.size(); ++i) {
        if ((i & 0xfffff) == 0 && stop.stop_requested())
            throw Cancelled{};
        if (i == text_.size()) {
            if (quoted)
                problem = at(row.line, text("a quote is opened here and never closed"),
                             text("close it, or double the quotes inside a cell"));
            else
                endRow();
        } else if (const char c = text_[i]; quoted) {
            if (c == '"' && i + 1 < text_.size() && text_[i + 1] == '"') {
                cell += '"';
                ++i;
            } else if (c == '"') {
                quoted = false;
            } else {
                line += c == '\n';
                cell += c;
            }
        } else if (c == '"' && trimmed(cell).empty() && !wasQuoted) {
            cell.clear();
            quoted = wasQuoted = true;
        } else if (c == separator) {
            endCell();
        } else if (c == '\n') {
            endRow();
            if (!problem) {
                ++line;
                beginRow(i + 1);
            }
        } else if (c != '\r' || (i + 1 < text_.size() && text_[i + 1] != '\n')) {
            cell += c;
        }
        if (cell.size() > limits.cellBytes)
            problem = at(row.line, text("a cell is longer than %1 bytes", limits.cellBytes),
                         text("look for a quote that is never closed"));
        if (rows.size() > limits.rows)
            return {std::nullopt, {at(line, text("the table has more than %1 rows", limits.rows))}};
        if (!problem)
            continue;
        // The row is given up and reading goes on at the line after the one it begins on: what follows may be sound.
        damaged.push_back(std::move(*problem));
        problem.reset();
        if (damaged.size() > mostDamaged)
            return {std::nullopt, std::move(damaged)};
        i = std::min(text_.find('\n', rowBegin), text_.size());
        line = row.line + 1;
        beginRow(i + 1);
        if (i == text_.size())
            break;
    }
    if (rows.empty() && !damaged.empty())
        return {std::nullopt, std::move(damaged)};
    return {std::move(rows), std::move(damaged)};
}

void dropSingleQuotes(std::vector<CsvRow>& rows)
{
    const auto quoted = [](const std::string& cell) { return cell.size() >= 2 && cell.front() == '\'' && cell.back() == '\''; };
    for (std::size_t column = 0; column < rows.front().cells.size(); ++column) {
        const auto plain = [&](const CsvRow& row) { return !quoted(row.cells[column]) && !isMissing(row.cells[column]); };
        if (std::any_of(rows.begin() + 1, rows.end(), plain))
            continue;
        for (CsvRow& row : rows)
            if (std::string& cell = row.cells[column]; quoted(cell))
                cell = cell.substr(1, cell.size() - 2);
    }
}

char guessSeparator(std::string_view text_)
{
    constexpr std::size_t sampleBytes = 1 << 16;
    std::string_view sample = text_.substr(0, sampleBytes);
    if (sample.size() < text_.size()) // whole rows only
        sample = sample.substr(0, sample.rfind('\n') == std::string_view::npos ? sample.size() : sample.rfind('\n'));
    char best = ',';
    double bestScore = 0;
    for (const char separator : {',', ';', '\t', '|'}) {
        const auto rows = parseCsv(sample, separator);
        if (!rows || rows->empty())
            continue;
        const std::size_t columns = rows->front().cells.size();
        const auto alike =
            std::count_if(rows->begin(), rows->end(), [&](const CsvRow& row) { return row.cells.size() == columns; });
        const double share = static_cast<double>(alike) / static_cast<double>(rows->size());
        const double score = columns > 1 ? share + 1e-4 * static_cast<double>(std::min<std::size_t>(columns, 1000)) : 0;
        if (score > bestScore) {
            best = separator;
            bestScore = score;
        }
    }
    return best;
}

std::optional<double> parseNumber(std::string_view cell)
{
    cell = trimmed(cell);
    if (cell.starts_with('+'))
        cell.remove_prefix(1);
    double value = 0;
    const auto [rest, error] = std::from_chars(cell.data(), cell.data() + cell.size(), value);
    if (error != std::errc{} || rest != cell.data() + cell.size() || !std::isfinite(static_cast<float>(value)))
        return std::nullopt;
    return value;
}

bool isMissing(std::string_view cell)
{
    cell = trimmed(cell);
    if (cell.empty())
        return true;
    std::string lower{cell.substr(0, 8)};
    for (char& c : lower)
        c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    constexpr std::array markers{"?", "na", "n/a", "nan", "null", "none", "-", "#n/a"};
    return cell.size() < 8 && std::find(markers.begin(), markers.end(), lower) != markers.end();
}

std::string csvCell(std::string_view text)
{
    if (text.find_first_of(",\"\r\n") == std::string_view::npos)
        return std::string{text};
    std::string quoted = "\"";
    for (const char c : text) {
        if (c == '"')
            quoted += c;
        quoted += c;
    }
    return quoted + '"';
}

}
