// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/descent/command.h"
#include "app/descent/history.h"
#include "app/descent/json.h"
#include "app/descent/recipe_input.h"
#include "app/descent/stop_signals.h"
#include "app/descent/train_display.h"
#include "engine/core/base/files.h"
#include "engine/core/job/training_job.h"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <cctype>
#include <csignal>
#include <memory>
#include <mutex>
#include <optional>

namespace descent {

namespace {

using namespace std::chrono_literals;
constexpr auto pollEvery = 50ms;

struct Options {
    RecipeInput recipe;
    std::string name, experiment = "Default", from;
    std::vector<std::string> tags;
    bool json = false, quiet = false;
};

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

void tellProblems(const Options& options, EventLines& lines, const Problems& problems, const char* severity)
{
    printProblems(problems, severity);
    if (options.json)
        for (const Problem& problem : problems)
            lines.write(toJson(problem, severity));
}

/// `--from` as settings: a path where there is such a file or folder or it looks like one, else a run.
std::vector<std::string> startSettings(const std::string& from)
{
    std::error_code ignored;
    if (from.ends_with(".safetensors") || from.find('/') != std::string::npos
        || (std::filesystem::exists(from, ignored) && !std::all_of(from.begin(), from.end(), [](unsigned char c) { return std::isdigit(c); })))
        return {"start.from=file", "start.file=" + std::filesystem::absolute(from).string()};
    RunStore store = openHistory();
    return {"start.from=run", fmt::format("start.run={}", findRuns(store.runs(), {from}).front().id)};
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

/// Says nothing, but why it failed.
class FailureOnly : public RunObserver {
public:
    void onEvent(const RunEvent& event) override
    {
        if (const auto* end = std::get_if<RunEnded>(&event); end && end->status == RunStatus::failed) {
            fmt::print(stderr, "{}\n", printable(english(end->reason)));
            code = exitFailed;
        }
    }
    int code = exitDone;
};

/// One of several processes, and not that of rank 0: it learns with the others and keeps nothing.
int work(const Options& options, const GroupPlace& place)
{
    // Ctrl-C reaches all processes of a terminal, and a cluster tells all to stop: rank 0 decides, at a step that all share.
    const StopSignals signals{[] {}};
    Backend& backend = loadBackend();
    RecipeInput input = options.recipe;
    if (!options.from.empty())
        for (std::string& setting : startSettings(options.from))
            input.sets.push_back(std::move(setting));
    Result<PreparedTraining> prepared = prepareTraining(readRecipe(input), backend, {}, nullptr, dataFolder());
    if (!prepared)
        throw BadInput{std::move(prepared.problems)};
    RunControl control;
    FailureOnly observer;
    backend.train({prepared->recipe, prepared->task, prepared->data, prepared->network, {}, 0, prepared->start, place, {}}, control, observer);
    return observer.code;
}

int train(const Options& options)
{
    const Result<GroupPlace> place = placeFromEnvironment();
    if (!place.problems.empty())
        throw BadInput{place.problems};
    if (place && place->rank > 0)
        return work(options, *place);
    Stop stop;
    const StopSignals signals{[&stop] { stop.request(); }};
    std::signal(SIGPIPE, SIG_IGN); // a reader that goes away ends the run in order, not by a signal
    EventLines lines{stop};
    std::optional<PreparedTraining> training;
    std::optional<TrainDisplay> display;
    Backend* backend = nullptr;
    try {
        RecipeInput input = options.recipe;
        if (!options.from.empty())
            for (std::string& setting : startSettings(options.from))
                input.sets.push_back(std::move(setting));
        Recipe recipe = readRecipe(input);
        if (!options.name.empty())
            recipe.name = options.name;
        const Terminal terminal = terminalOf(stdout);
        std::optional<TrainDisplay> loading;
        if (!options.json && !options.quiet)
            loading.emplace(terminal, "");
        backend = &loadBackend();
        Result<PreparedTraining> prepared =
            prepareTraining(recipe, *backend, {.stop = stop.token(), .progress = [&](double fraction) {
                                                   if (loading)
                                                       loading->showLoading(fraction);
                                               }},
                            nullptr, dataFolder());
        if (loading)
            loading->clearLine();
        if (!prepared)
            throw BadInput{std::move(prepared.problems)};
        tellProblems(options, lines, prepared.problems, "warning");
        if (loading)
            display.emplace(terminal, prepared->task.primaryMetric);
        training = std::move(*prepared.value);
    } catch (const BadInput& error) {
        tellProblems(options, lines, error.problems(), "error");
        return exitBadInput;
    } catch (const DescentError& error) {
        tellProblems(options, lines, {{{}, error.message(), {}}}, "error");
        return exitFailed;
    }

    RunId run = 0; // of the recorder's thread: the first event names it
    std::atomic<bool> endStored = false;
    JobOptions jobOptions{.folder = dataFolder(), .experiment = options.experiment, .group = place.value, .committed = [&](const RunEvent& event) {
                              if (const auto* started = std::get_if<RunStarted>(&event))
                                  run = started->run;
                              if (options.json)
                                  if (const auto json = toJson(event, run))
                                      lines.write(*json);
                              if (std::holds_alternative<RunEnded>(event))
                                  endStored = true;
                          }};
    std::optional<TrainingJob> started;
    try {
        started.emplace(std::move(*training), *backend, std::move(jobOptions));
    } catch (const StoreError& error) {
        tellProblems(options, lines, {{{}, error.message(), {}}}, "error");
        return exitFailed;
    }
    TrainingJob& job = *started;
    stop.actOn(&job.control());
    if (!options.tags.empty())
        RunStore{dataFolder()}.setTags(job.run(), options.tags);
    RunEnded ended = follow(job, display ? &*display : nullptr);
    stop.actOn(nullptr);
    if (!endStored) {
        ended.status = RunStatus::failed; // whatever the training says: nobody will find it in the history
        ended.reason = text("the end of the run could not be written to the history");
        if (options.json)
            lines.write(*toJson(ended, job.run()));
    }
    if (options.quiet && !options.json)
        fmt::print("{}\n", job.run());
    if (ended.status == RunStatus::failed && (!display || !endStored))
        fmt::print(stderr, "{}{}\n", printable(english(ended.reason)),
                   ended.hint.empty() ? "" : " (" + printable(english(ended.hint)) + ")");
    return ended.status == RunStatus::failed ? exitFailed : exitDone;
}

}

void addTrainCommand(CLI::App& app, Action& chosen)
{
    CLI::App* command = app.add_subcommand("train", "Trains a recipe and keeps the run");
    const auto options = std::make_shared<Options>();
    command->add_option("recipe", options->recipe.file, "a recipe's JSON file, or - for standard input")
        ->type_name("RECIPE.json");
    command->add_option("--template", options->recipe.templateId, "begin from a template; see: descent template")
        ->type_name("NAME");
    command->add_option("--set", options->recipe.sets, "change a setting, as in training.epochs=5; may be given again")
        ->type_name("PATH=VALUE")
        ->allow_extra_args(false);
    command->add_option("--from", options->from, "begin with the weights of a run (its number or name, or \"last\") or of a safetensors file")
        ->type_name("RUN|FILE");
    command->add_option("--name", options->name, "the run's name")->type_name("TEXT");
    command->add_option("--experiment", options->experiment, "the experiment it belongs to")->type_name("TEXT");
    command->add_option("--tag", options->tags, "a tag; may be given again")->type_name("TEXT")->allow_extra_args(false);
    command->add_option("--device", options->recipe.device, "auto, cpu, cuda or cuda:0")->type_name("DEVICE");
    command->add_flag("--json", options->json, "print one event a line as JSON, each once it is safely stored");
    command->add_flag("--quiet", options->quiet, "print nothing but the run's number");
    command->footer("Without a recipe it begins from a template that suits the data named by --set dataset.kind or\n"
                    "dataset.path, or else with spirals, the quick start. Ctrl-C stops after the step under way and keeps\n"
                    "the run; a second one ends the program at once.");
    command->callback([options, &chosen] { chosen = [options] { return train(*options); }; });
}

}
