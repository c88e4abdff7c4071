// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace descent {

/// How a column writes its times. One column keeps to one.
enum class TimeFormat {
    iso,              ///< 2016-07-01, 2016/07/01 13:00, 2016-07-01T13:00:00.5+02:00, and a month alone: 1949-01
    dayFirst,         ///< 16.12.2006, 16/12/2006 17:24
    monthFirst,       ///< 12/16/2006 5:24 PM
    unixSeconds,      ///< 1467331200, fractions cut off
    unixMilliseconds, ///< 1467331200000
    year,             ///< 1949
};

/// Seconds since 1970, UTC: what names no zone is taken as UTC. Nothing where the cell is no time of this format, which a
/// day that its month does not have is neither; years 1 to 9999.
std::optional<std::int64_t> parseTime(std::string_view cell, TimeFormat format);

/// Seconds of a time of day alone: 17:24, 17:24:05.
std::optional<std::int64_t> parseClock(std::string_view cell);

struct TimeFormatGuess {
    TimeFormat format = TimeFormat::iso;
    bool ambiguous = false; ///< day and month could stand the other way around
};
/// The format in which most cells, and at least nine of ten, are times; where day and month may change places, the one that
/// runs forwards more often. Numbers are times only with `numbersToo`: they may be anything.
std::optional<TimeFormatGuess> guessTimeFormat(const std::vector<std::string_view>& cells, bool numbersToo);

/// "2016-07-01", or "2016-07-01 13:00" with `withClock`, with seconds where they are not 0. UTC.
std::string writtenTime(std::int64_t seconds, bool withClock = true);

}
