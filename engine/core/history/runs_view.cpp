// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/history/runs_view.h"

#include <nlohmann/json.hpp>

#include <algorithm>

namespace descent {

namespace {

using Json = nlohmann::json;

constexpr std::size_t mostColumns = 500;
constexpr int widest = 4000;

/// Collects what does not fit.
struct Reader {
    const Json& object;
    Problems problems;

    template <typename Take>
    void each(const char* key, std::size_t most, Take take)
    {
        const auto found = object.find(key);
        if (found == object.end())
            return;
        if (!found->is_array() || found->size() > most) {
            problems.push_back({key, text("it is no list of at most %1 entries", most), {}});
            return;
        }
        for (const Json& entry : *found)
            if (!take(entry))
                problems.push_back({key, text("%1 is no entry of it", entry.dump(-1, ' ', true).substr(0, 80)), {}});
    }
    void string(const char* key, std::string& value)
    {
        if (const auto found = object.find(key); found != object.end()) {
            if (found->is_string())
                value = found->get<std::string>();
            else
                problems.push_back({key, text("it is no text"), {}});
        }
    }
};

}

RunsView usualView()
{
    RunsView view;
    for (const char* field : {"name", "status", "curve", "dataset", "architecture", "validation", "test", "best.loss/validation", "epoch", "duration", "created", "tag", "note"})
        view.columns.push_back({field, 0});
    return view;
}

std::string toJson(const RunsView& view)
{
    Json json;
    json["columns"] = Json::array();
    for (const RunsView::Column& column : view.columns)
        json["columns"].push_back({{"field", column.field}, {"width", column.width}});
    json["pinned"] = view.pinned;
    json["query"] = view.query;
    json["experiment"] = view.experiment;
    json["order"] = Json::array();
    for (const RunOrder& order : view.order)
        json["order"].push_back({{"field", order.field}, {"descending", order.descending}});
    json["groupBy"] = view.groupBy;
    return json.dump();
}

Result<RunsView> runsViewFromJson(std::string_view content)
{
    const Json json = Json::parse(content, nullptr, false);
    if (!json.is_object())
        return {{}, {{"", text("a view is a JSON object"), {}}}};
    Reader reader{json, {}};
    RunsView view = usualView();
    if (json.contains("columns"))
        view.columns.clear();
    reader.each("columns", mostColumns, [&](const Json& entry) {
        if (!entry.is_object() || !entry.contains("field") || !entry["field"].is_string())
            return false;
        const int width = entry.contains("width") && entry["width"].is_number_integer() ? static_cast<int>(std::clamp<std::int64_t>(entry["width"].get<std::int64_t>(), 0, widest)) : 0;
        view.columns.push_back({entry["field"].get<std::string>(), width});
        return true;
    });
    reader.each("order", mostColumns, [&](const Json& entry) {
        if (!entry.is_object() || !entry.contains("field") || !entry["field"].is_string())
            return false;
        view.order.push_back({entry["field"].get<std::string>(), entry.contains("descending") && entry["descending"] == true});
        return true;
    });
    reader.each("groupBy", mostColumns, [&](const Json& entry) {
        if (entry.is_string())
            view.groupBy.push_back(entry.get<std::string>());
        return entry.is_string();
    });
    reader.string("query", view.query);
    reader.string("experiment", view.experiment);
    if (const auto pinned = json.find("pinned"); pinned != json.end() && pinned->is_number_integer())
        view.pinned = static_cast<int>(std::clamp<std::int64_t>(pinned->get<std::int64_t>(), 0, mostColumns));
    if (view.columns.empty())
        view.columns = usualView().columns;
    if (!reader.problems.empty())
        return {{}, std::move(reader.problems)};
    return {std::move(view), {}};
}

}
