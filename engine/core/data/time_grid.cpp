// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/data/time_grid.h"

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <numeric>

namespace descent {

namespace {

namespace chrono = std::chrono;

constexpr std::int64_t day = 86'400;
constexpr std::int64_t firstMonday = 4; // 1970-01-05, in days since 1970

std::int64_t dayOf(std::int64_t seconds)
{
    return seconds >= 0 ? seconds / day : -((-seconds + day - 1) / day);
}

chrono::year_month_day dateOf(std::int64_t seconds)
{
    return chrono::sys_days{chrono::days{dayOf(seconds)}};
}

std::int64_t monthOf(std::int64_t seconds)
{
    const chrono::year_month_day date = dateOf(seconds);
    return static_cast<int>(date.year()) * 12 + static_cast<std::int64_t>(static_cast<unsigned>(date.month())) - 1;
}

/// Quotient rounded towards minus infinity.
std::int64_t floored(std::int64_t value, std::int64_t by)
{
    return value >= 0 ? value / by : -((-value + by - 1) / by);
}

std::int64_t rounded(std::int64_t value, std::int64_t by)
{
    return floored(value + by / 2, by);
}

std::int64_t workingDayOf(std::int64_t seconds)
{
    const std::int64_t days = dayOf(seconds) - firstMonday, week = floored(days, 7);
    return week * 5 + std::min<std::int64_t>(days - week * 7, 4); // a weekend counts as its Friday
}

/// The median: gaps are longer and jitter is small.
std::int64_t usualDifference(const std::vector<std::int64_t>& times)
{
    std::vector<std::int64_t> differences(times.size());
    std::adjacent_difference(times.begin(), times.end(), differences.begin());
    differences.erase(differences.begin());
    const auto middle = differences.begin() + static_cast<std::ptrdiff_t>((differences.size() - 1) / 2);
    std::nth_element(differences.begin(), middle, differences.end());
    return *middle;
}

std::optional<TimeGrid> monthGrid(const std::vector<std::int64_t>& times)
{
    TimeGrid grid{.unit = TimeGrid::Unit::months, .size = 0, .first = times.front(), .dayOfMonth = 0};
    for (const std::int64_t time : times) {
        grid.dayOfMonth = std::max<std::int64_t>(grid.dayOfMonth, static_cast<unsigned>(dateOf(time).day()));
        grid.size = std::gcd(grid.size, monthOf(time) - monthOf(times.front()));
    }
    if (grid.size == 0)
        return std::nullopt;
    const bool fits = std::all_of(times.begin(), times.end(), [&](std::int64_t time) { return grid.secondsAt(grid.nearestStep(time)) == time; });
    return fits ? std::optional{grid} : std::nullopt;
}

}

std::int64_t TimeGrid::secondsAt(std::int64_t step) const
{
    const std::int64_t clock = first - dayOf(first) * day;
    switch (unit) {
    case Unit::seconds: return first + step * size;
    case Unit::workingDays: {
        const std::int64_t number = workingDayOf(first) + step * size, week = floored(number, 5);
        return (week * 7 + number - week * 5 + firstMonday) * day + clock;
    }
    case Unit::months: {
        const std::int64_t month = monthOf(first) + step * size, year = floored(month, 12);
        const chrono::year_month in{chrono::year{static_cast<int>(year)}, chrono::month{static_cast<unsigned>(month - year * 12 + 1)}};
        const chrono::day last = (in / chrono::last).day();
        const chrono::day at = std::min(last, chrono::day{static_cast<unsigned>(dayOfMonth)});
        return static_cast<std::int64_t>(chrono::sys_days{in / at}.time_since_epoch().count()) * day + clock;
    }
    }
    return first;
}

std::int64_t TimeGrid::nearestStep(std::int64_t seconds) const
{
    switch (unit) {
    case Unit::seconds: return rounded(seconds - first, size);
    case Unit::workingDays: return rounded(workingDayOf(seconds) - workingDayOf(first), size);
    case Unit::months: return rounded(monthOf(seconds) - monthOf(first), size);
    }
    return 0;
}

std::optional<TimeGrid> findTimeGrid(const std::vector<std::int64_t>& times)
{
    const std::int64_t usual = usualDifference(times);
    if (usual <= 0)
        return std::nullopt;
    if (usual >= 28 * day)
        if (const auto months = monthGrid(times))
            return months;
    TimeGrid grid{.size = usual, .first = times.front()};
    const auto isWeekend = [](std::int64_t time) { return floored(dayOf(time) - firstMonday, 7) * 7 + 5 <= dayOf(time) - firstMonday; };
    if (usual == day && times.back() - times.front() >= 14 * day && std::none_of(times.begin(), times.end(), isWeekend))
        grid = {.unit = TimeGrid::Unit::workingDays, .size = 1, .first = times.front()};
    const auto standing = std::count_if(times.begin(), times.end(), [&](std::int64_t time) {
        return std::abs(grid.secondsAt(grid.nearestStep(time)) - time) * 10 <= usual;
    });
    return standing * 10 >= static_cast<std::ptrdiff_t>(times.size()) * 9 ? std::optional{grid} : std::nullopt;
}

Text writtenStep(const TimeGrid& grid)
{
    if (grid.unit == TimeGrid::Unit::workingDays)
        return text("1 working day");
    if (grid.unit == TimeGrid::Unit::months) {
        if (grid.size % 12 == 0)
            return grid.size == 12 ? text("1 year") : text("%1 years", grid.size / 12);
        return grid.size == 1 ? text("1 month") : text("%1 months", grid.size);
    }
    if (grid.size % day == 0)
        return grid.size == day ? text("1 day") : text("%1 days", grid.size / day);
    if (grid.size % 3600 == 0)
        return grid.size == 3600 ? text("1 hour") : text("%1 hours", grid.size / 3600);
    if (grid.size % 60 == 0)
        return grid.size == 60 ? text("1 minute") : text("%1 minutes", grid.size / 60);
    return grid.size == 1 ? text("1 second") : text("%1 seconds", grid.size);
}

}
