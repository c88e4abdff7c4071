// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/descent/run_cells.h"

#include "app/descent/history.h"
#include "app/descent/terminal.h"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <cmath>

namespace descent {

namespace {

std::string numberIn(const std::string& field, double value)
{
    if (field == "duration" || field == "age")
        return formatDuration(value);
    if (field == "created" || field == "ended")
        return fmt::format("{:%Y-%m-%d %H:%M}", fmt::localtime(static_cast<std::time_t>(value)));
    if (field == "parameters")
        return formatCount(static_cast<std::int64_t>(value));
    if (isSetting(field) || value == std::floor(value))
        return fmt::format("{}", value);
    return formatFigure(value);
}

struct Writer {
    const std::string& field;
    std::string operator()(std::monostate) const { return {}; }
    std::string operator()(double value) const { return numberIn(field, value); }
    std::string operator()(const std::string& text) const { return text.substr(0, text.find('\n')); }
    std::string operator()(const std::vector<std::string>& texts) const { return joined(texts); }
};

Json jsonOf(const RunValue& value)
{
    struct ToJson {
        Json operator()(std::monostate) const { return nullptr; }
        Json operator()(double number) const { return jsonNumber(number); }
        Json operator()(const std::string& text) const { return text; }
        Json operator()(const std::vector<std::string>& texts) const { return texts; }
    };
    return std::visit(ToJson{}, value);
}

}

std::string headingOf(const std::string& field)
{
    std::string heading = field == "id" ? "run" : field;
    std::transform(heading.begin(), heading.end(), heading.begin(), [](unsigned char letter) { return static_cast<char>(std::toupper(letter)); });
    return heading;
}

std::string cellOf(const RunSummary& run, const RunField& field)
{
    return std::visit(Writer{field.name()}, field.of(run, std::chrono::system_clock::now()));
}

std::string cellOf(const RunGroup& group, const GroupCell& cell, const std::string& field)
{
    if (!std::holds_alternative<std::monostate>(cell.common) && (field != "id" || group.runs.size() == 1))
        return std::visit(Writer{field}, cell.common);
    if (cell.count > 1 && field != "id" && field != "created" && field != "ended")
        return fmt::format("{} ± {}", numberIn(field, cell.mean), numberIn(field, cell.deviation));
    return cell.different > 1 ? fmt::format("{} values", cell.different) : "";
}

std::string titleOf(const RunGroup& group)
{
    std::vector<std::string> parts;
    for (const RunValue& value : group.values) {
        std::string part = std::visit(Writer{""}, value);
        parts.push_back(part.empty() ? "none" : std::move(part));
    }
    return joined(parts);
}

Json toJson(const RunGroup& group, const RunWish& wish)
{
    Json json{{"by", Json::object()}, {"runs", Json::array()}, {"columns", Json::object()}};
    for (std::size_t i = 0; i < wish.groupBy.size(); ++i)
        json["by"][wish.groupBy[i]] = jsonOf(group.values[i]);
    for (const SharedRun& run : group.runs)
        json["runs"].push_back(run->id);
    for (std::size_t i = 0; i < wish.columns.size(); ++i) {
        const GroupCell& cell = group.cells[i];
        json["columns"][wish.columns[i]] = cell.count > 0 ? Json{{"count", cell.count}, {"mean", cell.mean}, {"deviation", cell.deviation}, {"low", cell.low}, {"high", cell.high}}
                                                          : jsonOf(cell.common);
    }
    return json;
}

}
