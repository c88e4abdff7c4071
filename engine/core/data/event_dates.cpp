// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/data/event_dates.h"

#include "engine/core/data/csv.h"

#include <algorithm>
#include <charconv>
#include <chrono>
#include <cmath>

namespace descent {

namespace {

constexpr double farthestDay = 1e6;

std::string_view trimmed(std::string_view cell)
{
    const auto first = cell.find_first_not_of(" \t");
    return first == std::string_view::npos ? std::string_view{} : cell.substr(first, cell.find_last_not_of(" \t") - first + 1);
}

/// Takes exactly `digits` digits from the front.
std::optional<int> takeNumber(std::string_view& rest, std::size_t digits)
{
    if (rest.size() < digits || !std::all_of(rest.begin(), rest.begin() + static_cast<std::ptrdiff_t>(digits),
                                             [](char c) { return c >= '0' && c <= '9'; }))
        return std::nullopt;
    int number = 0;
    std::from_chars(rest.data(), rest.data() + digits, number);
    rest.remove_prefix(digits);
    return number;
}

bool take(std::string_view& rest, char wanted)
{
    if (!rest.starts_with(wanted))
        return false;
    rest.remove_prefix(1);
    return true;
}

std::optional<double> dayOf(int year, int month, int day)
{
    constexpr int firstYear = 1850, lastYear = 2150;
    const std::chrono::year_month_day date{std::chrono::year{year}, std::chrono::month{static_cast<unsigned>(month)},
                                           std::chrono::day{static_cast<unsigned>(day)}};
    if (!date.ok() || year < firstYear || year > lastYear)
        return std::nullopt;
    return static_cast<double>(std::chrono::sys_days{date}.time_since_epoch().count());
}

/// "hh:mm[:ss[.fff]]" as a fraction of a day.
std::optional<double> takeTime(std::string_view& rest)
{
    const auto hours = takeNumber(rest, 2);
    if (!hours || !take(rest, ':'))
        return std::nullopt;
    const auto minutes = takeNumber(rest, 2);
    double seconds = 0;
    if (minutes && take(rest, ':')) {
        const auto whole = takeNumber(rest, 2);
        if (!whole)
            return std::nullopt;
        seconds = *whole;
        if (take(rest, '.'))
            for (double place = 0.1; !rest.empty() && rest.front() >= '0' && rest.front() <= '9'; place /= 10) {
                seconds += place * (rest.front() - '0');
                rest.remove_prefix(1);
            }
    }
    if (!minutes || *hours > 24 || *minutes > 59 || seconds >= 61 || (*hours == 24 && (*minutes > 0 || seconds > 0)))
        return std::nullopt;
    return (*hours * 3600 + *minutes * 60 + seconds) / 86400;
}

/// "", "Z", "+02:00", "+0200", "+02": what is to be taken away to come to UTC, in days.
std::optional<double> takeOffset(std::string_view& rest)
{
    rest = trimmed(rest);
    if (rest == "Z" || rest == "z" || rest == "UTC" || rest.empty()) {
        rest = {};
        return 0;
    }
    const double sign = rest.front() == '-' ? -1 : 1;
    if (!take(rest, '+') && !take(rest, '-'))
        return std::nullopt;
    const auto hours = takeNumber(rest, 2);
    take(rest, ':');
    const auto minutes = rest.empty() ? std::optional{0} : takeNumber(rest, 2);
    if (!hours || !minutes || *hours > 14 || *minutes > 59)
        return std::nullopt;
    return sign * (*hours * 60 + *minutes) / 1440;
}

std::optional<double> parseCalendar(std::string_view rest)
{
    const auto year = takeNumber(rest, 4);
    if (!year || !take(rest, '-'))
        return std::nullopt;
    const auto month = takeNumber(rest, 2);
    if (!month || !take(rest, '-'))
        return std::nullopt;
    const auto dayOfMonth = takeNumber(rest, 2);
    if (!dayOfMonth)
        return std::nullopt;
    const auto day = dayOf(*year, *month, *dayOfMonth);
    if (!day || rest.empty())
        return day;
    if (!take(rest, 'T') && !take(rest, ' '))
        return std::nullopt;
    const auto time = takeTime(rest);
    const auto offset = time ? takeOffset(rest) : std::nullopt;
    if (!offset || !rest.empty())
        return std::nullopt;
    return *day + *time - *offset;
}

std::optional<double> parseCompact(std::string_view rest)
{
    if (rest.size() != 8)
        return std::nullopt;
    const auto year = takeNumber(rest, 4), month = takeNumber(rest, 2), day = takeNumber(rest, 2);
    return year && month && day ? dayOf(*year, *month, *day) : std::nullopt;
}

}

void DateFormGuess::look(std::string_view cell)
{
    cell = trimmed(cell);
    if (parseCompact(cell))
        ++m_compact;
    else if (parseNumber(cell))
        ++m_numbers;
    else if (!isMissing(cell))
        ++m_calendar;
}

DateForm DateFormGuess::form() const
{
    if (m_calendar >= m_compact && m_calendar >= m_numbers && m_calendar > 0)
        return DateForm::calendar;
    return m_compact > m_numbers ? DateForm::compact : DateForm::dayNumber;
}

std::optional<double> parseDay(std::string_view cell, DateForm form)
{
    cell = trimmed(cell);
    if (form == DateForm::calendar)
        return parseCalendar(cell);
    if (form == DateForm::compact)
        return parseCompact(cell);
    const auto number = parseNumber(cell);
    return number && std::abs(*number) <= farthestDay ? number : std::nullopt;
}

}
