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

namespace descent {

namespace {

constexpr std::size_t longestWords = 10'000;

struct Options {
    std::string run;
    std::vector<std::string> pictures, labels, captions;
    bool json = false;
};

int classify(const Options& options)
{
    Problems problems;
    if (options.labels.empty() == options.captions.empty())
        problems.push_back({"--labels", text("give the words to choose from"), text("either --labels \"cat,dog\" or --caption once for each")});
    WordsQuestion question{.picture = {}, .words = options.labels.empty() ? options.captions : options.labels, .areCaptions = options.labels.empty()};
    for (const std::string& word : question.words)
        if (word.empty() || word.size() > longestWords || !isUtf8(word))
            problems.push_back({word, text("this is no text of 1 to %1 bytes in UTF-8", longestWords), {}});
    const std::vector<Picture> pictures = readPictures(options.pictures, problems);
    if (!problems.empty())
        throw BadInput{std::move(problems)};

    std::stop_source stop;
    const StopSignals signals{[&stop] { stop.request_stop(); }};
    const std::unique_ptr<FinishedRun> run = openFinishedRun(options.run, stop.get_token());
    if (run->request().task.id != "picture-text-matching")
        throw BadInput{{{options.run, text("this run did not learn which words belong to which picture"),
                         text("choose one of the task picture-text-matching; see: descent runs")}}};
    Json all = Json::array();
    TextTable table{{"PICTURE", "WORDS", "PROBABILITY", "COSINE"}};
    for (std::size_t i = 0; i < pictures.size(); ++i) {
        question.picture = pictures[i];
        const auto answer = std::get<WordsAnswer>(run->ask(question, {.stop = stop.get_token()}));
        if (i == 0 && !answer.unknown.empty())
            fmt::print(stderr, "warning: the network has never read: {}\n", printable(joined(answer.unknown)));
        std::vector<std::size_t> order(question.words.size());
        std::iota(order.begin(), order.end(), std::size_t{0});
        std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return answer.cosines[a] > answer.cosines[b]; });
        Json words = Json::array();
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

}

void addClassifyCommand(CLI::App& app, Action& chosen)
{
    CLI::App* command = app.add_subcommand("classify", "Says which of your words fits a picture, by a run that learnt pictures and captions");
    const auto options = std::make_shared<Options>();
    command->add_option("run", options->run, runHelp)->type_name("RUN")->required();
    command->add_option("--picture", options->pictures, "a PNG or JPEG file; may be given again")
        ->type_name("FILE")->required()->allow_extra_args(false);
    command->add_option("--labels", options->labels, "names of classes, with commas between; each is put into the recipe's task.prompt")
        ->type_name("A,B,C")->delimiter(',')->allow_extra_args(false);
    command->add_option("--caption", options->captions, "a whole sentence instead; may be given again")->type_name("TEXT")->allow_extra_args(false);
    command->add_flag("--json", options->json, "as JSON");
    command->footer("Zero-shot: classes that were never shown can be among them, as long as their words are known.");
    command->callback([options, &chosen] { chosen = [options] { return classify(*options); }; });
}

}
