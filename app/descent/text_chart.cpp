// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/descent/text_chart.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <limits>
#include <optional>

namespace descent {

namespace {

constexpr std::array<int, 6> colours{36, 33, 35, 32, 34, 31}; // of the terminal's palette: cyan and yellow first
constexpr std::array<const char*, 6> letters{"*", "o", "+", "x", "#", "@"};
constexpr double logarithmicFrom = 50;

struct Range {
    double low = std::numeric_limits<double>::infinity(), high = -std::numeric_limits<double>::infinity();
    void take(double value)
    {
        low = std::min(low, value);
        high = std::max(high, value);
    }
    double shareOf(double value) const { return high > low ? (value - low) / (high - low) : 0.5; }
};

/// A grid of dots, several to a character, each character in the colour of the line drawn into it last.
class Canvas {
public:
    Canvas(int columns, int rows, bool braille)
        : m_columns{columns}, m_rows{rows}, m_braille{braille}, m_cells(static_cast<std::size_t>(columns * rows))
    {
    }
    int dotsWide() const { return m_columns * (m_braille ? 2 : 1); }
    int dotsHigh() const { return m_rows * (m_braille ? 4 : 1); }

    void set(int x, int y, int line)
    {
        // Dots of a braille character, by column and row: U+2800 plus these bits.
        static constexpr int bits[2][4] = {{0x01, 0x02, 0x04, 0x40}, {0x08, 0x10, 0x20, 0x80}};
        Cell& cell = m_cells[static_cast<std::size_t>(m_braille ? y / 4 * m_columns + x / 2 : y * m_columns + x)];
        cell.dots |= m_braille ? bits[x % 2][y % 4] : 1;
        cell.line = line;
    }
    std::string row(int row, const Terminal& terminal) const
    {
        std::string text, sameColour; // one command for a stretch of characters, not one each
        int line = -1;
        const auto finish = [&] {
            if (!sameColour.empty())
                text += coloured(terminal, colours[static_cast<std::size_t>(line) % colours.size()], sameColour);
            sameColour.clear();
        };
        for (int column = 0; column < m_columns; ++column) {
            const Cell& cell = m_cells[static_cast<std::size_t>(row * m_columns + column)];
            if (cell.dots == 0) {
                finish();
                text += ' ';
            } else if (m_braille) {
                if (cell.line != line)
                    finish();
                line = cell.line;
                sameColour += brailleCharacter(cell.dots);
            } else {
                text += letters[static_cast<std::size_t>(cell.line) % letters.size()];
            }
        }
        finish();
        text.erase(text.find_last_not_of(' ') + 1);
        return text;
    }

private:
    static std::string brailleCharacter(int dots)
    {
        const int code = 0x2800 + dots;
        return {static_cast<char>(0xE0 | code >> 12), static_cast<char>(0x80 | (code >> 6 & 0x3F)),
                static_cast<char>(0x80 | (code & 0x3F))};
    }
    struct Cell {
        int dots = 0, line = 0;
    };
    int m_columns, m_rows;
    bool m_braille;
    std::vector<Cell> m_cells;
};

/// Where a value lies along x; what has no place there is not finite.
double placeOf(double x, bool logX)
{
    return logX ? std::log(x) : x;
}

/// Mean of the values in each column of dots; nothing where none fall.
std::vector<std::optional<double>> columnMeans(const ChartLine& line, const Range& x, bool logX, int columns)
{
    std::vector<double> sums(static_cast<std::size_t>(columns)), counts(sums);
    for (std::size_t i = 0; i < line.y.size(); ++i) {
        const double place = placeOf(line.x[i], logX);
        if (!std::isfinite(line.y[i]) || !std::isfinite(place))
            continue;
        const auto column = static_cast<std::size_t>(std::lround(x.shareOf(place) * (columns - 1)));
        sums[column] += line.y[i];
        ++counts[column];
    }
    std::vector<std::optional<double>> means(sums.size());
    for (std::size_t i = 0; i < means.size(); ++i)
        if (counts[i] > 0)
            means[i] = sums[i] / counts[i];
    return means;
}

void drawLine(Canvas& canvas, const std::vector<std::optional<double>>& shares, int line)
{
    const int high = canvas.dotsHigh() - 1;
    const auto dotOf = [&](double share) { return high - static_cast<int>(std::lround(share * high)); };
    int lastX = -1;
    for (int x = 0; x < static_cast<int>(shares.size()); ++x) {
        if (!shares[static_cast<std::size_t>(x)])
            continue;
        const double to = *shares[static_cast<std::size_t>(x)];
        const double from = lastX < 0 ? to : *shares[static_cast<std::size_t>(lastX)];
        int lastDot = dotOf(from);
        for (int step = lastX < 0 ? x : lastX + 1; step <= x; ++step) {
            const double along = lastX < 0 ? 1.0 : static_cast<double>(step - lastX) / (x - lastX);
            const int dot = dotOf(from + along * (to - from));
            for (int y = std::min(dot, lastDot); y <= std::max(dot, lastDot); ++y)
                canvas.set(step, y, line);
            lastDot = dot;
        }
        lastX = x;
    }
}

}

std::string textChart(const std::string& title, const std::vector<ChartLine>& lines, const Terminal& terminal, const ChartOptions& options)
{
    Range x, y;
    for (const ChartLine& line : lines)
        for (std::size_t i = 0; i < line.y.size(); ++i)
            if (const double place = placeOf(line.x[i], options.logX); std::isfinite(line.y[i]) && std::isfinite(place)) {
                x.take(place);
                y.take(line.y[i]);
            }
    if (x.low > x.high)
        return {};

    const bool logarithmic = y.low > 0 && y.high / y.low > logarithmicFrom;
    const Range axis = logarithmic ? Range{std::log(y.low), std::log(y.high)} : y;
    constexpr int labelWidth = 10, widest = 100, narrowest = 20;
    const int rows = options.rows;
    Canvas canvas{std::max(narrowest, std::min(terminal.width, widest) - labelWidth - 2), rows,
                  terminal.colour && terminal.unicode};
    for (std::size_t i = 0; i < lines.size(); ++i) {
        auto shares = columnMeans(lines[i], x, options.logX, canvas.dotsWide());
        for (std::optional<double>& value : shares)
            if (value)
                value = axis.shareOf(logarithmic ? std::log(*value) : *value);
        drawLine(canvas, shares, static_cast<int>(i));
    }

    std::string text = fmt::format("{}{}", coloured(terminal, 1, title), logarithmic ? " (logarithmic)" : "");
    for (std::size_t i = 0; i < lines.size(); ++i) {
        const std::string sign = terminal.colour && terminal.unicode ? coloured(terminal, colours[i % colours.size()], "━")
                                                                     : std::string{letters[i % letters.size()]};
        text += fmt::format("   {} {}", sign, printable(lines[i].label));
    }
    text += '\n';
    const char* bar = terminal.unicode ? "│" : "|";
    for (int row = 0; row < rows; ++row) {
        std::string label;
        if (row == 0 || row == rows - 1 || row == rows / 2) {
            const double share = 1.0 - static_cast<double>(row) / (rows - 1);
            const double value = axis.low + share * (axis.high - axis.low);
            label = formatFigure(logarithmic ? std::exp(value) : value);
        }
        text += fmt::format("{:>{}} {}{}\n", label, labelWidth, coloured(terminal, 2, bar), canvas.row(row, terminal));
    }
    const auto written = [&](double place) { return fmt::format("{:.6g}", options.logX ? std::exp(place) : place); };
    const std::string from = written(x.low), to = written(x.high);
    const int columns = canvas.dotsWide() / (terminal.colour && terminal.unicode ? 2 : 1);
    const int between = std::max(1, columns - static_cast<int>(from.size() + to.size()));
    text += std::string(labelWidth + 2, ' ') + from + std::string(static_cast<std::size_t>(between), ' ') + to + "\n";
    return text;
}

}
