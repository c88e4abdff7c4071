// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/history/run_list.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <unordered_map>

namespace descent {

namespace {

/// A text by which others are put in order: without regard to case, numbers in it by their size. "run 9" is before "Run 10".
std::string orderOf(std::string_view text)
{
    std::string key;
    key.reserve(text.size() + 4);
    for (std::size_t i = 0; i < text.size();) {
        if (text[i] < '0' || text[i] > '9') {
            key += text[i] >= 'A' && text[i] <= 'Z' ? static_cast<char>(text[i] - 'A' + 'a') : text[i];
            ++i;
            continue;
        }
        while (i + 1 < text.size() && text[i] == '0' && text[i + 1] >= '0' && text[i + 1] <= '9')
            ++i;
        const std::size_t begin = i;
        while (i < text.size() && text[i] >= '0' && text[i] <= '9')
            ++i;
        key += '0';                                                          // numbers stay among each other
        key += static_cast<char>(std::min<std::size_t>(i - begin, 255));     // of two, the longer is the larger
        key.append(text.substr(begin, i - begin));
    }
    return key;
}

std::string written(const RunValue& value)
{
    struct Writer {
        std::string operator()(std::monostate) const { return {}; }
        std::string operator()(double number) const { return fmt::format("{}", number); }
        std::string operator()(const std::string& text) const { return text; }
        std::string operator()(const std::vector<std::string>& texts) const { return fmt::format("{}", fmt::join(texts, ", ")); }
    };
    return std::visit(Writer{}, value);
}

/// What a row is put in order by: nothing comes last, numbers before texts.
struct OrderKey {
    enum class Kind { number, text, none } kind = Kind::none;
    double number = 0;
    std::string text;
};

OrderKey keyOf(const RunValue& value)
{
    if (const double* number = std::get_if<double>(&value))
        return std::isnan(*number) ? OrderKey{} : OrderKey{OrderKey::Kind::number, *number, {}};
    if (std::holds_alternative<std::monostate>(value))
        return {};
    std::string text = written(value);
    return text.empty() ? OrderKey{} : OrderKey{OrderKey::Kind::text, 0, orderOf(text)};
}

/// Puts `things` in the order of keyOf(thing); equal ones stay as they are.
template <typename Thing, typename Key>
void putInOrder(std::vector<Thing>& things, bool descending, Key key)
{
    std::vector<OrderKey> keys;
    keys.reserve(things.size());
    for (const Thing& thing : things)
        keys.push_back(key(thing));
    std::vector<std::uint32_t> places(things.size());
    std::iota(places.begin(), places.end(), 0);
    std::stable_sort(places.begin(), places.end(), [&](std::uint32_t left, std::uint32_t right) {
        const OrderKey &a = keys[left], &b = keys[right];
        if (a.kind != b.kind)
            return a.kind < b.kind;
        const OrderKey &first = descending ? b : a, &second = descending ? a : b;
        return a.kind == OrderKey::Kind::number ? first.number < second.number : first.text < second.text;
    });
    std::vector<Thing> sorted;
    sorted.reserve(things.size());
    for (const std::uint32_t place : places)
        sorted.push_back(std::move(things[place]));
    things = std::move(sorted);
}

GroupCell cellOf(const std::vector<SharedRun>& runs, const RunField& field, WallTime now)
{
    GroupCell cell;
    std::set<std::string> texts;
    std::vector<double> numbers;
    bool first = true, same = true;
    for (const SharedRun& run : runs) {
        RunValue value = field.of(*run, now);
        if (const double* number = std::get_if<double>(&value); number && std::isfinite(*number))
            numbers.push_back(*number);
        else if (!number)
            texts.insert(written(value));
        same = same && (first || value == cell.common);
        if (first)
            cell.common = std::move(value);
        first = false;
    }
    if (!same) {
        cell.common = {};
        cell.different = texts.size();
    }
    if (numbers.empty())
        return cell;
    cell.count = numbers.size();
    cell.mean = std::accumulate(numbers.begin(), numbers.end(), 0.0) / static_cast<double>(numbers.size());
    double squares = 0;
    for (const double number : numbers)
        squares += (number - cell.mean) * (number - cell.mean);
    cell.deviation = numbers.size() > 1 ? std::sqrt(squares / static_cast<double>(numbers.size() - 1)) : 0;
    const auto [low, high] = std::minmax_element(numbers.begin(), numbers.end());
    cell.low = *low;
    cell.high = *high;
    return cell;
}

bool isBelow(const std::string& experiment, const std::string& folder)
{
    return folder.empty() || experiment == folder || (experiment.starts_with(folder) && experiment[folder.size()] == '/');
}

RunField fieldNamed(const std::string& name, const std::map<std::string, SharedSettings>& settings)
{
    static const auto none = std::make_shared<const RunSettings>();
    const auto known = settings.find(name);
    return RunField{name, !isSetting(name) ? nullptr : known == settings.end() ? none : known->second};
}

std::vector<RunField> fieldsNamed(const std::vector<std::string>& names, const std::map<std::string, SharedSettings>& settings)
{
    std::vector<RunField> fields;
    for (const std::string& name : names)
        fields.push_back(fieldNamed(name, settings));
    return fields;
}

}

bool isIn(const RunSummary& run, RunWish::Place place)
{
    switch (place) {
    case RunWish::Place::present: return !run.archived;
    case RunWish::Place::starred: return run.starred;
    case RunWish::Place::archived: return run.archived;
    case RunWish::Place::trash: break;
    }
    return true;
}

std::vector<RunGroup> groupRuns(const std::vector<SharedRun>& runs, const std::vector<std::string>& by, const std::map<std::string, SharedSettings>& settings,
                                WallTime now)
{
    const std::vector<RunField> fields = fieldsNamed(by, settings);
    std::vector<RunGroup> groups;
    std::unordered_map<std::string, std::size_t> placeOf;
    for (const SharedRun& run : runs) {
        std::string key;
        std::vector<RunValue> values;
        for (const RunField& field : fields) {
            values.push_back(field.of(*run, now));
            (key += written(values.back())) += '\x1f';
        }
        const auto [place, fresh] = placeOf.emplace(key, groups.size());
        if (fresh)
            groups.push_back({.key = key, .values = std::move(values)});
        groups[place->second].runs.push_back(run);
    }
    return groups;
}

RunList listRuns(const RunSet& runs, const RunWish& wish, const std::map<std::string, SharedSettings>& settings, WallTime now,
                 const std::stop_token& stop)
{
    RunList list;
    std::vector<SharedRun> fitting;
    const std::vector<RunField> asked = fieldsNamed(wish.query.fields(), settings);
    for (const SharedRun& run : runs.shared()) {
        if (stop.stop_requested())
            return {};
        if (!isIn(*run, wish.place) || !isBelow(run->experiment, wish.experiment))
            continue;
        ++list.inPlace;
        if ((!wish.status || *wish.status == run->status) && fits(*run, wish.query, asked, now))
            fitting.push_back(run);
    }
    list.fitting = fitting.size();

    const auto newestFirst = [](const SharedRun& left, const SharedRun& right) {
        return left->createdAt != right->createdAt ? left->createdAt > right->createdAt : left->id > right->id;
    };
    std::reverse(fitting.begin(), fitting.end()); // by number: nearly so already
    if (!std::is_sorted(fitting.begin(), fitting.end(), newestFirst))
        std::sort(fitting.begin(), fitting.end(), newestFirst);
    for (auto order = wish.order.rbegin(); order != wish.order.rend() && !stop.stop_requested(); ++order)
        putInOrder(fitting, order->descending, [&, field = fieldNamed(order->field, settings)](const SharedRun& run) { return keyOf(field.of(*run, now)); });

    if (wish.groupBy.empty()) {
        list.rows.reserve(fitting.size());
        for (SharedRun& run : fitting)
            list.rows.push_back({std::move(run), -1});
        return list;
    }
    list.groups = groupRuns(fitting, wish.groupBy, settings, now);
    for (RunGroup& group : list.groups)
        group.open = wish.open.contains(group.key);
    const std::vector<RunField> columns = fieldsNamed(wish.columns, settings);
    for (RunGroup& group : list.groups)
        for (const RunField& column : columns) {
            if (stop.stop_requested())
                return {};
            group.cells.push_back(cellOf(group.runs, column, now));
        }
    for (auto order = wish.order.rbegin(); order != wish.order.rend(); ++order)
        putInOrder(list.groups, order->descending, [&, field = fieldNamed(order->field, settings)](const RunGroup& group) {
            const GroupCell cell = cellOf(group.runs, field, now);
            return cell.count > 0 ? keyOf(cell.mean) : keyOf(cell.common);
        });
    for (std::size_t i = 0; i < list.groups.size(); ++i) {
        list.rows.push_back({nullptr, static_cast<std::int32_t>(i)});
        if (list.groups[i].open)
            for (const SharedRun& run : list.groups[i].runs)
                list.rows.push_back({run, static_cast<std::int32_t>(i)});
    }
    return list;
}

std::vector<std::string> settingsOf(const RunWish& wish)
{
    std::set<std::string> settings;
    const auto take = [&](const std::string& name) {
        if (isSetting(name))
            settings.insert(name);
    };
    for (const auto* names : {&wish.query.fields(), &wish.groupBy, &wish.columns})
        std::for_each(names->begin(), names->end(), take);
    for (const RunOrder& order : wish.order)
        take(order.field);
    return {settings.begin(), settings.end()};
}

std::map<std::string, std::size_t> experimentSizes(const RunSet& runs, RunWish::Place place)
{
    std::map<std::string, std::size_t> sizes;
    std::unordered_map<std::string_view, std::size_t> counts;
    for (const RunSummary& run : runs.each())
        if (isIn(run, place))
            ++counts[run.experiment];
    for (const auto& [experiment, count] : counts)
        for (std::size_t begin = 0, end = 0; end != std::string::npos; begin = end + 1) {
            end = experiment.find('/', begin);
            sizes[std::string{experiment.substr(0, end)}] += count;
        }
    return sizes;
}

}
