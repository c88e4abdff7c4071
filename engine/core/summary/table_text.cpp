// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/summary/table_text.h"

#include "engine/core/data/csv.h"

#include <algorithm>
#include <string_view>

namespace descent {

namespace {

void replaceAll(std::string& text, std::string_view what, std::string_view by)
{
    for (std::size_t at = 0; (at = text.find(what, at)) != std::string::npos; at += by.size())
        text.replace(at, what.size(), by);
}

std::string onOneLine(std::string_view cell)
{
    std::string text{cell};
    std::ranges::replace_if(text, [](char letter) { return letter == '\n' || letter == '\r' || letter == '\t'; }, ' ');
    return text;
}

std::string markdownCell(std::string_view text)
{
    std::string escaped;
    for (const char letter : onOneLine(text)) {
        if (std::string_view{"\\|*`<_["}.find(letter) != std::string_view::npos)
            escaped += '\\';
        escaped += letter;
    }
    return escaped;
}

std::string latexCell(std::string_view text)
{
    std::string escaped;
    for (const char letter : onOneLine(text))
        switch (letter) {
        case '\\': escaped += "\\textbackslash{}"; break;
        case '~': escaped += "\\textasciitilde{}"; break;
        case '^': escaped += "\\textasciicircum{}"; break;
        case '&':
        case '%':
        case '$':
        case '#':
        case '_':
        case '{':
        case '}': (escaped += '\\') += letter; break;
        default: escaped += letter;
        }
    replaceAll(escaped, "±", "$\\pm$");
    return escaped;
}

/// How a format writes lines of cells.
struct Style {
    std::string (*cell)(std::string_view) = csvCell;
    std::string_view before, between, after, bold, boldEnd;
};

template <typename IsBest>
std::string line(const std::vector<std::string>& cells, const Style& style, IsBest isBest)
{
    std::string text{style.before};
    for (std::size_t i = 0; i < cells.size(); ++i) {
        text += i > 0 ? style.between : std::string_view{};
        const bool isBold = isBest(i);
        text.append(isBold ? style.bold : std::string_view{}).append(style.cell(cells[i])).append(isBold ? style.boldEnd : std::string_view{});
    }
    return text.append(style.after);
}

Style styleOf(TableFormat format)
{
    switch (format) {
    case TableFormat::markdown: return {markdownCell, "| ", " | ", " |\n", "**", "**"};
    case TableFormat::latex: return {latexCell, "", " & ", " \\\\\n", "\\textbf{", "}"};
    case TableFormat::csv: break;
    }
    return {csvCell, "", ",", "\r\n", "", ""};
}

}

std::string tableText(const ReportTable& table, TableFormat format)
{
    const Style style = styleOf(format);
    const bool isLatex = format == TableFormat::latex;
    std::string text;
    if (isLatex)
        text = "% \\usepackage{booktabs}\n\\begin{tabular}{l" + std::string(std::max<std::size_t>(1, table.heading.size()) - 1, 'r') + "}\n\\toprule\n";
    text += line(table.heading, style, [](std::size_t) { return false; });
    if (isLatex)
        text += "\\midrule\n";
    if (format == TableFormat::markdown) {
        std::string rule = "|";
        for (std::size_t i = 0; i < table.heading.size(); ++i)
            rule += i == 0 ? ":---|" : "---:|";
        text += rule + '\n';
    }
    for (std::size_t row = 0; row < table.rows.size(); ++row)
        text += line(table.rows[row], style, [&](std::size_t column) { return table.isBest(row, column); });
    return isLatex ? text + "\\bottomrule\n\\end{tabular}\n" : text;
}

std::string comparisonText(const FigureTable& table, TableFormat format, const ReportWords& words)
{
    if (format != TableFormat::csv)
        return tableText(hasRepeats(table) ? resultsTable(table, figureColumns(table), words) : reportTable(table, figureColumns(table), words), format);
    std::vector<std::string> columns = figureColumns(table);
    std::ranges::copy(differingSettings(table), std::back_inserter(columns));
    return tableText(reportTable(table, columns, {.value = [](const FigureColumn&, double number) { return fmt::format("{}", number); }}), format);
}

}
