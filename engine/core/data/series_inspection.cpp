// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/data/series_inspection.h"

#include "engine/core/data/series_season.h"
#include "engine/core/data/time_grid.h"
#include "engine/core/data/time_text.h"

#include <algorithm>
#include <cmath>

namespace descent {

namespace {

/// Steps at which nothing was measured, in stretches.
struct Gaps {
    std::int64_t count = 0, steps = 0, longest = 0, longestBegin = 0;
};

Gaps gapsOf(const Series& series)
{
    Gaps gaps;
    std::int64_t length = 0;
    for (std::int64_t step = 0; step < series.count; ++step) {
        const auto row = series.values.begin() + static_cast<std::ptrdiff_t>(step * series.columns());
        const bool empty = std::none_of(row, row + series.columns(), [](float value) { return std::isfinite(value); });
        length = empty ? length + 1 : 0;
        gaps.count += length == 1;
        gaps.steps += empty;
        if (length > gaps.longest) {
            gaps.longest = length;
            gaps.longestBegin = step - length + 1;
        }
    }
    return gaps;
}

}

void describeSeries(const Series& series, DatasetReport& report)
{
    report.sampleShape = {series.columns()};
    const auto when = [&](std::int64_t step) {
        return series.seconds.empty() ? std::to_string(step) : writtenTime(series.seconds[static_cast<std::size_t>(step)]);
    };
    if (series.seconds.size() > 1) {
        report.firstSecond = series.seconds.front();
        report.lastSecond = series.seconds.back();
        report.facts.push_back(text("from %1 to %2", when(0), when(series.count - 1)));
        if (const auto grid = findTimeGrid(series.seconds))
            report.facts.push_back(text("a step is %1", english(writtenStep(*grid))));
    } else {
        report.facts.push_back(text("without times"));
    }
    if (const std::int64_t season = seasonOf(series, series.count); season > 0)
        report.facts.push_back(text("comes again every %1 steps", season));
    else
        report.facts.push_back(text("no season shows"));
    if (const Gaps gaps = gapsOf(series); gaps.steps == 1)
        report.facts.push_back(text("one step is missing, at %1", when(gaps.longestBegin)));
    else if (gaps.steps > 0)
        report.facts.push_back(text("%1 steps are missing in %2 gaps, the longest of %3 from %4", gaps.steps, gaps.count, gaps.longest,
                                    when(gaps.longestBegin)));
}

void drawCourse(const Series& series, std::size_t column, DatasetReport::ColumnView& view)
{
    constexpr std::int64_t stretches = 400;
    const std::int64_t count = std::min(stretches, series.count);
    view.lows.assign(static_cast<std::size_t>(count), NAN);
    view.highs = view.lows;
    for (std::int64_t step = 0; step < series.count; ++step) {
        const float value = series.values[static_cast<std::size_t>(step * series.columns()) + column];
        if (!std::isfinite(value))
            continue;
        const auto stretch = static_cast<std::size_t>(step * count / series.count);
        float &low = view.lows[stretch], &high = view.highs[stretch];
        low = std::isfinite(low) ? std::min(low, value) : value;
        high = std::isfinite(high) ? std::max(high, value) : value;
    }
}

}
