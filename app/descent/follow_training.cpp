// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/descent/follow_training.h"

#include "app/descent/advice_output.h"
#include "app/descent/command.h"
#include "app/descent/json.h"
#include "app/descent/stop_signals.h"
#include "app/descent/train_display.h"
#include "engine/core/base/files.h"
#include "engine/core/store/run_store.h"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <atomic>
#include <csignal>
#include <mutex>
#include <optional>

namespace descent {

namespace {

using namespace std::chrono_literals;
constexpr auto pollEvery = 50ms;

/// What Ctrl-C acts on: the reading of the data first, the job once there is one.
class Stop {
public:
    void request()
    {
        const std::lock_guard lock{m_mutex};
        m_source.request_stop();
        if (m_control)
            m_control->requestStop();
    }
    void actOn(RunControl* control) ///< null: there is none any more
    {
        const std::lock_guard lock{m_mutex};
        m_control = control;
        if (m_control && m_source.stop_requested())
            m_control->requestStop();
    }
    std::stop_token token() const { return m_source.get_token(); }

private:
    std::mutex m_mutex; // guards m_control
    std::stop_source m_source;
    RunControl* m_control = nullptr;
};

/// Writes events as JSON, a line each. Called on the recorder's thread, and after its end on the main one.
class EventLines {
public:
    explicit EventLines(Stop& stop) : m_stop{stop} {}
    void write(const Json& json)
    {
        const std::string line = dump(json) + "\n";
        if (std::fwrite(line.data(), 1, line.size(), stdout) != line.size() || std::fflush(stdout) != 0)
            m_stop.request(); // nobody reads any more
    }

private:
    Stop& m_stop;
};

void tellProblems(const TrainingOutput& output, EventLines& lines, const Problems& problems, const char* severity)
{
    printProblems(problems, severity);
    if (output.json)
        for (const Problem& problem : problems)
            lines.write(toJson(problem, severity));
}

/// Watches the job until it has ended, and returns how.
RunEnded follow(TrainingJob& job, TrainDisplay* display)
{
    RunEnded ended;
    for (bool last = false; !last;) {
        last = job.finished(); // before taking: what was given until then is taken now
        const LiveFeed::Batch batch = job.feed().take();
        if (display)
            display->show(batch);
        for (const RunEvent& event : batch.events)
            if (const auto* end = std::get_if<RunEnded>(&event))
                ended = *end;
        if (!last)
            std::this_thread::sleep_for(pollEvery);
    }
    return ended;
}

}

void addOutputOptions(CLI::App& command, TrainingOutput& output)
{
    command.add_flag("--json", output.json, "print one event a line as JSON, each once it is safely stored");
    command.add_flag("--layers", output.layers, "look into the layers: weights, gradients, dead units; a table at the end, histograms with --json");
    command.add_flag("--quiet", output.quiet, "print nothing but the run's number");
}

int trainAndFollow(const TrainingOutput& output,
                   const std::function<Result<PreparedTraining>(Backend& backend, const LoadControl& control)>& prepare)
{
    Stop stop;
    const StopSignals signals{[&stop] { stop.request(); }};
    std::signal(SIGPIPE, SIG_IGN); // a reader that goes away ends the run in order, not by a signal
    EventLines lines{stop};
    std::optional<PreparedTraining> training;
    std::optional<TrainDisplay> display;
    Backend* backend = nullptr;
    try {
        const Terminal terminal = terminalOf(stdout);
        std::optional<TrainDisplay> loading;
        if (!output.json && !output.quiet)
            loading.emplace(terminal, "");
        backend = &loadBackend();
        Result<PreparedTraining> prepared =
            prepare(*backend, {.stop = stop.token(), .progress = [&](double fraction) {
                                   if (loading)
                                       loading->showLoading(fraction);
                               }});
        if (loading)
            loading->clearLine();
        if (!prepared)
            throw BadInput{std::move(prepared.problems)};
        tellProblems(output, lines, prepared.problems, "warning");
        if (loading)
            display.emplace(terminal, prepared->task.primaryMetric);
        training = std::move(*prepared.value);
    } catch (const BadInput& error) {
        tellProblems(output, lines, error.problems(), "error");
        return exitBadInput;
    } catch (const DescentError& error) {
        tellProblems(output, lines, {{{}, error.message(), {}}}, "error");
        return exitFailed;
    }

    RunId run = 0; // of the recorder's thread: the first event names it
    std::atomic<bool> endStored = false;
    JobOptions jobOptions{.folder = dataFolder(), .experiment = output.experiment, .watchLayers = output.layers, .group = output.group, .committed = [&](const RunEvent& event) {
                              if (const auto* started = std::get_if<RunStarted>(&event))
                                  run = started->run;
                              if (output.json)
                                  if (const auto json = toJson(event, run))
                                      lines.write(*json);
                              if (std::holds_alternative<RunEnded>(event))
                                  endStored = true;
                          }};
    std::optional<TrainingJob> started;
    try {
        started.emplace(std::move(*training), *backend, std::move(jobOptions));
    } catch (const StoreError& error) {
        tellProblems(output, lines, {{{}, error.message(), {}}}, "error");
        return exitFailed;
    }
    TrainingJob& job = *started;
    stop.actOn(&job.control());
    if (!output.tags.empty())
        RunStore{dataFolder()}.setTags(job.run(), output.tags);
    RunEnded ended = follow(job, display ? &*display : nullptr);
    stop.actOn(nullptr);
    if (!endStored) {
        ended.status = RunStatus::failed; // whatever the training says: nobody will find it in the history
        ended.reason = text("the end of the run could not be written to the history");
        if (output.json)
            lines.write(*toJson(ended, job.run()));
    }
    if (display && endStored) {
        RunStore store{dataFolder()};
        if (const auto details = store.run(job.run()))
            printAdvice(adviceFor(store, *details));
    }
    if (output.quiet && !output.json)
        fmt::print("{}\n", job.run());
    if (ended.status == RunStatus::failed && (!display || !endStored))
        fmt::print(stderr, "{}{}\n", printable(english(ended.reason)),
                   ended.hint.empty() ? "" : " (" + printable(english(ended.hint)) + ")");
    return ended.status == RunStatus::failed ? exitFailed : exitDone;
}

}
