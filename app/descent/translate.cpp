// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/descent/command.h"
#include "app/descent/history.h"
#include "app/descent/json.h"
#include "app/descent/stop_signals.h"
#include "app/descent/terminal.h"
#include "engine/core/text/utf8.h"

#include <CLI/CLI.hpp>

#include <iostream>
#include <memory>

namespace descent {

namespace {

struct Options {
    std::string run;
    std::vector<std::string> texts;
    std::int64_t beam = 0;
    bool json = false;
};

constexpr std::size_t mostTexts = 1'000'000, longestText = 10'000;

/// Those of the command line; where there are none, or one is "-", the lines of stdin.
std::vector<std::string> readTexts(const Options& options)
{
    std::vector<std::string> texts;
    Problems problems;
    const auto take = [&](std::string text) {
        if (text.size() > longestText || !isUtf8(text))
            problems.push_back({fmt::format("text {}", texts.size() + 1),
                                text.size() > longestText ? descent::text("longer than %1 bytes", longestText) : descent::text("not UTF-8 text"),
                                {}});
        texts.push_back(std::move(text));
    };
    const auto takeInput = [&] {
        for (std::string line; texts.size() < mostTexts && std::getline(std::cin, line);)
            take(std::move(line));
    };
    for (const std::string& text : options.texts)
        if (text == "-")
            takeInput();
        else
            take(text);
    if (options.texts.empty())
        takeInput();
    if (!problems.empty())
        throw BadInput{std::move(problems)};
    return texts;
}

int translate(const Options& options)
{
    std::stop_source stop;
    const StopSignals signals{[&stop] { stop.request_stop(); }};
    const std::unique_ptr<FinishedRun> run = openFinishedRun(options.run, stop.get_token());
    if (run->request().task.id != "translation")
        throw BadInput{{{options.run, text("this run did not learn to translate"), text("see: descent runs")}}};
    const std::vector<std::string> texts = readTexts(options);
    const auto answer = std::get<TranslationAnswer>(run->ask(TranslationQuestion{texts, options.beam}, {.stop = stop.get_token()}));
    if (!options.json) {
        for (const TranslatedText& one : answer.texts) {
            fmt::print("{}\n", printable(one.text));
            if (one.cut)
                fmt::print(stderr, "warning: cut, since it is longer than the network reads: {}\n", printable(one.source));
        }
        return exitDone;
    }
    Json json = Json::array();
    for (const TranslatedText& one : answer.texts)
        json.push_back({{"source", one.source}, {"translation", one.text}, {"score", jsonNumber(one.score)}, {"ended", one.ended}, {"cut", one.cut}});
    printJson(json);
    return exitDone;
}

}

void addTranslateCommand(CLI::App& app, Action& chosen)
{
    CLI::App* command = app.add_subcommand("translate", "Translates with the best network of a run that learnt it");
    const auto options = std::make_shared<Options>();
    command->add_option("run", options->run, runHelp)->type_name("RUN")->required();
    command->add_option("text", options->texts, "a sentence each; without one, or for -, the lines of stdin")->type_name("TEXT");
    command->add_option("--beam", options->beam, "beginnings kept while a text is written; 1 is quick, without it as the recipe says")
        ->check(CLI::Range(1, 64))
        ->type_name("N");
    command->add_flag("--json", options->json, "as JSON, with scores");
    command->callback([options, &chosen] { chosen = [options] { return translate(*options); }; });
}

}
