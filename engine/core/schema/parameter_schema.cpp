// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/schema/parameter_schema.h"

#include <algorithm>
#include <charconv>
#include <cmath>

namespace descent {

namespace {

double asReal(const ParameterValue& value)
{
    if (const auto* integer = std::get_if<std::int64_t>(&value))
        return static_cast<double>(*integer);
    return std::get<double>(value);
}

bool isNumber(const ParameterValue& value)
{
    return std::holds_alternative<std::int64_t>(value) || std::holds_alternative<double>(value);
}

std::string trimmedReal(double value)
{
    return format(ParameterValue{value});
}

/// "a whole number from 1 to 4096": said of what would be right.
Text expectation(const ParameterSchema& parameter)
{
    switch (parameter.type) {
    case ParameterType::boolean: return text("write true or false");
    case ParameterType::choice: {
        std::string known;
        for (const Choice& choice : parameter.choices)
            known += (known.empty() ? "" : ", ") + choice.id;
        return text("choose one of: %1", known);
    }
    case ParameterType::text:
    case ParameterType::path: return text("write a text");
    case ParameterType::integer:
    case ParameterType::real: break;
    }
    const bool whole = parameter.type == ParameterType::integer;
    const bool low = std::isfinite(parameter.minimum), high = std::isfinite(parameter.maximum);
    const std::string minimum = trimmedReal(parameter.minimum), maximum = trimmedReal(parameter.maximum);
    if (low && high && parameter.aboveMinimum && parameter.belowMaximum)
        return whole ? text("write a whole number above %1 and below %2", minimum, maximum)
                     : text("write a number above %1 and below %2", minimum, maximum);
    if (low && high && parameter.aboveMinimum)
        return whole ? text("write a whole number above %1, at most %2", minimum, maximum)
                     : text("write a number above %1, at most %2", minimum, maximum);
    if (low && high && parameter.belowMaximum)
        return whole ? text("write a whole number from %1 to below %2", minimum, maximum)
                     : text("write a number from %1 to below %2", minimum, maximum);
    if (low && high)
        return whole ? text("write a whole number from %1 to %2", minimum, maximum)
                     : text("write a number from %1 to %2", minimum, maximum);
    if (low && parameter.aboveMinimum)
        return whole ? text("write a whole number above %1", minimum) : text("write a number above %1", minimum);
    if (low)
        return whole ? text("write a whole number of at least %1", minimum) : text("write a number of at least %1", minimum);
    if (high)
        return whole ? text("write a whole number of at most %1", maximum) : text("write a number of at most %1", maximum);
    return whole ? text("write a whole number") : text("write a number");
}

bool inRange(const ParameterSchema& parameter, double value)
{
    if (!std::isfinite(value))
        return false;
    const bool low = parameter.aboveMinimum ? value > parameter.minimum : value >= parameter.minimum;
    const bool high = parameter.belowMaximum ? value < parameter.maximum : value <= parameter.maximum;
    return low && high;
}

bool hasRightType(const ParameterSchema& parameter, const ParameterValue& value)
{
    switch (parameter.type) {
    case ParameterType::boolean: return std::holds_alternative<bool>(value);
    case ParameterType::integer: return std::holds_alternative<std::int64_t>(value);
    case ParameterType::real: return isNumber(value);
    case ParameterType::choice:
    case ParameterType::text:
    case ParameterType::path: return std::holds_alternative<std::string>(value);
    }
    return false;
}

/// Null when the value is fine.
std::optional<Problem> problemOf(const ParameterSchema& parameter, const ParameterValue& value, std::string path)
{
    if (!hasRightType(parameter, value))
        return Problem{std::move(path), text("%1 is not a value for \"%2\"", format(value), parameter.label),
                       expectation(parameter)};
    if (isNumber(value) && !inRange(parameter, asReal(value)))
        return Problem{std::move(path), text("%1 is out of range", format(value)), expectation(parameter)};
    if (parameter.type == ParameterType::choice) {
        const auto& id = std::get<std::string>(value);
        std::vector<std::string> known;
        for (const Choice& choice : parameter.choices)
            known.push_back(choice.id);
        if (std::find(known.begin(), known.end(), id) == known.end()) {
            const std::string nearest = nearestName(id, known);
            return Problem{std::move(path), text("\"%1\" is not known here", id),
                           nearest.empty() ? expectation(parameter) : text("did you mean \"%1\"?", nearest)};
        }
    }
    return std::nullopt;
}

}

const ParameterSchema* findParameter(const Schema& schema, std::string_view name)
{
    const auto found = std::find_if(schema.begin(), schema.end(), [&](const ParameterSchema& p) { return p.name == name; });
    return found == schema.end() ? nullptr : &*found;
}

const ParameterValue& valueOf(const Schema& schema, const Parameters& parameters, std::string_view name)
{
    if (const auto given = parameters.find(name); given != parameters.end())
        return given->second;
    const ParameterSchema* parameter = findParameter(schema, name);
    if (!parameter)
        throw std::invalid_argument{fmt::format("no parameter \"{}\" in this schema", name)};
    return parameter->defaultValue;
}

bool booleanOf(const Schema& schema, const Parameters& parameters, std::string_view name)
{
    if (const auto* value = std::get_if<bool>(&valueOf(schema, parameters, name)))
        return *value;
    throw std::invalid_argument{fmt::format("\"{}\" is not a boolean", name)};
}

std::int64_t integerOf(const Schema& schema, const Parameters& parameters, std::string_view name)
{
    if (const auto* value = std::get_if<std::int64_t>(&valueOf(schema, parameters, name)))
        return *value;
    throw std::invalid_argument{fmt::format("\"{}\" is not an integer", name)};
}

double realOf(const Schema& schema, const Parameters& parameters, std::string_view name)
{
    const ParameterValue& value = valueOf(schema, parameters, name);
    if (isNumber(value))
        return asReal(value);
    throw std::invalid_argument{fmt::format("\"{}\" is not a number", name)};
}

std::string textOf(const Schema& schema, const Parameters& parameters, std::string_view name)
{
    if (const auto* value = std::get_if<std::string>(&valueOf(schema, parameters, name)))
        return *value;
    throw std::invalid_argument{fmt::format("\"{}\" is not a text", name)};
}

bool applies(const Schema& schema, const Parameters& parameters, const ParameterSchema& parameter)
{
    if (parameter.appliesWhen.parameter.empty())
        return true;
    const ParameterSchema* governing = findParameter(schema, parameter.appliesWhen.parameter);
    if (!governing)
        throw std::invalid_argument{
            fmt::format("\"{}\" depends on \"{}\", which the schema lacks", parameter.name, parameter.appliesWhen.parameter)};
    const ParameterValue& value = valueOf(schema, parameters, governing->name);
    const auto& wanted = parameter.appliesWhen.values;
    return applies(schema, parameters, *governing) && std::find(wanted.begin(), wanted.end(), value) != wanted.end();
}

Problems validate(const Schema& schema, const Parameters& parameters, std::string_view prefix)
{
    Problems problems;
    std::vector<std::string> known;
    for (const ParameterSchema& parameter : schema)
        known.push_back(parameter.name);
    for (const auto& [name, value] : parameters) {
        std::string path = fmt::format("{}.{}", prefix, name);
        const ParameterSchema* parameter = findParameter(schema, name);
        if (!parameter) {
            const std::string nearest = nearestName(name, known);
            problems.push_back({std::move(path), text("\"%1\" is not known here", name),
                                nearest.empty() ? Text{} : text("did you mean \"%1\"?", nearest)});
        } else if (auto problem = problemOf(*parameter, value, std::move(path))) {
            problems.push_back(std::move(*problem));
        }
    }
    return problems;
}

std::string format(const ParameterValue& value)
{
    struct Formatter {
        std::string operator()(bool v) const { return v ? "true" : "false"; }
        std::string operator()(std::int64_t v) const { return std::to_string(v); }
        std::string operator()(double v) const { return fmt::format("{}", v); }
        std::string operator()(const std::string& v) const { return v; }
    };
    return std::visit(Formatter{}, value);
}

Result<ParameterValue> parse(const ParameterSchema& parameter, std::string_view typed, std::string_view path)
{
    const auto wrong = [&] {
        return Result<ParameterValue>{
            std::nullopt,
            {{std::string{path}, text("\"%1\" is not a value for \"%2\"", typed, parameter.label), expectation(parameter)}}};
    };
    ParameterValue value;
    const char* end = typed.data() + typed.size();
    switch (parameter.type) {
    case ParameterType::boolean:
        if (typed != "true" && typed != "false")
            return wrong();
        value = typed == "true";
        break;
    case ParameterType::integer: {
        std::int64_t integer = 0;
        const auto [rest, error] = std::from_chars(typed.data(), end, integer);
        if (error != std::errc{} || rest != end)
            return wrong();
        value = integer;
        break;
    }
    case ParameterType::real: {
        double real = 0;
        const auto [rest, error] = std::from_chars(typed.data(), end, real);
        if (error != std::errc{} || rest != end)
            return wrong();
        value = real;
        break;
    }
    case ParameterType::choice:
    case ParameterType::text:
    case ParameterType::path: value = std::string{typed}; break;
    }
    if (auto problem = problemOf(parameter, value, std::string{path}))
        return {std::nullopt, {std::move(*problem)}};
    return {std::move(value), {}};
}

}
