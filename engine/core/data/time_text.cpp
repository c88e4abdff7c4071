// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/data/time_text.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <fmt/format.h>

namespace descent {

namespace {

/// Takes pieces from the front of a text; each take says whether the piece was there.
class Scanner {
public:
    explicit Scanner(std::string_view text) : m_rest{text}
    {
        while (!m_rest.empty() && m_rest.front() == ' ')
            m_rest.remove_prefix(1);
        while (!m_rest.empty() && m_rest.back() == ' ')
            m_rest.remove_suffix(1);
    }
    bool done() const { return m_rest.empty(); }
    bool take(char c)
    {
        if (m_rest.empty() || m_rest.front() != c)
            return false;
        m_rest.remove_prefix(1);
        return true;
    }
    char takeOneOf(std::string_view characters)
    {
        if (m_rest.empty() || characters.find(m_rest.front()) == std::string_view::npos)
            return 0;
        const char c = m_rest.front();
        m_rest.remove_prefix(1);
        return c;
    }
    /// A whole number of `least` to `most` digits, and no digit more.
    std::optional<int> number(std::size_t least, std::size_t most)
    {
        const std::size_t digits = std::min(m_rest.find_first_not_of("0123456789"), m_rest.size());
        if (digits < least || digits > most)
            return std::nullopt;
        int value = 0;
        std::from_chars(m_rest.data(), m_rest.data() + digits, value);
        m_rest.remove_prefix(digits);
        return value;
    }
    void skipDigits() { m_rest.remove_prefix(std::min(m_rest.find_first_not_of("0123456789"), m_rest.size())); }

private:
    std::string_view m_rest;
};

constexpr std::int64_t day = 86'400;

std::optional<std::int64_t> secondsOf(int year, int month, int dayOfMonth)
{
    using namespace std::chrono;
    const year_month_day date{std::chrono::year{year}, std::chrono::month{static_cast<unsigned>(month)},
                              std::chrono::day{static_cast<unsigned>(dayOfMonth)}};
    if (year < 1 || year > 9999 || !date.ok())
        return std::nullopt;
    return static_cast<std::int64_t>(sys_days{date}.time_since_epoch().count()) * day;
}

/// 17:24, 17:24:05, 17:24:05.25; in seconds.
std::optional<std::int64_t> clock(Scanner& scanner)
{
    const auto hour = scanner.number(1, 2);
    if (!hour || *hour > 24 || !scanner.take(':'))
        return std::nullopt;
    const auto minute = scanner.number(2, 2);
    if (!minute || *minute > 59)
        return std::nullopt;
    std::int64_t seconds = 0;
    if (scanner.take(':')) {
        const auto second = scanner.number(2, 2);
        if (!second || *second > 60)
            return std::nullopt;
        seconds = *second;
        if (scanner.takeOneOf(".,"))
            scanner.skipDigits();
    }
    return *hour * 3600 + *minute * 60 + seconds;
}

/// Z, +02:00, -0530, +02: what has to be added to come to UTC.
std::optional<std::int64_t> zone(Scanner& scanner)
{
    if (scanner.done() || scanner.take('Z'))
        return 0;
    const char sign = scanner.takeOneOf("+-");
    const auto together = sign ? scanner.number(2, 4) : std::nullopt;
    if (!together)
        return std::nullopt;
    const bool withMinutes = *together > 99;
    int hours = withMinutes ? *together / 100 : *together, minutes = withMinutes ? *together % 100 : 0;
    if (scanner.take(':')) {
        const auto after = scanner.number(2, 2);
        if (!after)
            return std::nullopt;
        minutes = *after;
    }
    if (hours > 14 || minutes > 59)
        return std::nullopt;
    const std::int64_t offset = hours * 3600 + minutes * 60;
    return sign == '+' ? -offset : offset;
}

/// The time of day behind a date, or the end.
std::optional<std::int64_t> withClock(Scanner& scanner, std::optional<std::int64_t> date)
{
    if (!date || scanner.done())
        return date;
    if (!scanner.take('T') && !scanner.take(' '))
        return std::nullopt;
    auto time = clock(scanner);
    scanner.take(' ');
    if (const char half = scanner.takeOneOf("AaPp"); half && time) {
        if (!scanner.takeOneOf("Mm") || *time >= 13 * 3600)
            return std::nullopt;
        const bool afternoon = half == 'P' || half == 'p', twelve = *time >= 12 * 3600;
        *time += afternoon == twelve ? 0 : afternoon ? 12 * 3600 : -12 * 3600;
    }
    const auto toUtc = time ? zone(scanner) : std::nullopt;
    return toUtc && scanner.done() ? std::optional{*date + *time + *toUtc} : std::nullopt;
}

std::optional<std::int64_t> isoTime(Scanner scanner)
{
    const auto year = scanner.number(4, 4);
    const char separator = year ? scanner.takeOneOf("-/.") : '\0';
    const auto month = separator ? scanner.number(1, 2) : std::nullopt;
    if (!month)
        return std::nullopt;
    if (scanner.done()) // "1949.5" is a number
        return separator == '.' ? std::nullopt : secondsOf(*year, *month, 1);
    const auto dayOfMonth = scanner.take(separator) ? scanner.number(1, 2) : std::nullopt;
    return dayOfMonth ? withClock(scanner, secondsOf(*year, *month, *dayOfMonth)) : std::nullopt;
}

std::optional<std::int64_t> yearLast(Scanner scanner, bool dayFirst)
{
    const auto first = scanner.number(1, 2);
    const char separator = first ? scanner.takeOneOf("-/.") : '\0';
    const auto second = separator ? scanner.number(1, 2) : std::nullopt;
    const auto year = second && scanner.take(separator) ? scanner.number(4, 4) : std::nullopt;
    if (!year)
        return std::nullopt;
    return withClock(scanner, dayFirst ? secondsOf(*year, *second, *first) : secondsOf(*year, *first, *second));
}

std::optional<std::int64_t> wholeNumber(std::string_view cell)
{
    while (!cell.empty() && cell.front() == ' ')
        cell.remove_prefix(1);
    while (!cell.empty() && cell.back() == ' ')
        cell.remove_suffix(1);
    std::int64_t value = 0;
    const char* end = cell.data() + cell.size();
    const auto [rest, error] = std::from_chars(cell.data(), end, value);
    if (error != std::errc{})
        return std::nullopt;
    const bool onlyFraction = rest != end && *rest == '.' && std::all_of(rest + 1, end, [](char c) { return c >= '0' && c <= '9'; });
    return rest == end || onlyFraction ? std::optional{value} : std::nullopt;
}

}

std::optional<std::int64_t> parseTime(std::string_view cell, TimeFormat format)
{
    constexpr std::int64_t lastSecond = 253'402'300'799; // 9999-12-31 23:59:59
    switch (format) {
    case TimeFormat::iso: return isoTime(Scanner{cell});
    case TimeFormat::dayFirst: return yearLast(Scanner{cell}, true);
    case TimeFormat::monthFirst: return yearLast(Scanner{cell}, false);
    case TimeFormat::unixSeconds: {
        const auto value = wholeNumber(cell);
        return value && *value >= 0 && *value <= lastSecond ? value : std::nullopt;
    }
    case TimeFormat::unixMilliseconds: {
        const auto value = wholeNumber(cell);
        return value && *value >= 0 && *value / 1000 <= lastSecond ? std::optional{*value / 1000} : std::nullopt;
    }
    case TimeFormat::year: {
        Scanner scanner{cell};
        const auto year = scanner.number(4, 4);
        return year && scanner.done() ? secondsOf(*year, 1, 1) : std::nullopt;
    }
    }
    return std::nullopt;
}

std::optional<std::int64_t> parseClock(std::string_view cell)
{
    Scanner scanner{cell};
    const auto time = clock(scanner);
    return time && scanner.done() ? time : std::nullopt;
}

std::optional<TimeFormatGuess> guessTimeFormat(const std::vector<std::string_view>& cells, bool numbersToo)
{
    struct Tried {
        TimeFormat format;
        std::size_t read = 0, forwards = 0;
    };
    std::vector<Tried> tried{{TimeFormat::iso}, {TimeFormat::dayFirst}, {TimeFormat::monthFirst}};
    if (numbersToo) {
        // Which numbers they are, their size says: seconds from 1973, milliseconds from 1973, years from 1000 to 2999.
        const auto all = [&](std::int64_t least, std::int64_t most) {
            return std::all_of(cells.begin(), cells.end(), [&](std::string_view cell) {
                const auto value = wholeNumber(cell);
                return value && *value >= least && *value <= most;
            });
        };
        if (all(100'000'000, 9'999'999'999))
            tried.push_back({TimeFormat::unixSeconds});
        else if (all(100'000'000'000, 9'999'999'999'999))
            tried.push_back({TimeFormat::unixMilliseconds});
        else if (all(1000, 2999))
            tried.push_back({TimeFormat::year});
    }
    for (Tried& one : tried) {
        std::optional<std::int64_t> before;
        for (const std::string_view cell : cells)
            if (const auto time = parseTime(cell, one.format)) {
                ++one.read;
                one.forwards += before && *time > *before;
                before = time;
            }
    }
    const auto best = std::max_element(tried.begin(), tried.end(), [](const Tried& a, const Tried& b) {
        return a.read != b.read ? a.read < b.read : a.forwards < b.forwards;
    });
    if (cells.empty() || best->read * 10 < cells.size() * 9)
        return std::nullopt;
    const Tried &dayFirst = tried[1], &monthFirst = tried[2];
    return TimeFormatGuess{best->format, dayFirst.read > 0 && dayFirst.read == monthFirst.read};
}

std::string writtenTime(std::int64_t seconds, bool withClock)
{
    using namespace std::chrono;
    const std::int64_t days = seconds >= 0 ? seconds / day : -((-seconds + day - 1) / day), rest = seconds - days * day;
    const year_month_day date{sys_days{std::chrono::days{days}}};
    std::string written = fmt::format("{:04}-{:02}-{:02}", static_cast<int>(date.year()), static_cast<unsigned>(date.month()),
                                      static_cast<unsigned>(date.day()));
    if (withClock)
        written += fmt::format(" {:02}:{:02}", rest / 3600, rest / 60 % 60);
    if (withClock && rest % 60 != 0)
        written += fmt::format(":{:02}", rest % 60);
    return written;
}

}
