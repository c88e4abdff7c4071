// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/history/run_fields.h"

#include "engine/core/history/metric_direction.h"

#include <algorithm>
#include <array>
#include <map>
#include <optional>
#include <unordered_map>

namespace descent {

namespace {

double secondsOf(WallTime::duration duration)
{
    return std::chrono::duration<double>(duration).count();
}

std::optional<double> valueAt(const Figures& values, std::string_view name)
{
    const auto found = values.find(name);
    return found == values.end() ? std::nullopt : std::optional{found->second};
}

/// Of the test, else of the best epoch on validation, else the last.
RunValue figureOf(const RunSummary& run, std::string_view metric, const std::string& onValidation, const std::string& inTraining)
{
    for (const auto& value : {valueAt(run.test, metric), valueAt(run.best, onValidation), valueAt(run.best, metric), valueAt(run.last, metric),
                              valueAt(run.last, onValidation), valueAt(run.last, inTraining)})
        if (value)
            return *value;
    return {};
}

RunValue orNothing(std::optional<double> value)
{
    return value ? RunValue{*value} : RunValue{};
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
        {"starred", [](const RunSummary& run, WallTime) -> RunValue { return run.starred ? "true" : "false"; }},
        {"archived", [](const RunSummary& run, WallTime) -> RunValue { return run.archived ? "true" : "false"; }},
        {"test", [](const RunSummary& run, WallTime) -> RunValue { return orNothing(valueAt(run.test, run.primaryMetric)); }},
        {"validation", [](const RunSummary& run, WallTime) -> RunValue { return orNothing(valueAt(run.best, run.primaryMetric + "/validation")); }},
        {"tag", [](const RunSummary& run, WallTime) -> RunValue { return run.tags; }},
        {"id", [](const RunSummary& run, WallTime) -> RunValue { return static_cast<double>(run.id); }},
        {"parent", [](const RunSummary& run, WallTime) -> RunValue { return run.parent ? RunValue{static_cast<double>(*run.parent)} : RunValue{}; }},
        {"created", [](const RunSummary& run, WallTime) -> RunValue { return secondsOf(run.createdAt.time_since_epoch()); }},
        {"ended", [](const RunSummary& run, WallTime) -> RunValue { return run.endedAt ? RunValue{secondsOf(run.endedAt->time_since_epoch())} : RunValue{}; }},
        {"age", [](const RunSummary& run, WallTime now) -> RunValue { return secondsOf(now - run.createdAt); }},
        {"duration", [](const RunSummary& run, WallTime) -> RunValue { return run.seconds; }},
        {"epoch", [](const RunSummary& run, WallTime) -> RunValue { return static_cast<double>(run.epoch); }},
        {"step", [](const RunSummary& run, WallTime) -> RunValue { return static_cast<double>(run.step); }},
        {"parameters", [](const RunSummary& run, WallTime) -> RunValue { return run.parameterCount > 0 ? RunValue{static_cast<double>(run.parameterCount)} : RunValue{}; }},
    };
    return all;
}

}

bool isSetting(std::string_view name)
{
    constexpr std::array<std::string_view, 9> parts{"hparams.", "dataset.", "task.", "split.", "preprocessing.", "cleaning.", "architecture.", "start.", "training."};
    return name == "seed" || name == "device" || name == "recipe"
        || std::any_of(parts.begin(), parts.end(), [&](std::string_view part) { return name.starts_with(part); });
}

RunField::RunField(std::string name, SharedSettings settings) : m_name{std::move(name)}, m_settings{std::move(settings)}
{
    if (m_settings)
        return;
    if (const auto reader = readers().find(m_name); reader != readers().end()) {
        m_read = reader->second;
        return;
    }
    for (const auto& [prefix, values] : {std::pair{std::string_view{"best."}, &RunSummary::best}, {std::string_view{"last."}, &RunSummary::last}, {std::string_view{"test."}, &RunSummary::test}})
        if (m_name.starts_with(prefix)) {
            m_read = [figure = m_name.substr(prefix.size()), values](const RunSummary& run, WallTime) { return orNothing(valueAt(run.*values, figure)); };
            return;
        }
    m_read = [metric = m_name, onValidation = m_name + "/validation", inTraining = m_name + "/train"](const RunSummary& run, WallTime) {
        return figureOf(run, metric, onValidation, inTraining);
    };
}

RunValue RunField::of(const RunSummary& run, WallTime now) const
{
    if (!m_settings)
        return m_read(run, now);
    const auto setting = m_settings->find(run.id);
    if (setting == m_settings->end())
        return {};
    return std::visit([](const auto& value) -> RunValue { return value; }, setting->second);
}

RunValue fieldOf(const RunSummary& run, std::string_view name, WallTime now)
{
    return RunField{std::string{name}}.of(run, now);
}

bool isBetterHigher(std::string_view name)
{
    const Direction direction = directionOf(std::string{name}, {});
    return direction.isKnown && direction.higherIsBetter;
}

std::vector<QueryField> queryFields(const RunSet& runs)
{
    using Counts = std::unordered_map<std::string_view, std::size_t>;
    const auto byFrequency = [](const auto& counts) {
        std::vector<std::pair<std::string, std::size_t>> sorted{counts.begin(), counts.end()};
        std::sort(sorted.begin(), sorted.end(), [](const auto& left, const auto& right) {
            return left.second != right.second ? left.second > right.second : left.first < right.first;
        });
        std::vector<std::string> values;
        for (auto& [value, count] : sorted)
            values.push_back(std::move(value));
        return values;
    };
    std::map<std::string, Counts> counts;
    std::array<Counts, 3> figures; // names of figures are shared, so counting them compares few
    constexpr std::array prefixes{"test.", "best.", "last."};
    Counts &architectures = counts["architecture"], &datasets = counts["dataset"], &experiments = counts["experiment"], &tasks = counts["task"], &tags = counts["tag"];
    std::map<RunStatus, std::size_t> statuses;
    for (const RunSummary& run : runs.each()) {
        ++architectures[run.architecture];
        ++datasets[run.datasetName];
        ++experiments[run.experiment];
        ++tasks[run.task];
        ++statuses[run.status];
        for (const std::string& tag : run.tags)
            ++tags[tag];
        for (std::size_t part = 0; part < prefixes.size(); ++part)
            for (const auto& [name, value] : part == 0 ? run.test : part == 1 ? run.best : run.last)
                ++figures[part][name];
    }
    std::map<std::string, std::size_t> metrics, allFigures, statusNames;
    for (std::size_t part = 0; part < prefixes.size(); ++part)
        for (const auto& [name, count] : figures[part]) {
            allFigures[prefixes[part] + std::string{name}] += count;
            metrics[std::string{name.substr(0, name.find('/'))}] += count;
        }
    for (const auto& [status, count] : statuses)
        statusNames[toString(status)] = count;
    std::vector<QueryField> fields;
    for (std::string& metric : byFrequency(metrics))
        fields.push_back({std::move(metric), {}});
    std::map<std::string, std::vector<std::string>> valuesOf{{"status", byFrequency(statusNames)}, {"starred", {"true", "false"}}, {"archived", {"true", "false"}}};
    for (const auto& [name, values] : counts)
        valuesOf[name] = byFrequency(values);
    for (const auto& [name, values] : valuesOf)
        fields.push_back({name, values});
    for (const auto& [name, reader] : readers())
        if (!name.empty() && !valuesOf.contains(name))
            fields.push_back({name, {}});
    for (std::string& figure : byFrequency(allFigures))
        fields.push_back({std::move(figure), {}});
    return fields;
}

bool fits(const RunSummary& run, const RunQuery& query, const std::vector<RunField>& fields, WallTime now)
{
    RunValue value;
    return query.fits([&](std::size_t field) -> const RunValue& { return value = fields[field].of(run, now); });
}

}
