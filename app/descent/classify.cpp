// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/descent/command.h"
#include "app/descent/history.h"
#include "app/descent/json.h"
#include "app/descent/picture_input.h"
#include "app/descent/stop_signals.h"
#include "app/descent/text_table.h"
#include "engine/core/text/utf8.h"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <numeric>
#include <span>

namespace descent {

namespace {

constexpr std::size_t longestWords = 10'000;

struct Options {
    std::string run;
    std::vector<std::string> pictures, texts, labels, captions;
    bool json = false;
};

/// Places of the values, the largest first.
std::vector<std::size_t> byValue(std::span<const double> values)
{
    std::vector<std::size_t> order(values.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return values[a] > values[b]; });
    return order;
}

Problems problemsOf(const Options& options)
{
    Problems problems;
    if (options.pictures.empty() == options.texts.empty())
        problems.push_back({"--picture", text("there is nothing to classify, or two kinds of it"), text("give pictures, or --text")});
    if (!options.labels.empty() && !options.captions.empty())
        problems.push_back({"--labels", text("labels and captions are two ways to say the same"), text("give one of them")});
    for (const auto* words : {&options.labels, &options.captions, &options.texts})
        for (const std::string& word : *words)
            if (word.empty() || word.size() > longestWords || !isUtf8(word))
                problems.push_back({word, text("this is no text of 1 to %1 bytes in UTF-8", longestWords), {}});
    return problems;
}

/// By a run that learnt pictures and captions: which words fit.
int classifyByWords(const Options& options, std::span<const Picture> pictures, FinishedRun& run, const AskControl& control)
{
    if (options.pictures.empty() || (options.labels.empty() && options.captions.empty()))
        throw BadInput{{{"--labels", text("this run says which of your words fits a picture"), text("give pictures, and --labels \"cat,dog\" or --caption once for each")}}};
    WordsQuestion question{.picture = {}, .words = options.labels.empty() ? options.captions : options.labels, .areCaptions = options.labels.empty()};
    Json all = Json::array();
    TextTable table{{"PICTURE", "WORDS", "PROBABILITY", "COSINE"}};
    for (std::size_t i = 0; i < pictures.size(); ++i) {
        question.picture = pictures[i];
        const auto answer = std::get<WordsAnswer>(run.ask(question, control));
        if (i == 0 && !answer.unknown.empty())
            fmt::print(stderr, "warning: the network has never read: {}\n", printable(joined(answer.unknown)));
        Json words = Json::array();
        const std::vector<std::size_t> order = byValue(answer.cosines);
        for (const std::size_t k : order) {
            words.push_back({{"words", question.words[k]}, {"probability", jsonNumber(answer.probabilities[k])}, {"cosine", jsonNumber(answer.cosines[k])}});
            table.add({k == order.front() ? options.pictures[i] : "", question.words[k], fmt::format("{:.1f} %", 100 * answer.probabilities[k]),
                       fmt::format("{:.3f}", answer.cosines[k])});
        }
        all.push_back({{"picture", options.pictures[i]}, {"words", std::move(words)}, {"unknown", answer.unknown}});
    }
    if (options.json)
        printJson(all);
    else
        table.print(terminalOf(stdout));
    return exitDone;
}

/// By a run that learnt classes: the likeliest of those.
int classifyByClasses(const Options& options, std::vector<Picture> pictures, FinishedRun& run, const AskControl& control)
{
    const bool areTexts = !options.texts.empty();
    const SamplesAnswer answer = areTexts ? std::get<SamplesAnswer>(run.ask(TextsQuestion{options.texts}, control))
                                          : std::get<SamplesAnswer>(run.ask(PicturesQuestion{std::move(pictures)}, control));
    const std::vector<std::string>& asked = areTexts ? options.texts : options.pictures;
    const std::vector<std::string>& names = run.request().data->dataset->train.targets.classNames;
    constexpr std::size_t shown = 5;
    Json all = Json::array();
    TextTable table{{areTexts ? "TEXT" : "PICTURE", "CLASS", "PROBABILITY"}};
    const auto width = static_cast<std::size_t>(answer.width);
    for (std::size_t i = 0; i < asked.size(); ++i) {
        const std::vector<double> probabilities{answer.values.begin() + static_cast<std::ptrdiff_t>(i * width),
                                                answer.values.begin() + static_cast<std::ptrdiff_t>((i + 1) * width)};
        const std::vector<std::size_t> order = byValue(probabilities);
        Json classes = Json::array();
        for (std::size_t place = 0; place < order.size(); ++place) {
            const std::size_t k = order[place];
            classes.push_back({{"class", names.at(k)}, {"probability", jsonNumber(probabilities[k])}});
            if (place < shown)
                table.add({place == 0 ? asked[i] : "", names.at(k), fmt::format("{:.1f} %", 100 * probabilities[k])});
        }
        all.push_back({{areTexts ? "text" : "picture", asked[i]}, {"classes", std::move(classes)}});
    }
    if (options.json)
        printJson(all);
    else
        table.print(terminalOf(stdout));
    return exitDone;
}

int classify(const Options& options)
{
    Problems problems = problemsOf(options);
    std::vector<Picture> pictures = readPictures(options.pictures, problems);
    if (!problems.empty())
        throw BadInput{std::move(problems)};
    std::stop_source stop;
    const StopSignals signals{[&stop] { stop.request_stop(); }};
    const std::unique_ptr<FinishedRun> run = openFinishedRun(options.run, stop.get_token());
    const AskControl control{.stop = stop.get_token(), .progress = {}, .stream = {}};
    const std::string& task = run->request().task.id;
    if (task == "picture-text-matching")
        return classifyByWords(options, pictures, *run, control);
    if (task != (options.texts.empty() ? "image-classification" : "text-classification"))
        throw BadInput{{{options.run, options.texts.empty() ? text("this run did not learn classes of pictures") : text("this run did not learn classes of texts"),
                         text("choose another; see: descent runs")}}};
    if (!options.labels.empty() || !options.captions.empty())
        throw BadInput{{{"--labels", text("this run knows its own classes alone"), text("leave labels and captions away")}}};
    return classifyByClasses(options, std::move(pictures), *run, control);
}

}

void addClassifyCommand(CLI::App& app, Action& chosen)
{
    CLI::App* command = app.add_subcommand("classify", "Says what a picture or a text is, by a run that learnt classes, or which of your words fits");
    const auto options = std::make_shared<Options>();
    command->add_option("run", options->run, runHelp)->type_name("RUN")->required();
    command->add_option("--picture", options->pictures, "a PNG or JPEG file; may be given again")->type_name("FILE")->allow_extra_args(false);
    command->add_option("--text", options->texts, "a sentence; may be given again")->type_name("TEXT")->allow_extra_args(false);
    command->add_option("--labels", options->labels, "for a run that learnt captions: names of classes, with commas between; each is put into the recipe's task.prompt")
        ->type_name("A,B,C")->delimiter(',')->allow_extra_args(false);
    command->add_option("--caption", options->captions, "a whole sentence instead; may be given again")->type_name("TEXT")->allow_extra_args(false);
    command->add_flag("--json", options->json, "as JSON");
    command->footer("Labels and captions are zero-shot: classes that were never shown can be among them, as long as their words are known.");
    command->callback([options, &chosen] { chosen = [options] { return classify(*options); }; });
}

}
