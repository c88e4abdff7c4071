// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/interchange/foreign_values.h"

#include "engine/core/text/utf8.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>
#include <cmath>
#include <fmt/format.h>

namespace descent {

namespace {

std::string_view trimmed(std::string_view text)
{
    constexpr std::string_view blanks = " \t\r\n";
    const std::size_t first = text.find_first_not_of(blanks);
    return first == text.npos ? std::string_view{} : text.substr(first, text.find_last_not_of(blanks) - first + 1);
}

std::string lower(std::string_view text)
{
    std::string result{text};
    std::ranges::transform(result, result.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return result;
}

}

std::optional<double> foreignNumber(std::string_view text)
{
    text = trimmed(text);
    if (text.starts_with('+'))
        text.remove_prefix(1);
    double value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value); // takes "nan" and "infinity" in any case
    if (end != text.data() + text.size() || text.empty())
        return std::nullopt;
    if (error == std::errc::result_out_of_range) { // from_chars leaves it as it was; the number lies beyond a double or below its least
        const bool isTiny = text.find("e-") != text.npos || text.find("E-") != text.npos;
        const double size = isTiny ? 0 : HUGE_VAL;
        return text.starts_with('-') ? -size : size;
    }
    return error == std::errc{} ? std::optional{value} : std::nullopt;
}

std::optional<std::int64_t> foreignStep(double value)
{
    constexpr double most = 9'007'199'254'740'992; // 2^53: above it a double is no count any more
    if (!(std::abs(value) <= most) || value != std::floor(value))
        return std::nullopt;
    return static_cast<std::int64_t>(value);
}

std::optional<std::int64_t> foreignStep(std::string_view text)
{
    text = trimmed(text);
    std::int64_t step = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), step);
    if (error == std::errc{} && end == text.data() + text.size())
        return step;
    const std::optional<double> number = foreignNumber(text);
    return number ? foreignStep(*number) : std::nullopt;
}

ForeignSettings::mapped_type settingOf(std::string_view text)
{
    if (text == "true" || text == "True")
        return true;
    if (text == "false" || text == "False")
        return false;
    // "007", "+1" and "inf" may be names as well: a number is what reads back the same way.
    const bool isPlain = !text.empty() && text.size() < 40 && text.find_first_not_of("0123456789+-.eE") == text.npos;
    const std::string_view digits = text.starts_with('-') ? text.substr(1) : text;
    const bool isPadded = digits.size() > 1 && digits[0] == '0' && std::isdigit(static_cast<unsigned char>(digits[1]));
    if (isPlain && !isPadded && !text.starts_with('+'))
        if (const std::optional<double> number = foreignNumber(text); number && std::isfinite(*number))
            return *number;
    return asUtf8(text);
}

std::string textOf(const ForeignSettings::mapped_type& setting)
{
    if (const bool* flag = std::get_if<bool>(&setting))
        return *flag ? "True" : "False";
    if (const double* number = std::get_if<double>(&setting))
        return fmt::format("{}", *number);
    return std::get<std::string>(setting);
}

ForeignColumn columnOf(std::string_view name)
{
    struct Meaning {
        std::string_view name;
        ForeignColumn column;
    };
    // Weights & Biases, TensorBoard's download, Lightning, MLflow, and ours.
    static constexpr std::array meanings{Meaning{"step", ForeignColumn::step},          Meaning{"_step", ForeignColumn::step},
                                         Meaning{"global_step", ForeignColumn::step},   Meaning{"iteration", ForeignColumn::step},
                                         Meaning{"seconds", ForeignColumn::seconds},    Meaning{"_runtime", ForeignColumn::seconds},
                                         Meaning{"_timestamp", ForeignColumn::wallTime}, Meaning{"timestamp", ForeignColumn::wallTime},
                                         Meaning{"wall time", ForeignColumn::wallTime}, Meaning{"run", ForeignColumn::run},
                                         Meaning{"series", ForeignColumn::series},      Meaning{"metric", ForeignColumn::series},
                                         Meaning{"name", ForeignColumn::series},        Meaning{"value", ForeignColumn::value}};
    const std::string wanted = lower(trimmed(name));
    const auto* const found = std::ranges::find(meanings, std::string_view{wanted}, &Meaning::name);
    return found == meanings.end() ? ForeignColumn::other : found->column;
}

std::string asUtf8(std::string_view bytes)
{
    if (isUtf8(bytes))
        return std::string{bytes};
    std::string text;
    for (const char c : bytes)
        text += static_cast<unsigned char>(c) < 0x80 ? std::string{c} : std::string{"\xEF\xBF\xBD"};
    return text;
}

}
