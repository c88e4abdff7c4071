// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/interchange/json_row.h"

#include "engine/core/base/problem.h"

#include <limits>
#include <nlohmann/json.hpp>

namespace descent {

using Json = nlohmann::json;

namespace {

constexpr int deepest = 20;

/// Python writes NaN and Infinity bare, which JSON has no word for: as texts they can be read.
std::string withQuotedNumbers(std::string_view line)
{
    std::string result;
    bool isInText = false;
    for (std::size_t i = 0; i < line.size();) {
        if (!isInText) {
            bool isFound = false;
            for (const std::string_view word : {"NaN", "-Infinity", "Infinity"})
                if (line.substr(i).starts_with(word)) {
                    result.append("\"").append(word).append("\"");
                    i += word.size();
                    isFound = true;
                    break;
                }
            if (isFound)
                continue;
        } else if (line[i] == '\\' && i + 1 < line.size()) {
            result += line[i++];
        } else if (line[i] == '"') {
            isInText = false;
            result += line[i++];
            continue;
        }
        if (!isInText && line[i] == '"')
            isInText = true;
        result += line[i++];
    }
    return result;
}

/// Objects within each other end somewhere, or a parser that calls itself would not.
bool isTooDeep(std::string_view line)
{
    int depth = 0;
    bool isInText = false;
    for (std::size_t i = 0; i < line.size(); ++i) {
        if (isInText)
            i += line[i] == '\\';
        else
            depth += (line[i] == '{' || line[i] == '[') - (line[i] == '}' || line[i] == ']');
        if (i < line.size() && line[i] == '"')
            isInText = !isInText;
        if (depth > deepest)
            return true;
    }
    return false;
}

std::optional<double> numberOf(const Json& value)
{
    if (value.is_number())
        return value.get<double>();
    return value.is_string() ? foreignNumber(value.get_ref<const std::string&>()) : std::nullopt;
}

void flattenSettings(const Json& value, const std::string& path, ForeignSettings& into)
{
    if (value.is_object())
        for (const auto& [key, inner] : value.items())
            flattenSettings(inner, path.empty() ? key : path + '.' + key, into);
    else if (value.is_boolean())
        into[path] = value.get<bool>();
    else if (value.is_number())
        into[path] = value.get<double>();
    else if (value.is_string())
        into[path] = value.get<std::string>();
    else if (!value.is_null())
        into[path] = value.dump();
}

/// Texts are no values, even where they could be read as a number: "42" is a name. But "NaN" is what a number could not be written as.
void flattenValues(const Json& value, const std::string& path, ForeignRow& into)
{
    if (value.is_object()) {
        for (const auto& [key, inner] : value.items())
            flattenValues(inner, path.empty() ? key : path + '.' + key, into);
        return;
    }
    const bool isWord = value.is_string() && (value == "NaN" || value == "Infinity" || value == "-Infinity");
    if (value.is_number() || isWord)
        into.values.emplace_back(path, *numberOf(value));
}

std::string nameIn(const Json& value)
{
    return value.is_string() ? value.get<std::string>() : value.dump();
}

std::int64_t stepIn(const Json& value)
{
    std::optional<std::int64_t> step;
    constexpr std::uint64_t most = std::numeric_limits<std::int64_t>::max();
    if (value.is_number_integer() && !(value.is_number_unsigned() && value.get<std::uint64_t>() > most))
        step = value.get<std::int64_t>();
    else if (const auto number = numberOf(value))
        step = foreignStep(*number);
    if (!step)
        throw DescentError{text("\"%1\" is no step", value.dump().substr(0, 40))};
    return *step;
}

}

std::optional<ForeignRow> readJsonRow(std::string_view line)
{
    if (line.find_first_not_of(" \t\r") == line.npos)
        return std::nullopt;
    if (isTooDeep(line))
        throw DescentError{text("it is no JSON object, or one with more than %1 in each other", deepest)};
    Json object = Json::parse(line, nullptr, false);
    if (object.is_discarded())
        object = Json::parse(withQuotedNumbers(line), nullptr, false);
    if (!object.is_object())
        throw DescentError{text("it is no JSON object, or one with more than %1 in each other", deepest)};
    ForeignRow row;
    const bool hasSeriesKey = object.contains("series") || object.contains("metric");
    const bool isValueARow = object.contains("value") && (hasSeriesKey || object.contains("name"));
    std::string series;
    for (const auto& [key, value] : object.items()) {
        if (value.is_null())
            continue;
        if ((key == "config" || key == "hparams") && value.is_object()) {
            flattenSettings(value, {}, row.settings);
            continue;
        }
        switch (columnOf(key)) {
        case ForeignColumn::step: row.step = stepIn(value); break;
        case ForeignColumn::seconds: row.seconds = numberOf(value).value_or(row.seconds); break;
        case ForeignColumn::wallTime: row.wallTime = numberOf(value).value_or(row.wallTime); break;
        case ForeignColumn::run: row.run = nameIn(value); break;
        case ForeignColumn::series:
            if (key == "name" && (!isValueARow || hasSeriesKey))
                row.runName = nameIn(value);
            else if (isValueARow)
                series = nameIn(value);
            else
                flattenValues(value, key, row);
            break;
        case ForeignColumn::value:
        case ForeignColumn::other:
            if (!isValueARow)
                flattenValues(value, key, row);
            break;
        }
    }
    if (isValueARow) {
        const std::optional<double> value = numberOf(object["value"]);
        if (!value)
            throw DescentError{text("it names no series, or its value is no number")};
        row.values.emplace_back(series, *value);
    }
    return row;
}

}
