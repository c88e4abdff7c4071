// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/base/text.h"

#include "engine/core/base/problem.h"

#include <algorithm>
#include <cctype>

namespace descent {

std::string english(const Text& text)
{
    std::string sentence;
    for (std::size_t i = 0; i < text.source.size(); ++i) {
        const char c = text.source[i];
        const bool placeholder = c == '%' && i + 1 < text.source.size() && text.source[i + 1] >= '1' && text.source[i + 1] <= '9';
        const std::size_t index = placeholder ? static_cast<std::size_t>(text.source[i + 1] - '1') : 0;
        if (placeholder && index < text.arguments.size()) {
            sentence += text.arguments[index];
            ++i;
        } else {
            sentence += c;
        }
    }
    return sentence;
}

std::string english(const Problem& problem)
{
    std::string sentence = problem.path.empty() ? english(problem.message) : problem.path + ": " + english(problem.message);
    if (!problem.hint.empty())
        sentence += " (" + english(problem.hint) + ")";
    return sentence;
}

namespace {

char lower(char c)
{
    return static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
}

/// Optimal string alignment: insertions, deletions, substitutions and swaps of neighbours cost one each.
std::size_t editDistance(std::string_view a, std::string_view b)
{
    std::vector<std::vector<std::size_t>> d(a.size() + 1, std::vector<std::size_t>(b.size() + 1));
    for (std::size_t i = 0; i <= a.size(); ++i) {
        for (std::size_t j = 0; j <= b.size(); ++j) {
            if (i == 0 || j == 0) {
                d[i][j] = i + j;
                continue;
            }
            const std::size_t cost = lower(a[i - 1]) == lower(b[j - 1]) ? 0 : 1;
            d[i][j] = std::min({d[i - 1][j] + 1, d[i][j - 1] + 1, d[i - 1][j - 1] + cost});
            if (i > 1 && j > 1 && lower(a[i - 1]) == lower(b[j - 2]) && lower(a[i - 2]) == lower(b[j - 1]))
                d[i][j] = std::min(d[i][j], d[i - 2][j - 2] + 1);
        }
    }
    return d[a.size()][b.size()];
}

}

std::string nearestName(std::string_view name, const std::vector<std::string>& known)
{
    constexpr std::size_t longestName = 64; // beyond it nobody mistyped a name of ours, and the table grows with the square
    if (name.size() > longestName)
        return {};
    std::string nearest;
    std::size_t nearestDistance = std::max<std::size_t>(2, name.size() / 3) + 1;
    for (const std::string& candidate : known) {
        const std::size_t distance = editDistance(name, candidate);
        if (distance < nearestDistance) {
            nearest = candidate;
            nearestDistance = distance;
        }
    }
    return nearest;
}

}
