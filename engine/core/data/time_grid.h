// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/base/text.h"

#include <cstdint>
#include <optional>
#include <vector>

namespace descent {

/// Even steps of time, numbered from 0: so many seconds, working days (Monday to Friday) or months each.
struct TimeGrid {
    enum class Unit { seconds, workingDays, months } unit = Unit::seconds;
    std::int64_t size = 1;       ///< units a step
    std::int64_t first = 0;      ///< seconds since 1970 of step 0
    std::int64_t dayOfMonth = 1; ///< months: where in the month; 31 is the last day of every month

    std::int64_t secondsAt(std::int64_t step) const;
    std::int64_t nearestStep(std::int64_t seconds) const;
    bool operator==(const TimeGrid&) const = default;
};

/// The grid on which at least nine of ten times stand, give or take a tenth of a step.
/// times: at least two, rising. Nothing when they follow no even steps.
std::optional<TimeGrid> findTimeGrid(const std::vector<std::int64_t>& times);

/// "1 hour", "15 minutes", "1 working day", "1 month", "1 year".
Text writtenStep(const TimeGrid& grid);

}
