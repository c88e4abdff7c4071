// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/descent/queue_run.h"

#include "app/descent/history.h"
#include "app/descent/stop_signals.h"
#include "app/descent/terminal.h"
#include "engine/core/base/files.h"
#include "engine/core/job/job_queue.h"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <condition_variable>
#include <csignal>
#include <map>
#include <memory>
#include <mutex>
#include <optional>

namespace descent {

namespace {

struct Options {
    std::int64_t jobs = 0;
    bool json = false, quiet = false;
};

/// What a person or a script is told, from all threads of the queue; and when it is over.
class QueueDisplay {
public:
    QueueDisplay(const Options& options, std::function<void()> nobodyReads)
        : m_options{options}, m_terminal{terminalOf(stdout)}, m_nobodyReads{std::move(nobodyReads)}
    {
    }

    void snapshot(const QueueSnapshot& snapshot)
    {
        const std::lock_guard lock{m_mutex};
        for (const QueueEntry& entry : snapshot.entries)
            m_names[entry.id] = entry.name;
        m_paused = snapshot.settings.paused;
        m_pauseReason = snapshot.settings.pauseReason;
        m_waiting = std::count_if(snapshot.entries.begin(), snapshot.entries.end(),
                                  [](const QueueEntry& entry) { return entry.state == QueueState::waiting; });
    }
    void progress(const QueueProgress& progress)
    {
        const std::lock_guard lock{m_mutex};
        if (m_options.json || m_options.quiet)
            return;
        const bool isNew = m_running.insert_or_assign(progress.entry, progress).second;
        if (m_terminal.interactive)
            drawLine();
        else if (isNew)
            fmt::print("{}  {}: begins\n", progress.entry, printable(m_names[progress.entry]));
        std::fflush(stdout);
    }
    void event(QueueEntryId entry, const RunEvent& event)
    {
        if (std::holds_alternative<MetricsLogged>(event))
            return;
        RunId run = 0; // the first event of a run names it
        {
            const std::lock_guard lock{m_mutex};
            Told& told = m_told[entry];
            if (const auto* started = std::get_if<RunStarted>(&event))
                told = {started->run, started->primaryMetric, {}};
            else if (const auto* ended = std::get_if<RunEnded>(&event))
                if (const auto figure = ended->test.find(told.metric); figure != ended->test.end())
                    told.figure = ", " + told.metric + ' ' + formatFigure(figure->second);
            run = told.run;
        }
        if (!m_options.json)
            return;
        if (const auto json = toJson(event, run)) {
            Json line{{"entry", entry}};
            line.update(*json);
            writeLine(line);
        }
    }
    void ended(const QueueEntry& entry)
    {
        if (m_options.json) {
            Json line{{"event", "entry"}};
            line.update(toJson(entry));
            writeLine(line);
            const std::lock_guard lock{m_mutex};
            m_failed += entry.state == QueueState::failed;
            return;
        }
        const std::lock_guard lock{m_mutex};
        m_failed += entry.state == QueueState::failed;
        m_running.erase(entry.id);
        if (m_options.quiet)
            return;
        clearLine();
        const int colour = entry.state == QueueState::failed ? 31 : entry.state == QueueState::done ? 32 : 33;
        fmt::print("{}  {}: {}{}{}{}\n", entry.id, printable(entry.name), coloured(m_terminal, colour, toString(entry.state)),
                   m_told[entry.id].figure, entry.run ? fmt::format(", run {}", *entry.run) : "",
                   entry.state == QueueState::failed ? "; " + printable(english(entry.cause)) : "");
        std::fflush(stdout);
    }
    void troubled(const Text& what)
    {
        const std::lock_guard lock{m_mutex};
        clearLine();
        printProblems({{{}, what, text("the queue tries again")}}, "warning");
    }

    /// The exit code, with a last word where it is no plain end.
    int conclude(bool interrupted)
    {
        const std::lock_guard lock{m_mutex};
        clearLine();
        if (interrupted)
            fmt::print(stderr, "stopped; what ran waits again\n");
        else if (m_paused && m_waiting > 0)
            printProblems({{{}, m_pauseReason.empty() ? text("the queue is paused and %1 wait", m_waiting)
                                                      : text("the queue paused itself and %1 wait: %2", m_waiting, english(m_pauseReason)),
                            text("to go on: descent queue resume")}});
        return m_failed > 0 || (m_paused && m_waiting > 0) ? exitFailed : exitDone;
    }

private:
    void writeLine(const Json& json)
    {
        const std::string line = dump(json) + "\n";
        const std::lock_guard lock{m_mutex};
        if (std::fwrite(line.data(), 1, line.size(), stdout) != line.size() || std::fflush(stdout) != 0)
            m_nobodyReads();
    }
    void clearLine()
    {
        if (std::exchange(m_lineShown, false)) {
            fmt::print("\r\x1b[K");
            std::fflush(stdout);
        }
    }
    void drawLine()
    {
        std::string line;
        for (const auto& [id, one] : m_running) {
            line += (line.empty() ? "" : "   ") + printable(m_names[id]) + ": ";
            if (one.stage == QueueProgress::Stage::preparing)
                line += "getting ready";
            else if (one.stage == QueueProgress::Stage::waitingForMemory)
                line += "waits for memory";
            else
                line += fmt::format("epoch {} of {}, loss {}{}", one.epoch, one.epochs, formatFigure(one.loss),
                                    one.secondsLeft >= 0 ? ", " + formatDuration(one.secondsLeft) + " left" : "");
        }
        fmt::print("\r{}\x1b[K", fitted(line, static_cast<std::size_t>(std::max(1, m_terminal.width - 1)), m_terminal.unicode));
        m_lineShown = true;
    }

    const Options m_options;
    const Terminal m_terminal;
    const std::function<void()> m_nobodyReads;
    std::mutex m_mutex; // guards all below
    std::map<QueueEntryId, std::string> m_names;
    struct Told {
        RunId run = 0;
        std::string metric, figure; ///< the task's primary one; ", accuracy 0.98" once it is measured
    };
    std::map<QueueEntryId, Told> m_told;
    std::map<QueueEntryId, QueueProgress> m_running;
    std::int64_t m_waiting = 0, m_failed = 0;
    bool m_paused = false, m_lineShown = false;
    Text m_pauseReason;
};

/// Sleeps until the queue is worked off, or somebody wants it to end.
class Ending {
public:
    void workedOff() { set(m_workedOff); }
    void interrupt() { set(m_interrupted); }
    bool waitUntilOver() ///< true: interrupted
    {
        std::unique_lock lock{m_mutex};
        m_wake.wait(lock, [this] { return m_workedOff || m_interrupted; });
        return m_interrupted;
    }

private:
    void set(bool& what)
    {
        const std::lock_guard lock{m_mutex};
        what = true;
        m_wake.notify_all();
    }
    std::mutex m_mutex; // guards both
    std::condition_variable m_wake;
    bool m_workedOff = false, m_interrupted = false;
};

int run(const Options& options)
{
    Ending ending;
    const StopSignals signals{[&ending] { ending.interrupt(); }};
    std::signal(SIGPIPE, SIG_IGN); // a reader that goes away ends the queue in order, not by a signal
    loadBackend();                 // without it every entry would fail, one after the other
    QueueDisplay display{options, [&ending] { ending.interrupt(); }};
    bool interrupted = false;
    {
        JobQueue queue{{.folder = dataFolder(), .atOnce = options.jobs > 0 ? std::optional{options.jobs} : std::nullopt},
                       {.changed = [&](const QueueSnapshot& snapshot) { display.snapshot(snapshot); },
                        .progress = [&](const QueueProgress& progress) { display.progress(progress); },
                        .ended = [&](const QueueEntry& entry) { display.ended(entry); },
                        .idle = [&](std::int64_t) { ending.workedOff(); },
                        .troubled = [&](const Text& what) { display.troubled(what); },
                        .committed = [&](QueueEntryId entry, const RunEvent& event) { display.event(entry, event); }}};
        queue.begin();
        interrupted = ending.waitUntilOver();
    }
    return display.conclude(interrupted);
}

}

void addQueueRunCommand(CLI::App& queue, Action& chosen)
{
    CLI::App* command = queue.add_subcommand("run", "Trains what waits until nothing is left");
    const auto options = std::make_shared<Options>();
    command->add_option("--jobs", options->jobs, "runs at the same time, in place of the queue's own limit")->type_name("N")->check(CLI::Range(1, 64));
    CLI::Option* json = command->add_flag("--json", options->json, "one event a line as JSON, each once it is safely stored");
    command->add_flag("--quiet", options->quiet, "print nothing")->excludes(json);
    command->footer("Several programs may work on one queue: each entry is trained once. A run that fails stops nothing; the\n"
                    "exit code is 1 where any did. Ctrl-C stops what runs, which then waits again; a second one ends the\n"
                    "program at once, and the next one finds what was lost.");
    command->callback([options, &chosen] { chosen = [options] { return run(*options); }; });
}

}
