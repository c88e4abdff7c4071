// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/data/series_season.h"

#include "engine/core/metrics/season.h"

#include <algorithm>
#include <map>

namespace descent {

std::vector<float> columnOf(const Series& series, std::size_t column, std::int64_t end)
{
    std::vector<float> values;
    values.reserve(static_cast<std::size_t>(end));
    for (std::int64_t step = 0; step < end; ++step)
        values.push_back(series.values[static_cast<std::size_t>(step * series.columns()) + column]);
    return values;
}

std::int64_t seasonOf(const Series& series, std::int64_t end)
{
    constexpr std::int64_t columnsAsked = 8;
    std::map<std::int64_t, int> votes; // by season, the shortest first
    const std::int64_t every = std::max<std::int64_t>(1, series.columns() / columnsAsked);
    for (std::int64_t column = 0; column < series.columns(); column += every)
        ++votes[seasonLength(columnOf(series, static_cast<std::size_t>(column), end))];
    const auto most = std::max_element(votes.begin(), votes.end(), [](const auto& a, const auto& b) { return a.second < b.second; });
    return most == votes.end() || most->first < 2 ? 0 : most->first;
}

}
