// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/descent/command.h"
#include "app/descent/json.h"
#include "app/descent/recipe_input.h"
#include "app/descent/stop_signals.h"
#include "app/descent/text_chart.h"
#include "engine/core/base/files.h"
#include "engine/core/job/training_job.h"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <memory>

namespace descent {

namespace {

struct Options {
    RecipeInput recipe;
    RateFinderOptions finder;
    bool json = false;
};

Json toJson(const RateCurve& curve, const std::optional<RateSuggestion>& suggested)
{
    Json json{{"points", Json::array()},
              {"diverged", curve.diverged},
              {"steepest", suggested ? jsonNumber(suggested->steepest) : Json{}},
              {"tenthOfMinimum", suggested ? jsonNumber(suggested->tenthOfMinimum) : Json{}}};
    for (const RateCurve::Point& point : curve.points)
        json["points"].push_back({{"rate", point.rate}, {"loss", jsonNumber(point.loss)}, {"smoothed", jsonNumber(point.smoothed)}});
    return json;
}

void print(const RateCurve& curve, const std::optional<RateSuggestion>& suggested)
{
    ChartLine line{.label = "smoothed loss by learning rate", .x = {}, .y = {}};
    for (const RateCurve::Point& point : curve.points) {
        line.x.push_back(point.rate);
        line.y.push_back(point.smoothed);
    }
    fmt::print("{}", textChart("loss", {line}, terminalOf(stdout), {.logX = true}));
    if (!suggested) {
        fmt::print("The curve suggests no rate: the loss does not fall by more than its noise. Take more --steps, or a larger training.batchSize.\n");
        return;
    }
    fmt::print("falls fastest at {:.2g}, a tenth of its lowest point's rate is {:.2g}\n"
               "take the first with a warm-up or a schedule that ends low: --set training.learningRate={:.2g}\n",
               suggested->steepest, suggested->tenthOfMinimum, suggested->steepest);
}

int find(const Options& options)
{
    if (Problems problems = validate(options.finder); !problems.empty()) {
        for (Problem& problem : problems)
            problem.path.insert(0, "--");
        throw BadInput{std::move(problems)};
    }
    std::stop_source stop;
    const StopSignals signals{[&stop] { stop.request_stop(); }};
    Backend& backend = loadBackend();
    Result<PreparedTraining> prepared = prepareTraining(readRecipe(options.recipe), backend, {.stop = stop.get_token(), .progress = {}}, nullptr, dataFolder());
    if (!prepared)
        throw BadInput{std::move(prepared.problems)};
    printProblems(prepared.problems, "warning");
    const Terminal terminal = terminalOf(stderr);
    RateFinderControl control{.stop = stop.get_token(), .tell = {}};
    if (terminal.interactive)
        control.tell = [](const RateCurve::Point& point) { fmt::print(stderr, "\rlearning rate {:.1e}  loss {:<12}", point.rate, formatFigure(point.smoothed)); };
    const Result<RateCurve> curve = backend.findRate(requestOf(*prepared.value), options.finder, control);
    if (terminal.interactive)
        fmt::print(stderr, "\r{:60}\r", "");
    if (!curve) {
        printProblems(curve.problems);
        return exitFailed;
    }
    const auto suggested = suggestedRates(*curve);
    if (options.json)
        printJson(toJson(*curve, suggested));
    else
        print(*curve, suggested);
    return exitDone;
}

}

void addFindRateCommand(CLI::App& app, Action& chosen)
{
    CLI::App* command = app.add_subcommand("find-rate", "Learns for some steps with a rising learning rate and suggests one; keeps no run");
    const auto options = std::make_shared<Options>();
    addRecipeOptions(*command, options->recipe);
    command->add_option("--device", options->recipe.device, "auto, cpu, cuda or cuda:0")->type_name("DEVICE");
    command->add_option("--lowest", options->finder.lowest, "the first rate")->type_name("RATE")->capture_default_str();
    command->add_option("--highest", options->finder.highest, "the last, if the loss does not diverge before")->type_name("RATE")->capture_default_str();
    command->add_option("--steps", options->finder.steps, "from the first to the last")->type_name("N")->capture_default_str();
    command->add_flag("--json", options->json, "as JSON: every point, and what it suggests");
    command->footer("Ctrl-C ends the search with what it has found.");
    command->callback([options, &chosen] { chosen = [options] { return find(*options); }; });
}

}
