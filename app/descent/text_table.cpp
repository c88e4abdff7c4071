// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/descent/text_table.h"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>

namespace descent {

TextTable::TextTable(std::vector<std::string> heading) : m_rows{std::move(heading)} {}

void TextTable::add(std::vector<std::string> row)
{
    row.resize(m_rows.front().size());
    for (std::string& cell : row)
        cell = printable(cell);
    m_rows.push_back(std::move(row));
}

void TextTable::print(const Terminal& terminal) const
{
    std::vector<std::size_t> widths(m_rows.front().size(), 0);
    for (const auto& row : m_rows)
        for (std::size_t i = 0; i < row.size(); ++i)
            widths[i] = std::max(widths[i], columnsOf(row[i]));
    constexpr std::size_t gap = 2, narrowest = 8;
    const auto total = [&] { return std::accumulate(widths.begin(), widths.end(), gap * (widths.size() - 1)); };
    // In a pipe nothing is cut: a program may read it.
    while (terminal.interactive && total() > static_cast<std::size_t>(terminal.width)) {
        auto widest = std::max_element(widths.begin(), widths.end());
        if (*widest <= narrowest)
            break;
        --*widest;
    }
    for (std::size_t r = 0; r < m_rows.size(); ++r) {
        std::string line;
        for (std::size_t i = 0; i < m_rows[r].size(); ++i)
            line += fitted(m_rows[r][i], widths[i], terminal.unicode) + std::string(gap, ' ');
        line.erase(line.find_last_not_of(' ') + 1);
        fmt::print("{}\n", r == 0 ? coloured(terminal, 2, line) : line);
    }
}

}
