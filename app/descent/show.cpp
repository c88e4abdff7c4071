// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/descent/advice_output.h"
#include "app/descent/command.h"
#include "app/descent/history.h"
#include "app/descent/json.h"
#include "app/descent/terminal.h"

#include <CLI/CLI.hpp>
#include <fmt/chrono.h>
#include <fmt/format.h>

#include <algorithm>
#include <memory>

namespace descent {

namespace {

struct Options {
    std::string run, points;
    bool json = false, recipe = false;
};

void line(const char* label, const std::string& value)
{
    if (!value.empty())
        fmt::print("{:<14}{}\n", label, printable(value));
}

std::string figures(const Figures& values)
{
    std::string text;
    for (const auto& [name, value] : values)
        text += fmt::format("{}{} {}", text.empty() ? "" : ", ", name,
                            name == "epoch" ? fmt::format("{:.0f}", value) : formatFigure(value));
    return text;
}

/// Where it came from, and what came from it.
void printFamily(const RunSummary& run, const std::vector<RunSummary>& runs)
{
    const auto named = [&](RunId id) {
        const auto found = std::find_if(runs.begin(), runs.end(), [id](const RunSummary& one) { return one.id == id; });
        return found == runs.end() ? fmt::format("run {}, deleted", id) : fmt::format("run {}  {}  {}", id, found->name, headline(*found));
    };
    if (run.parent)
        line("started from", named(*run.parent));
    else
        line("started from", run.startName);
    line("weights", run.startSha256.empty() ? "" : "sha256 " + run.startSha256);
    for (auto child = runs.rbegin(); child != runs.rend(); ++child)
        if (child->parent == run.id)
            line("went on as", named(child->id));
}

void printForPeople(RunStore& store, const RunDetails& details, const std::vector<RunSummary>& runs)
{
    const RunSummary& run = details.summary;
    line("run", fmt::format("{}  {}", run.id, run.name));
    line("status", toString(run.status));
    line("reason", english(run.reason));
    line("hint", english(run.hint));
    line("experiment", run.experiment);
    line("tags", joined(run.tags));
    line("note", run.note);
    line("data", fmt::format("{} ({})", run.datasetName, run.datasetKind));
    line("network", fmt::format("{}, {} parameters", run.architecture, formatCount(run.parameterCount)));
    line("task", run.task);
    printFamily(run, runs);
    line("started", fmt::format("{:%Y-%m-%d %H:%M:%S}", fmt::localtime(std::chrono::system_clock::to_time_t(run.createdAt))));
    line("trained", fmt::format("{}, to epoch {}, step {}", formatDuration(run.seconds), run.epoch, run.step));
    line("last", figures(run.last));
    line("best", figures(run.best));
    line("test", figures(run.test));
    for (const auto& [name, value] : details.environment)
        line("with", fmt::format("{} {}", name, value));
    for (const auto& checkpoint : details.checkpoints)
        line("checkpoint",
             fmt::format("{}  step {}{}", (store.runFolder(run.id) / checkpoint.path).string(), checkpoint.step,
                         checkpoint.best ? ", best" : ""));
    for (const Message& message : details.messages)
        line("message", english(message.text));
    line("series", joined(details.series));
    const std::string chart = textChart(
        "loss", {curveOf(store, run.id, "loss/train", "training"), curveOf(store, run.id, "loss/validation", "validation")},
        terminalOf(stdout));
    if (!chart.empty())
        fmt::print("\n{}", chart);
    printAdvice(adviceFor(store, details));
}

/// step,value,seconds. What is no number is written nan, inf, -inf, as most readers take it.
void printCsv(const std::vector<SeriesPoint>& points)
{
    fmt::print("step,value,seconds\n");
    for (const SeriesPoint& point : points)
        fmt::print("{},{},{}\n", point.step, point.value, point.seconds); // fmt: the shortest text that reads back equal
}

int show(const Options& options)
{
    RunStore store = openHistory();
    const std::vector<RunSummary> runs = store.runs();
    const RunId id = findRuns(runs, {options.run}).front().id;
    const auto details = store.run(id);
    if (!details) // emptied out of the trash since
        throw BadInput{{{options.run, text("there is no such run"), {}}}};
    if (!options.points.empty()) {
        if (std::find(details->series.begin(), details->series.end(), options.points) == details->series.end()) {
            const std::string nearest = nearestName(options.points, details->series);
            throw BadInput{
                {{"--points", text("run %1 has no series \"%2\"", id, options.points),
                  nearest.empty() ? text("it has: %1", joined(details->series)) : text("did you mean \"%1\"?", nearest)}}};
        }
        printCsv(store.points(id, options.points));
    } else if (options.recipe) {
        fmt::print("{}", details->recipeJson);
    } else if (options.json) {
        Json json = toJson(*details);
        json["advice"] = toJson(adviceFor(store, *details));
        json["children"] = Json::array();
        for (auto child = runs.rbegin(); child != runs.rend(); ++child)
            if (child->parent == id)
                json["children"].push_back(child->id);
        json["folder"] = std::filesystem::absolute(store.runFolder(id)).string();
        printJson(json);
    } else {
        printForPeople(store, *details, runs);
    }
    return exitDone;
}

}

void addShowCommand(CLI::App& app, Action& chosen)
{
    CLI::App* command = app.add_subcommand("show", "Shows one run");
    const auto options = std::make_shared<Options>();
    command->add_option("run", options->run, runHelp)->type_name("RUN")->required();
    CLI::Option* json = command->add_flag("--json", options->json, "as JSON");
    CLI::Option* points =
        command->add_option("--points", options->points, "the points of a series, as CSV: loss/train")->type_name("SERIES");
    CLI::Option* recipe = command->add_flag("--recipe", options->recipe, "its recipe, ready to train again");
    json->excludes(points)->excludes(recipe);
    points->excludes(recipe);
    command->callback([options, &chosen] { chosen = [options] { return show(*options); }; });
}

}
