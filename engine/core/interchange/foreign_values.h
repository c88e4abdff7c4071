// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <limits>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace descent {

/// Settings of a run as another program names them: "optimizer/name", "lr".
using ForeignSettings = std::map<std::string, std::variant<double, bool, std::string>>;

/// A number as other programs write it: also "nan", "inf", "-Infinity". Blanks around it do not count. Nothing for anything else.
std::optional<double> foreignNumber(std::string_view text);
std::optional<std::int64_t> foreignStep(std::string_view text); ///< a whole number, also written "12.0"
std::optional<std::int64_t> foreignStep(double value);

/// A setting that was written as text: "0.1" is a number, "true" and "True" are flags.
ForeignSettings::mapped_type settingOf(std::string_view text);
std::string textOf(const ForeignSettings::mapped_type& setting); ///< reads back as the same setting

/// A row of a table of values, taken apart: what it says of itself, and values by series.
struct ForeignRow {
    std::optional<std::int64_t> step; ///< nothing: the row's place in its run, counted from 0
    double seconds = std::numeric_limits<double>::quiet_NaN(), wallTime = std::numeric_limits<double>::quiet_NaN();
    std::string run, runName; ///< of several in the file; empty: there is one
    std::vector<std::pair<std::string, double>> values;
    ForeignSettings settings;
};

/// What the columns or keys of such a table mean, by the names that programs give them.
enum class ForeignColumn { step, seconds, wallTime, run, series, value, other };
ForeignColumn columnOf(std::string_view name);

/// `bytes` as UTF-8: what is none is replaced.
std::string asUtf8(std::string_view bytes);

}
