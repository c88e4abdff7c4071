// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/descent/history.h"

#include "app/descent/command.h"
#include "app/descent/text_table.h"
#include "engine/core/base/files.h"
#include "engine/core/history/run_fields.h"

#include <algorithm>
#include <charconv>

namespace descent {

namespace {

Result<RunSummary> findRun(const std::vector<RunSummary>& runs, const std::string& name)
{
    if (runs.empty())
        return {std::nullopt, {{name, text("there are no runs"), text("train one: descent train")}}};
    if (name == "last" || name == "latest")
        return {runs.front(), {}};
    RunId id = 0;
    const auto [rest, error] = std::from_chars(name.data(), name.data() + name.size(), id);
    if (error == std::errc{} && rest == name.data() + name.size()) {
        const auto found = std::find_if(runs.begin(), runs.end(), [&](const RunSummary& run) { return run.id == id; });
        if (found != runs.end())
            return {*found, {}};
    }
    std::vector<std::string> names, ids;
    const RunSummary* match = nullptr;
    for (const RunSummary& run : runs) {
        names.push_back(run.name);
        if (run.name == name) {
            match = &run;
            ids.push_back(std::to_string(run.id));
        }
    }
    if (!match) {
        const std::string nearest = nearestName(name, names);
        return {std::nullopt,
                {{name, text("there is no such run"),
                  nearest.empty() ? text("see: descent runs") : text("did you mean \"%1\"?", nearest)}}};
    }
    if (ids.size() > 1)
        return {std::nullopt, {{name, text("several runs have this name"), text("give one of the numbers %1", joined(ids))}}};
    return {*match, {}};
}

}

RunStore openHistory()
{
    return RunStore{dataFolder()};
}

std::vector<RunSummary> findRuns(const std::vector<RunSummary>& runs, const std::vector<std::string>& names)
{
    std::vector<RunSummary> found;
    Problems problems;
    for (const std::string& name : names) {
        Result<RunSummary> run = findRun(runs, name);
        if (run)
            found.push_back(std::move(*run.value));
        problems.insert(problems.end(), run.problems.begin(), run.problems.end());
    }
    if (!problems.empty())
        throw BadInput{std::move(problems)};
    return found;
}

std::unique_ptr<FinishedRun> openFinishedRun(const std::string& name, const std::stop_token& stop)
{
    const RunId id = [&] {
        RunStore store = openHistory();
        return findRuns(store.runs(), {name}).front().id;
    }();
    Result<std::unique_ptr<FinishedRun>> run = FinishedRun::open(dataFolder(), id, loadBackend(), {.stop = stop, .progress = {}});
    if (!run)
        throw BadInput{std::move(run.problems)};
    return std::move(*run.value);
}

ChartLine curveOf(RunStore& store, RunId run, const std::string& series, const std::string& label)
{
    ChartLine line{label, {}, {}};
    for (const SeriesPoint& point : store.points(run, series)) {
        line.x.push_back(static_cast<double>(point.step));
        line.y.push_back(point.value);
    }
    return line;
}

RunQuery parsedQuery(const std::string& where)
{
    Result<RunQuery> query = RunQuery::parse(where);
    if (!query) {
        for (Problem& problem : query.problems)
            problem.path = "--where, character " + std::to_string(std::stoul(problem.path) + 1);
        throw BadInput{std::move(query.problems)};
    }
    return *query;
}

std::set<RunId> runsWhere(RunStore& store, const std::string& where)
{
    const RunQuery query = parsedQuery(where);
    std::vector<RunField> fields;
    for (const std::string& field : query.fields())
        fields.emplace_back(field, isSetting(field) ? std::make_shared<const RunSettings>(store.settings(field)) : nullptr);
    std::set<RunId> runs;
    for (const RunSummary& run : store.runs())
        if (fits(run, query, fields, std::chrono::system_clock::now()))
            runs.insert(run.id);
    return runs;
}

std::string headline(const RunSummary& run)
{
    if (const auto test = run.test.find(run.primaryMetric); test != run.test.end())
        return run.primaryMetric + " " + formatFigure(test->second);
    if (const auto best = run.best.find(run.primaryMetric + "/validation"); best != run.best.end())
        return run.primaryMetric + " " + formatFigure(best->second) + " (validation)";
    return {};
}

std::vector<std::pair<std::string, FamilyMember>> familyLines(const std::vector<FamilyMember>& family, bool unicode)
{
    std::vector<std::pair<std::string, FamilyMember>> lines;
    std::vector<bool> goesOn; // by depth: a later sibling follows
    for (const FamilyMember& member : family) {
        goesOn.resize(member.depth);
        std::string line;
        for (std::size_t depth = 1; depth < member.depth; ++depth)
            line += !goesOn[depth] ? "   " : unicode ? "\u2502  " : "|  ";
        if (member.depth > 0)
            line += !unicode ? "+- " : member.isLastChild ? "\u2514\u2500 " : "\u251c\u2500 ";
        goesOn.push_back(!member.isLastChild);
        lines.emplace_back(line + std::to_string(member.run) + (member.summary ? "  " + member.summary->name : ""), member);
    }
    return lines;
}

std::string joined(const std::vector<std::string>& words)
{
    std::string text;
    for (const std::string& word : words)
        text += (text.empty() ? "" : ", ") + word;
    return text;
}

}
