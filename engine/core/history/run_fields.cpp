// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/history/run_fields.h"

#include <algorithm>
#include <array>
#include <list>
#include <map>
#include <optional>

namespace descent {

namespace {

double secondsOf(WallTime::duration duration)
{
    return std::chrono::duration<double>(duration).count();
}

std::optional<double> valueAt(const std::map<std::string, double>& values, const std::string& name)
{
    const auto found = values.find(name);
    return found == values.end() ? std::nullopt : std::optional{found->second};
}

RunValue figureOf(const RunSummary& run, const std::string& metric)
{
    for (const auto& value : {valueAt(run.test, metric), valueAt(run.best, metric + "/validation"), valueAt(run.best, metric), valueAt(run.last, metric),
                              valueAt(run.last, metric + "/validation"), valueAt(run.last, metric + "/train")})
        if (value)
            return *value;
    return {};
}

std::string everythingOf(const RunSummary& run)
{
    std::string all = run.name + ' ' + run.datasetName + ' ' + run.architecture + ' ' + run.task + ' ' + run.experiment + ' ' + run.note + ' '
        + toString(run.status) + ' ' + std::to_string(run.id);
    for (const std::string& tag : run.tags)
        all += ' ' + tag;
    return all;
}

using Reader = RunValue (*)(const RunSummary&, WallTime now);

const std::map<std::string, Reader, std::less<>>& readers()
{
    static const std::map<std::string, Reader, std::less<>> all{
        {"", [](const RunSummary& run, WallTime) -> RunValue { return everythingOf(run); }},
        {"name", [](const RunSummary& run, WallTime) -> RunValue { return run.name; }},
        {"experiment", [](const RunSummary& run, WallTime) -> RunValue { return run.experiment; }},
        {"status", [](const RunSummary& run, WallTime) -> RunValue { return toString(run.status); }},
        {"dataset", [](const RunSummary& run, WallTime) -> RunValue { return run.datasetName; }},
        {"architecture", [](const RunSummary& run, WallTime) -> RunValue { return run.architecture; }},
        {"task", [](const RunSummary& run, WallTime) -> RunValue { return run.task; }},
        {"note", [](const RunSummary& run, WallTime) -> RunValue { return run.note; }},
        {"tag", [](const RunSummary& run, WallTime) -> RunValue { return run.tags; }},
        {"id", [](const RunSummary& run, WallTime) -> RunValue { return static_cast<double>(run.id); }},
        {"parent", [](const RunSummary& run, WallTime) -> RunValue { return run.parent ? RunValue{static_cast<double>(*run.parent)} : RunValue{}; }},
        {"created", [](const RunSummary& run, WallTime) -> RunValue { return secondsOf(run.createdAt.time_since_epoch()); }},
        {"ended", [](const RunSummary& run, WallTime) -> RunValue { return run.endedAt ? RunValue{secondsOf(run.endedAt->time_since_epoch())} : RunValue{}; }},
        {"age", [](const RunSummary& run, WallTime now) -> RunValue { return secondsOf(now - run.createdAt); }},
        {"duration", [](const RunSummary& run, WallTime) -> RunValue { return run.seconds; }},
        {"epoch", [](const RunSummary& run, WallTime) -> RunValue { return static_cast<double>(run.epoch); }},
        {"step", [](const RunSummary& run, WallTime) -> RunValue { return static_cast<double>(run.step); }},
        {"parameters", [](const RunSummary& run, WallTime) -> RunValue { return static_cast<double>(run.parameterCount); }},
    };
    return all;
}

}

bool isSetting(std::string_view name)
{
    constexpr std::array<std::string_view, 9> parts{"hparams.", "dataset.", "task.", "split.", "preprocessing.", "cleaning.", "architecture.", "start.", "training."};
    return name == "seed" || name == "device" || std::any_of(parts.begin(), parts.end(), [&](std::string_view part) { return name.starts_with(part); });
}

RunValue fieldOf(const RunSummary& run, std::string_view name, WallTime now)
{
    if (const auto reader = readers().find(name); reader != readers().end())
        return reader->second(run, now);
    for (const auto& [prefix, values] : {std::pair{std::string_view{"best."}, &run.best}, {std::string_view{"last."}, &run.last}, {std::string_view{"test."}, &run.test}})
        if (name.starts_with(prefix)) {
            const std::optional<double> value = valueAt(*values, std::string{name.substr(prefix.size())});
            return value ? RunValue{*value} : RunValue{};
        }
    return figureOf(run, std::string{name});
}

std::vector<QueryField> queryFields(const std::vector<RunSummary>& runs)
{
    const auto byFrequency = [](const std::map<std::string, std::size_t>& counts) {
        std::vector<std::pair<std::string, std::size_t>> sorted{counts.begin(), counts.end()};
        std::stable_sort(sorted.begin(), sorted.end(), [](const auto& left, const auto& right) { return left.second > right.second; });
        std::vector<std::string> values;
        for (auto& [value, count] : sorted)
            values.push_back(std::move(value));
        return values;
    };
    std::map<std::string, std::map<std::string, std::size_t>> counts;
    std::map<std::string, std::size_t> metrics, figures;
    for (const RunSummary& run : runs) {
        for (const auto& [name, value] : {std::pair{"architecture", &run.architecture}, {"dataset", &run.datasetName}, {"experiment", &run.experiment}, {"task", &run.task}})
            ++counts[name][*value];
        ++counts["status"][toString(run.status)];
        for (const std::string& tag : run.tags)
            ++counts["tag"][tag];
        for (const auto& [prefix, values] : {std::pair{"test.", &run.test}, {"best.", &run.best}, {"last.", &run.last}})
            for (const auto& [name, value] : *values) {
                ++figures[prefix + name];
                ++metrics[name.substr(0, name.find('/'))];
            }
    }
    std::vector<QueryField> fields;
    for (std::string& metric : byFrequency(metrics))
        fields.push_back({std::move(metric), {}});
    for (auto& [name, values] : counts)
        fields.push_back({name, byFrequency(values)});
    for (const auto& [name, reader] : readers())
        if (!name.empty() && !counts.contains(name))
            fields.push_back({name, {}});
    for (std::string& figure : byFrequency(figures))
        fields.push_back({std::move(figure), {}});
    return fields;
}

bool fits(const RunSummary& run, const RunQuery& query, const std::vector<const RunSettings*>& settings, WallTime now)
{
    RunValue value;
    return query.fits([&](std::size_t field) -> const RunValue& {
        if (!settings[field])
            return value = fieldOf(run, query.fields()[field], now);
        value = {};
        if (const auto setting = settings[field]->find(run.id); setting != settings[field]->end())
            std::visit([&](const auto& one) { value = one; }, setting->second);
        return value;
    });
}

std::vector<RunSummary> fitting(std::vector<RunSummary> runs, const RunQuery& query, RunStore& store)
{
    std::list<RunSettings> held;
    std::vector<const RunSettings*> settings;
    for (const std::string& field : query.fields())
        settings.push_back(isSetting(field) ? &held.emplace_back(store.settings(field)) : nullptr);
    const WallTime now = std::chrono::system_clock::now();
    std::erase_if(runs, [&](const RunSummary& run) { return !fits(run, query, settings, now); });
    return runs;
}

}
