// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/data/csv.h"
#include "engine/core/data/time_text.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace descent {

/// Where the times of a table stand: in one column, or as a date and a time of day side by side.
struct TimeColumn {
    std::size_t column = 0;
    TimeFormat format = TimeFormat::iso;
    std::optional<std::size_t> clock; ///< the column of the time of day
    bool ambiguous = false;           ///< day and month could stand the other way around
    bool has(std::size_t other) const { return other == column || other == clock; }
};

/// What `column` holds, told by the first rows; nothing where those are no times. Numbers are times only with `numbersToo`.
std::optional<TimeColumn> readAsTimes(const std::vector<CsvRow>& rows, std::size_t column, bool numbersToo);

/// The first column of times; numbers are taken for times where the column's name says so: "year", "timestamp".
std::optional<TimeColumn> findTimeColumn(const std::vector<std::string>& names, const std::vector<CsvRow>& rows);

std::optional<std::int64_t> timeOf(const CsvRow& row, const TimeColumn& column);

/// Whether a first row names columns: none of its cells is a number or a time.
bool namesColumns(const CsvRow& row);

}
