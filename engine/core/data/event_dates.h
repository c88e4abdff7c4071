// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace descent {

/// How a column writes its dates. One column, one form: 20200131 is a day in one and a number in another.
enum class DateForm {
    calendar,  ///< ISO 8601: 2020-01-31, with a time of day and an offset where there is one
    compact,   ///< 20200131
    dayNumber, ///< days counted from anywhere: 0, 17.5, -3
};

/// Looks at cells one after the other and says which form most of them are written in.
class DateFormGuess {
public:
    void look(std::string_view cell);
    DateForm form() const;

private:
    std::int64_t m_calendar = 0, m_compact = 0, m_numbers = 0;
};

/// Days since 1970-01-01 UTC, or the day number itself; a time of day is the fraction. Nothing for what is not of this form,
/// a day that no calendar has (2020-02-30), a year outside 1850 to 2150, or a number beyond a million.
std::optional<double> parseDay(std::string_view cell, DateForm form);

}
