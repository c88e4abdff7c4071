// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/descent/command.h"
#include "app/descent/history.h"
#include "app/descent/json.h"
#include "app/descent/stop_signals.h"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <cstdio>
#include <memory>

namespace descent {

namespace {

struct Options {
    std::string run;
    ContinuationQuestion question;
    bool json = false;
};

/// A network may write anything; what would command the terminal is not let through.
void printWritten(std::string_view piece)
{
    std::string shown{piece};
    for (char& c : shown)
        if ((static_cast<unsigned char>(c) < 0x20 && c != '\n' && c != '\t') || c == 0x7F)
            c = '?';
    fmt::print("{}", shown);
    std::fflush(stdout);
}

int generate(const Options& options)
{
    std::stop_source stop;
    const StopSignals signals{[&stop] { stop.request_stop(); }};
    const std::unique_ptr<FinishedRun> run = openFinishedRun(options.run, stop.get_token());
    if (run->request().task.id != "language-modelling")
        throw BadInput{{{options.run, text("run %1 learnt %2, not to write", run->request().run, run->request().task.label),
                         text("choose a run of language modelling")}}};
    if (options.json) {
        const auto answer = std::get<ContinuationAnswer>(run->ask(options.question, {.stop = stop.get_token()}));
        printJson({{"run", run->request().run}, {"prompt", options.question.prompt}, {"text", answer.text}, {"seed", options.question.seed}});
        return exitDone;
    }
    printWritten(options.question.prompt);
    run->ask(options.question, {.stop = stop.get_token(), .stream = printWritten});
    fmt::print("\n");
    return exitDone;
}

}

void addGenerateCommand(CLI::App& app, Action& chosen)
{
    CLI::App* command = app.add_subcommand("generate", "Writes on from a prompt, with a run that learnt a language");
    const auto options = std::make_shared<Options>();
    ContinuationQuestion& question = options->question;
    constexpr double unbounded = 1e9;
    command->add_option("run", options->run, runHelp)->type_name("RUN")->required();
    command->add_option("--prompt", question.prompt, "what the text begins with")->type_name("TEXT");
    command->add_option("--temperature", question.sampling.temperature, "below 1 keeps to what is likely; 0 always takes it")
        ->check(CLI::Range(0.0, 100.0))
        ->capture_default_str();
    command->add_option("--top-k", question.sampling.topK, "only the k likeliest tokens; 0: all")
        ->check(CLI::Range(0.0, unbounded))
        ->capture_default_str();
    command->add_option("--top-p", question.sampling.topP, "only the likeliest tokens that together have this probability")
        ->check(CLI::Range(0.0, 1.0))
        ->capture_default_str();
    command->add_option("--length", question.length, "tokens to write")->check(CLI::Range(1.0, 1e7))->capture_default_str();
    command->add_option("--seed", question.seed, "another seed, another text")->capture_default_str();
    command->add_flag("--json", options->json, "as JSON");
    command->callback([options, &chosen] { chosen = [options] { return generate(*options); }; });
}

}
