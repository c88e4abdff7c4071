// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/data/text_rows.h"

#include "engine/core/text/utf8.h"

#include <algorithm>
#include <fstream>
#include <set>
#include <span>

namespace descent {

namespace fs = std::filesystem;

namespace {

/// The first bytes of a file, up to its last whole line; empty when it cannot be read.
std::string beginningOf(const fs::path& file)
{
    std::string content(std::size_t{1} << 16, '\0');
    std::ifstream stream{file, std::ios::binary};
    stream.read(content.data(), static_cast<std::streamsize>(content.size()));
    content.resize(static_cast<std::size_t>(std::max<std::streamsize>(stream.gcount(), 0)));
    if (const std::size_t lastLine = content.rfind('\n'); lastLine != std::string::npos && !stream.eof())
        content.resize(lastLine + 1);
    else
        content.resize(wholeCharacters(content));
    return content;
}

/// The rows as the first of `separators` that does it splits them: nearly all into the same number of cells, at least two.
std::vector<CsvRow> evenRows(std::string_view content, std::string_view separators)
{
    for (const char separator : separators) {
        Result<std::vector<CsvRow>> rows = parseTextRows(content, separator);
        if (!rows || rows->size() < 2)
            continue;
        const std::size_t cells = rows->front().cells.size();
        const auto unlike = std::erase_if(*rows, [&](const CsvRow& row) { return row.cells.size() != cells; });
        if (cells >= 2 && unlike * 20 <= rows->size())
            return std::move(*rows.value);
    }
    return {};
}

std::string unquoted(std::string_view cell)
{
    if (cell.size() < 2 || cell.front() != '"' || cell.back() != '"')
        return std::string{cell};
    cell = cell.substr(1, cell.size() - 2);
    std::string result;
    for (std::size_t i = 0; i < cell.size(); ++i) {
        result += cell[i];
        if (cell[i] == '"' && i + 1 < cell.size() && cell[i + 1] == '"')
            ++i;
    }
    return result;
}

constexpr std::size_t looked = 1000; // rows that tell what a column is

double meanBlanks(const std::vector<CsvRow>& rows, std::size_t column)
{
    const std::size_t count = std::min(looked, rows.size());
    std::ptrdiff_t blanks = 0;
    for (std::size_t i = 0; i < count; ++i)
        blanks += std::count(rows[i].cells[column].begin(), rows[i].cells[column].end(), ' ');
    return static_cast<double>(blanks) / static_cast<double>(count);
}

std::string lowerStem(const fs::path& path)
{
    return lowered(path.stem().string());
}

bool isTableFile(const fs::path& path)
{
    const std::string ending = lowered(path.extension().string());
    return ending == ".tsv" || ending == ".csv" || ending == ".txt" || ending == ".tab";
}

constexpr const char* trainNames[]{"training", "train"};
constexpr const char* validationNames[]{"validation", "valid", "dev", "val"};
constexpr const char* testNames[]{"testing", "test"};

bool isNamed(const fs::path& path, std::span<const char* const> names)
{
    const std::string stem = lowerStem(path);
    return std::any_of(names.begin(), names.end(), [&](const char* name) { return stem.find(name) != std::string::npos; });
}

}

Result<std::vector<CsvRow>> parseTextRows(std::string_view content, char separator, const std::stop_token& stop)
{
    if (separator != '\t')
        return parseCsv(content, separator, {}, stop);
    if (content.starts_with("\xEF\xBB\xBF"))
        content.remove_prefix(3);
    const CsvLimits limits;
    std::vector<CsvRow> rows;
    for (std::int64_t line = 1; !content.empty(); ++line) {
        if ((line & 0xffff) == 0 && stop.stop_requested())
            throw Cancelled{};
        const std::size_t end = std::min(content.find('\n'), content.size());
        std::string_view rest = content.substr(0, end);
        content.remove_prefix(std::min(end + 1, content.size()));
        if (rest.ends_with('\r'))
            rest.remove_suffix(1);
        if (rest.empty())
            continue;
        CsvRow row{.cells = {}, .line = line};
        for (;;) {
            const std::size_t tab = std::min(rest.find('\t'), rest.size());
            row.cells.push_back(unquoted(rest.substr(0, tab)));
            if (tab == rest.size())
                break;
            rest.remove_prefix(tab + 1);
            if (row.cells.size() > limits.columns)
                return {std::nullopt,
                        {{std::to_string(line), text("a row has more than %1 columns", limits.columns), text("check the separator")}}};
        }
        rows.push_back(std::move(row));
        if (rows.size() > limits.rows)
            return {std::nullopt, {{std::to_string(line), text("the table has more than %1 rows", limits.rows), {}}}};
    }
    return {std::move(rows), {}};
}

std::optional<std::size_t> sentenceColumn(const std::vector<CsvRow>& rows)
{
    std::optional<std::size_t> best;
    double mostBlanks = 2;
    for (std::size_t column = 0; !rows.empty() && column < rows.front().cells.size(); ++column) {
        std::set<std::string_view> distinct;
        for (std::size_t i = 0; i < std::min(looked, rows.size()); ++i)
            distinct.insert(rows[i].cells[column]);
        const double mean = meanBlanks(rows, column);
        if (mean >= mostBlanks && distinct.size() * 2 >= std::min(looked, rows.size())) {
            best = column;
            mostBlanks = mean;
        }
    }
    return best;
}

bool isTextTable(const fs::path& file)
{
    const std::string content = beginningOf(file);
    // Every line of a poem may hold one comma; nobody writes prose with tabs.
    const bool mayBeProse = lowered(file.extension().string()) == ".txt";
    const std::vector<CsvRow> rows = evenRows(content, mayBeProse ? "\t|" : "\t,;|");
    const auto sentences = sentenceColumn(rows);
    if (!sentences)
        return false;
    // A table of many columns with a person's name or an address among them is about the other columns.
    if (rows.front().cells.size() > 4 && meanBlanks(rows, *sentences) < 8)
        return false;
    // Another column repeats itself: labels. A second one of sentences would be their translation.
    for (std::size_t column = 0; column < rows.front().cells.size(); ++column) {
        std::set<std::string_view> distinct;
        for (const CsvRow& row : rows)
            distinct.insert(row.cells[column]);
        if (column != *sentences && (distinct.size() * 2 <= rows.size() || rows.size() < 4))
            return true;
    }
    return false;
}

bool isPlainText(const fs::path& file)
{
    const std::string content = beginningOf(file);
    if (content.empty() || !isUtf8(content) || content.find('\0') != std::string::npos || !evenRows(content, "\t|").empty())
        return false;
    const std::vector<CsvRow> rows = evenRows(content, ",;");
    for (std::size_t column = 0; !rows.empty() && column < rows.front().cells.size(); ++column)
        if (std::all_of(rows.begin() + 1, rows.end(), [&](const CsvRow& row) { return parseNumber(row.cells[column]); }))
            return false;
    return true;
}

PartFiles partFilesIn(const fs::path& folder)
{
    PartFiles parts;
    std::vector<fs::path> files;
    std::error_code error;
    for (const fs::directory_entry& entry : fs::directory_iterator{folder, fs::directory_options::skip_permission_denied, error})
        if (entry.is_regular_file(error) && isTableFile(entry.path()))
            files.push_back(entry.path());
    std::sort(files.begin(), files.end());
    for (const fs::path& file : files) {
        fs::path& part = isNamed(file, trainNames) ? parts.train
            : isNamed(file, testNames)             ? parts.test
                                                   : parts.validation;
        if (part.empty() && (&part != &parts.validation || isNamed(file, validationNames)))
            part = file;
    }
    return parts;
}

PartFiles partFilesBeside(const fs::path& file)
{
    PartFiles parts{.train = file};
    const std::string name = file.filename().string();
    const auto beside = [&](std::span<const char* const> others) -> fs::path {
        for (const char* mine : trainNames) {
            const std::size_t at = lowered(name).find(mine);
            if (at == std::string::npos || lowered(name).size() != name.size())
                continue;
            for (const char* other : others) {
                std::string otherName = name;
                otherName.replace(at, std::string_view{mine}.size(), other);
                std::error_code error;
                if (fs::is_regular_file(file.parent_path() / otherName, error))
                    return file.parent_path() / otherName;
            }
        }
        return {};
    };
    parts.validation = beside(validationNames);
    parts.test = beside(testNames);
    return parts;
}

}
