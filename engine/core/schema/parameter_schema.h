// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/base/problem.h"

#include <cstdint>
#include <limits>
#include <map>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace descent {

using ParameterValue = std::variant<bool, std::int64_t, double, std::string>;

/// Values by parameter name. What is absent has its schema's default.
using Parameters = std::map<std::string, ParameterValue, std::less<>>;

enum class ParameterType { boolean, integer, real, choice, text, path };

/// One of the values a `choice` may take. `label` and `help` are English translation keys, as everywhere in a schema.
struct Choice {
    std::string id, label, help;
    bool operator==(const Choice&) const = default;
};

/// The parameter counts only while another one has one of these values: momentum applies when optimizer is sgd.
struct AppliesWhen {
    std::string parameter; ///< empty: always
    std::vector<ParameterValue> values;
    bool operator==(const AppliesWhen&) const = default;
};

/// One parameter, described once: from this come the form field, the command line flag and its help, the validation,
/// and the search space.
struct ParameterSchema {
    std::string name;  ///< camelCase, stable: recipes and scripts name it
    std::string label; ///< "Batch size"
    std::string help;  ///< one sentence
    ParameterType type = ParameterType::real;
    ParameterValue defaultValue = 0.0;
    double minimum = -std::numeric_limits<double>::infinity(); ///< integer and real; inclusive
    double maximum = std::numeric_limits<double>::infinity();
    bool aboveMinimum = false; ///< the minimum itself is not allowed: a learning rate is above 0
    bool belowMaximum = false; ///< the maximum itself is not allowed: dropout is below 1
    bool logarithmic = false;  ///< steps and searches multiply instead of adding
    bool common = false;       ///< open in the form; the others are folded under "More"
    std::string unit;          ///< "px", "%"
    std::vector<Choice> choices;
    AppliesWhen appliesWhen;
    bool operator==(const ParameterSchema&) const = default;
};

/// The parameters of one thing, in the order a form shows them.
using Schema = std::vector<ParameterSchema>;

const ParameterSchema* findParameter(const Schema& schema, std::string_view name); ///< null when there is none

/// Value of `name`, or its default. Throws std::invalid_argument when the schema has no such parameter: our bug.
const ParameterValue& valueOf(const Schema& schema, const Parameters& parameters, std::string_view name);

/// Typed reading; an integer is read as a real where a real is asked for. Throw std::invalid_argument on a wrong type.
bool booleanOf(const Schema&, const Parameters&, std::string_view name);
std::int64_t integerOf(const Schema&, const Parameters&, std::string_view name);
double realOf(const Schema&, const Parameters&, std::string_view name);
std::string textOf(const Schema&, const Parameters&, std::string_view name); ///< choice, text and path

bool applies(const Schema& schema, const Parameters& parameters, const ParameterSchema& parameter);

/// Everything wrong with `parameters`: unknown names (with the nearest known one), wrong types, values out of range.
/// Paths are `prefix` + "." + name. Parameters that do not apply are checked as well: they may apply after the next edit.
Problems validate(const Schema& schema, const Parameters& parameters, std::string_view prefix);

/// "0.01", "true", "adamw": how a value is written on the command line. Reals are the shortest text that reads back equal.
std::string format(const ParameterValue& value);

/// Reads what a person typed for `parameter`; the problem says what would be right.
Result<ParameterValue> parse(const ParameterSchema& parameter, std::string_view text, std::string_view path);

}
