// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/interchange/intake.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <iterator>
#include <nlohmann/json.hpp>
#include <utility>

namespace descent {

using Json = nlohmann::ordered_json;

namespace {

constexpr std::size_t pointsAtOnce = 200'000, mostProblems = 100;
constexpr std::size_t mostSeries = 100'000; // of all runs: more are not names but values that somebody put into them
constexpr std::size_t longestName = 1'000;
constexpr double latestTime = 1e11; // seconds since 1970: the year 5138. What lies behind it is no time.

double secondsOf(WallTime time)
{
    return std::chrono::duration<double>(time.time_since_epoch()).count();
}

WallTime wallTimeOf(double seconds)
{
    return WallTime{std::chrono::milliseconds{std::llround(std::clamp(seconds, 0.0, latestTime) * 1000)}};
}

DescentError takenMeanwhile(const std::string& from)
{
    return DescentError{text("another program has imported from %1 meanwhile: import it again, and nothing is taken twice", from)};
}

std::string recipeOf(const ForeignRun& run)
{
    Json settings = Json::object();
    for (const auto& [name, value] : run.settings)
        std::visit([&, key = name](const auto& one) { settings[key] = one; }, value);
    return Json{{"name", run.name}, {"hparams", std::move(settings)}}.dump(2, ' ', false, Json::error_handler_t::replace);
}

}

void ImportReport::add(const ImportReport& later)
{
    runs = std::max(runs, later.runs);
    series = std::max(series, later.series);
    newRuns += later.newRuns;
    updatedRuns += later.updatedRuns;
    points += later.points;
    known += later.known;
    damaged += later.damaged;
    const std::size_t room = mostProblems - std::min(mostProblems, problems.size());
    problems.insert(problems.end(), later.problems.begin(), later.problems.begin() + static_cast<std::ptrdiff_t>(std::min(room, later.problems.size())));
}

Intake::Run& Intake::run(const std::string& from)
{
    std::unique_ptr<Run>& at = m_runs[from];
    if (at)
        return *at;
    at = std::make_unique<Run>();
    at->m_from = from;
    if (const auto before = m_imported.find(from); before != m_imported.end()) {
        at->m_run = before->second.run;
        at->m_known = at->m_stored = m_store->pointCounts(before->second.run);
        at->m_began = secondsOf(before->second.createdAt);
    }
    return *at;
}

void Intake::add(Run& run, ForeignPoint point)
{
    if (!std::isfinite(run.m_began))
        run.m_began = std::clamp(run.about.began.value_or(point.wallTime), 0.0, latestTime); // NaN stays NaN
    if (!std::isfinite(point.seconds))
        point.seconds = point.wallTime - run.m_began;
    if (!std::isfinite(point.seconds))
        point.seconds = 0;
    if (point.series.size() > longestName || (m_series.size() >= mostSeries && !m_series.contains(point.series))) {
        leaveOut({run.m_from, text("there are more than %1 series, or their names are longer than %2 bytes", mostSeries, longestName), {}});
        return;
    }
    m_series.insert(point.series);
    if (std::int64_t& known = run.m_known[point.series]; known > 0) {
        --known;
        ++m_report.known;
        return;
    }
    ++m_report.points;
    run.m_fresh.push_back(std::move(point));
    if (run.m_fresh.size() >= pointsAtOnce)
        flush(run);
}

void Intake::create(Run& run)
{
    const auto has = [&](const char* word) {
        return std::ranges::any_of(run.m_fresh, [&](const ForeignPoint& point) { return point.series.find(word) != std::string::npos; });
    };
    std::map<std::string, std::string> environment = run.about.environment;
    environment[importedFrom] = run.m_from;
    run.m_began = std::clamp(run.about.began.value_or(std::isfinite(run.m_began) ? run.m_began : secondsOf(std::chrono::system_clock::now())), 0.0, latestTime);
    run.m_run = m_store->createRun({.experiment = run.about.experiment,
                                    .name = run.about.name,
                                    .recipeJson = recipeOf(run.about),
                                    .primaryMetric = has("acc") ? "accuracy" : "loss",
                                    .higherIsBetter = has("acc"),
                                    .environment = std::move(environment),
                                    .createdAt = wallTimeOf(run.m_began)});
    run.m_isUnderWay = true;
    if (!run.about.note.empty())
        m_store->setNote(*run.m_run, run.about.note);
    if (!run.about.tags.empty())
        m_store->setTags(*run.m_run, run.about.tags);
}

void Intake::flush(Run& run)
{
    if (run.m_fresh.empty() && !run.m_run && !run.about.evenEmpty)
        return;
    m_report.runs += !std::exchange(run.m_isCounted, true);
    m_report.newRuns += !run.m_run && !std::exchange(run.m_isToldNew, true);
    if (m_mode == Mode::count) {
        run.m_fresh.clear();
        return;
    }
    if (run.m_fresh.empty() && run.m_told == run.about)
        return;
    if (!run.m_run && m_imported.contains(run.m_from))
        throw takenMeanwhile(run.m_from);
    if (!run.m_run)
        create(run);
    if (!run.m_fresh.empty())
        record(run);
    tell(run);
}

void Intake::record(Run& run)
{
    if (m_store->pointCounts(*run.m_run) != run.m_stored)
        throw takenMeanwhile(run.m_from);
    std::vector<RunEvent> events;
    if (!run.m_isUnderWay && !run.about.status) {
        events.emplace_back(RunStarted{}); // it went on since
        run.m_isUnderWay = true;
    }
    MetricsLogged logged;
    logged.points.reserve(run.m_fresh.size());
    for (ForeignPoint& point : run.m_fresh) {
        run.m_lastSeconds = std::max(run.m_lastSeconds, point.seconds);
        ++run.m_stored[point.series];
        logged.points.push_back({std::move(point.series), point.step, point.value, point.seconds});
    }
    run.m_fresh.clear();
    events.emplace_back(std::move(logged));
    m_store->record(*run.m_run, events);
}

void Intake::tell(Run& run)
{
    if (run.m_told == run.about)
        return;
    ImportedState state{.recipeJson = recipeOf(run.about), .environment = run.about.environment, .status = run.about.status};
    if (run.about.status) {
        run.m_isUnderWay = false;
        state.endedAt = wallTimeOf(run.about.ended.value_or(run.m_began + run.m_lastSeconds));
    }
    m_store->setImportedState(*run.m_run, state);
    if (run.m_told && run.m_told->tags != run.about.tags) { // beside those that a person has given it
        std::vector<std::string> tags = m_store->run(*run.m_run).value_or(RunDetails{}).summary.tags;
        std::ranges::copy_if(run.about.tags, std::back_inserter(tags), [&](const std::string& tag) { return std::ranges::find(tags, tag) == tags.end(); });
        m_store->setTags(*run.m_run, tags);
    }
    run.m_told = run.about;
}

void Intake::flush()
{
    for (const auto& [from, run] : m_runs)
        flush(*run);
}

void Intake::passOver()
{
    ++m_report.runs;
}

void Intake::leaveOut(Problem problem)
{
    ++m_report.damaged;
    say(std::move(problem));
}

void Intake::say(Problem problem)
{
    if (m_report.problems.size() < mostProblems)
        m_report.problems.push_back(std::move(problem));
}

void Intake::showProgress(double done)
{
    if (m_progress)
        m_progress({.done = done, .runs = m_report.runs, .points = m_report.points + m_report.known});
}

void Intake::begin(RunStore& store, const std::stop_token& stop, std::function<void(const ImportProgress&)> progress)
{
    m_store = &store;
    if (m_mode == Mode::take)
        m_turn.emplace(store.runFolder(0).parent_path().parent_path(), stop);
    if (const std::int64_t changes = store.changeCounter(); changes != std::exchange(m_changes, changes))
        m_imported = store.importedRuns();
    m_report = {};
    m_progress = std::move(progress);
    for (const auto& [from, run] : m_runs)
        run->m_isCounted = false;
}

ImportReport Intake::take()
{
    flush();
    m_report.series = static_cast<std::int64_t>(m_series.size());
    m_progress = {};
    m_turn.reset();
    return std::exchange(m_report, {});
}

void Intake::finish(RunStore& store, RunStatus status)
{
    for (const auto& [from, run] : m_runs)
        if (std::exchange(run->m_isUnderWay, false))
            store.setImportedState(*run->m_run, {.recipeJson = recipeOf(run->about),
                                                 .environment = run->about.environment,
                                                 .status = status,
                                                 .endedAt = wallTimeOf(run->about.ended.value_or(run->m_began + run->m_lastSeconds))});
}

void Intake::drop()
{
    m_progress = {};
    m_turn.reset();
}

ImportReport RunImport::update(RunStore& store, const std::stop_token& stop, const std::function<void(const ImportProgress&)>& progress)
try {
    m_intake.begin(store, stop, progress);
    read(m_intake, stop);
    return m_intake.take();
} catch (...) {
    m_intake.drop();
    throw;
}

ImportReport RunImport::finish(RunStore& store)
try {
    m_intake.begin(store, {}, {});
    readRest(m_intake);
    ImportReport report = m_intake.take();
    m_intake.finish(store, statusAtEnd());
    return report;
} catch (...) {
    m_intake.drop();
    throw;
}

}
