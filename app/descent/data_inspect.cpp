// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/descent/command.h"
#include "app/descent/history.h"
#include "app/descent/json.h"
#include "app/descent/quality_output.h"
#include "app/descent/recipe_input.h"
#include "app/descent/stop_signals.h"
#include "app/descent/text_table.h"
#include "engine/core/data/inspection.h"
#include "engine/core/recipe/catalog.h"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <numeric>

namespace descent {

namespace {

struct Options {
    std::string source;
    std::vector<std::string> sets;
    bool json = false;
};

/// What a path, or the name of built-in data, stands for, with what is set of its split and preparing.
Recipe recipeOf(const Options& options)
{
    Recipe recipe;
    const DatasetKind* builtIn = findDatasetKind(options.source);
    if (builtIn && builtIn->source == DatasetKind::Source::builtIn) {
        recipe.dataset.kind = builtIn->id;
    } else {
        Result<SourceDescription> source = recognizeSource(options.source);
        if (!source)
            throw BadInput{std::move(source.problems)};
        recipe.dataset = {source->kind, std::move(source->parameters)};
    }
    Problems problems = applySettings(recipe, options.sets);
    for (const std::string& set : options.sets)
        if (set.starts_with("architecture.") || set.starts_with("training.") || set.starts_with("task."))
            problems.push_back({set, text("this does not change the data"), text("as in dataset.header=none")});
    recipe.architecture.kind = "mlp"; // of no consequence here, but a recipe has one
    for (Problem& problem : validate(recipe))
        problems.push_back(std::move(problem));
    if (!problems.empty())
        throw BadInput{std::move(problems)};
    return recipe;
}

std::string shapeOf(const DatasetReport& report)
{
    std::string text;
    for (const std::int64_t size : report.sampleShape)
        text += (text.empty() ? "" : " x ") + std::to_string(size);
    return text;
}

Json toJson(const DatasetReport& report, const Component& source, const std::vector<std::string>& tasks)
{
    Json json{{"name", report.name},
              {"kind", source.kind},
              {"samples", {{"train", report.trainCount}, {"test", report.testCount}}},
              {"pictures", report.hasPictures()},
              {"shape", report.sampleShape},
              {"target", report.targetName},
              {"tasks", tasks}};
    for (const Text& fact : report.facts)
        json["facts"].push_back(english(fact));
    if (!report.classNames.empty()) {
        json["classes"] = Json::array();
        for (std::size_t i = 0; i < report.classNames.size(); ++i)
            json["classes"].push_back({{"name", report.classNames[i]}, {"count", report.classCounts[i]}});
    } else if (report.inputs == DatasetReport::Inputs::table) {
        json["targetRange"] = {{"minimum", jsonNumber(report.targetMinimum)},
                               {"maximum", jsonNumber(report.targetMaximum)},
                               {"mean", jsonNumber(report.targetMean)}};
    }
    json["columns"] = Json::array();
    for (const auto& column : report.columns) {
        Json one{{"name", column.name}, {"type", column.categorical ? "category" : "number"}, {"missing", column.missing}};
        if (column.categorical)
            one["categories"] = column.categories;
        else
            one.update({{"minimum", jsonNumber(column.minimum)},
                        {"maximum", jsonNumber(column.maximum)},
                        {"mean", jsonNumber(column.mean)}});
        json["columns"].push_back(std::move(one));
    }
    for (const auto& code : report.codes)
        json["codes"].push_back({{"name", code.name}, {"people", code.people}, {"events", code.events}});
    for (const auto& measure : report.measures)
        json["measures"].push_back({{"name", measure.name},
                                    {"minimum", jsonNumber(measure.minimum)},
                                    {"maximum", jsonNumber(measure.maximum)},
                                    {"mean", jsonNumber(measure.mean)},
                                    {"histogram", measure.histogram}});
    json["setAside"] = report.setAsideCount;
    json["problems"] = Json::array();
    for (const Problem& problem : report.problems)
        json["problems"].push_back(
            {{"path", problem.path}, {"message", english(problem.message)}, {"hint", english(problem.hint)}});
    return json;
}

/// What is counted: "pictures", "rows", "steps".
const char* samplesOf(const DatasetReport& report)
{
    switch (report.inputs) {
    case DatasetReport::Inputs::pictures:
    case DatasetReport::Inputs::picturesAndMore: return "pictures";
    case DatasetReport::Inputs::table: return "rows";
    case DatasetReport::Inputs::texts: return "texts";
    case DatasetReport::Inputs::corpus: return "characters";
    case DatasetReport::Inputs::series: return "steps";
    case DatasetReport::Inputs::histories: return "people";
    }
    return "samples";
}

/// A histogram in a line: a block a bin, as high as its share of the fullest.
std::string bars(const std::vector<std::int64_t>& histogram, const Terminal& terminal)
{
    static constexpr const char* blocks[]{" ", "▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"};
    static constexpr const char* letters[]{" ", ".", ".", ":", ":", "|", "|", "#", "#"};
    const std::int64_t most = histogram.empty() ? 1 : std::max<std::int64_t>(1, *std::max_element(histogram.begin(), histogram.end()));
    std::string line;
    for (const std::int64_t count : histogram)
        line += (terminal.unicode ? blocks : letters)[(count * 8 + most - 1) / most];
    return line;
}

void printForPeople(const DatasetReport& report, const QualityReport& quality, const Component& source, const std::vector<std::string>& tasks)
{
    const Terminal terminal = terminalOf(stdout);
    if (report.inputs == DatasetReport::Inputs::series)
        fmt::print("{}  {} steps of {} columns\n", coloured(terminal, 1, printable(report.name)), formatCount(report.trainCount),
                   report.columns.size());
    else
        fmt::print("{}  {} samples{}, {}{}\n", coloured(terminal, 1, printable(report.name)), formatCount(report.trainCount),
                   report.testCount > 0 ? " and " + formatCount(report.testCount) + " of its own for the test" : "",
                   samplesOf(report), report.sampleShape.empty() ? "" : " of " + shapeOf(report));
    for (const Text& fact : report.facts)
        fmt::print("{}\n", printable(english(fact)));
    fmt::print("kind {}{}, for {}\n\n", source.kind, report.targetName.empty() ? "" : ", target " + printable(report.targetName),
               joined(tasks));
    if (!report.classNames.empty()) {
        const std::int64_t most =
            std::max<std::int64_t>(1, *std::max_element(report.classCounts.begin(), report.classCounts.end()));
        const bool boxes = !report.measures.empty(); // then they are counted, and there are more of them than pictures
        const std::int64_t all = boxes ? std::accumulate(report.classCounts.begin(), report.classCounts.end(), std::int64_t{0})
                                       : report.trainCount;
        TextTable table{{"CLASS", boxes ? "BOXES" : "SAMPLES", "SHARE", ""}};
        constexpr std::size_t mostShown = 30;
        constexpr std::int64_t longestBar = 24;
        for (std::size_t i = 0; i < std::min(mostShown, report.classNames.size()); ++i) {
            std::string bar;
            for (std::int64_t j = 0; j < report.classCounts[i] * longestBar / most; ++j)
                bar += terminal.unicode ? "█" : "#";
            table.add({report.classNames[i], formatCount(report.classCounts[i]),
                       fmt::format("{:.1f} %",
                                   100.0 * static_cast<double>(report.classCounts[i])
                                       / static_cast<double>(std::max<std::int64_t>(1, all))),
                       bar});
        }
        table.print(terminal);
        if (report.classNames.size() > mostShown)
            fmt::print("and {} classes more\n", report.classNames.size() - mostShown);
    } else if (report.inputs == DatasetReport::Inputs::table) {
        fmt::print("{} to {}, mean {}\n", formatFigure(report.targetMinimum), formatFigure(report.targetMaximum),
                   formatFigure(report.targetMean));
    }
    if (report.inputs == DatasetReport::Inputs::texts && !report.samples.empty() && report.classNames.empty()) {
        TextTable table{{"TEXT", "TARGET"}};
        constexpr std::size_t mostShown = 8;
        for (std::size_t i = 0; i < std::min(mostShown, report.samples.size()); ++i)
            table.add({report.samples[i].cells.front(), report.samples[i].target});
        table.print(terminal);
    }
    if (!report.measures.empty()) {
        fmt::print("\n");
        TextTable table{{"MEASURE", "FROM", "TO", "MEAN", ""}};
        for (const auto& measure : report.measures)
            table.add({measure.name, formatFigure(measure.minimum), formatFigure(measure.maximum), formatFigure(measure.mean),
                       bars(measure.histogram, terminal)});
        table.print(terminal);
    }
    if (!report.columns.empty()) {
        fmt::print("\n");
        TextTable table{{"COLUMN", "TYPE", "MISSING", "VALUES"}};
        for (const auto& column : report.columns)
            table.add({column.name, column.categorical ? "category" : "number", formatCount(column.missing),
                       column.categorical ? fmt::format("{} categories", column.categories.size())
                                          : fmt::format("{} to {}, mean {}", formatFigure(column.minimum),
                                                        formatFigure(column.maximum), formatFigure(column.mean))});
        table.print(terminal);
    }
    if (!report.codes.empty()) {
        fmt::print("\n");
        TextTable table{{"CODE", "PEOPLE", "EVENTS"}};
        for (const auto& code : report.codes)
            table.add({code.name, formatCount(code.people), formatCount(code.events)});
        table.print(terminal);
    }
    printQuality(quality, report.classNames, terminal);
    std::fflush(stdout);
    if (report.setAsideCount > 0)
        fmt::print(stderr, "{} samples cannot be used and are left out\n", formatCount(report.setAsideCount));
    printProblems(report.problems, "warning");
}

int inspect(const Options& options)
{
    const Recipe recipe = recipeOf(options);
    const Component& source = recipe.dataset;
    std::stop_source stop;
    const StopSignals signals{[&stop] { stop.request_stop(); }};
    Result<Dataset> dataset = findDatasetKind(source.kind)->load(source.parameters, {.stop = stop.get_token()});
    if (!dataset)
        throw BadInput{std::move(dataset.problems)};
    DatasetReport report = inspectDataset(*dataset);
    report.problems.insert(report.problems.begin(), dataset.problems.begin(), dataset.problems.end());
    if (Problems problems = validateWithData(recipe.cleaning, *dataset); !problems.empty())
        throw BadInput{std::move(problems)};
    const QualityReport quality = inspectQuality(*dataset, preparationOf(recipe), {.stop = stop.get_token()});
    std::vector<std::string> tasks;
    for (const TaskKind& task : taskKinds())
        if (task.fits(*dataset))
            tasks.push_back(task.id);
    if (options.json) {
        Json json = toJson(report, source, tasks);
        json["quality"] = toJson(quality, report.classNames);
        printJson(json);
        return exitDone;
    }
    printForPeople(report, quality, source, tasks);
    return exitDone;
}

}

void addDataCommand(CLI::App& app, Action& chosen)
{
    CLI::App* data = app.add_subcommand("data", "Looks at data");
    data->require_subcommand(1);
    CLI::App* command =
        data->add_subcommand("inspect", "Counts, classes and balance, shapes, columns, the split, and what is wrong with it and mends it");
    const auto options = std::make_shared<Options>();
    command->add_option("path", options->source, "a file or folder, or the name of built-in data such as spirals")
        ->type_name("PATH")
        ->required();
    command->add_option("--set", options->sets, "change how it is read and prepared, as in dataset.target=price; may be given again")
        ->type_name("PATH=VALUE")
        ->allow_extra_args(false);
    command->add_flag("--json", options->json, "as JSON");
    command->callback([options, &chosen] { chosen = [options] { return inspect(*options); }; });
    addDataPrepareCommand(*data, chosen);
}

}
