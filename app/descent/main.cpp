// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/descent/command.h"
#include "engine/core/base/files.h"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <clocale>
#include <cstdio>

using namespace descent;

int main(int argc, char** argv)
{
    std::setlocale(LC_CTYPE, ""); // whether the terminal takes Unicode; numbers stay as they are everywhere

    CLI::App app{"Trains neural networks and keeps every run.", "descent"};
    app.set_version_flag("--version", "descent " DESCENT_VERSION);
    app.require_subcommand(1);
    app.failure_message(CLI::FailureMessage::simple);
    Action chosen;
    addTrainCommand(app, chosen);
    addResumeCommands(app, chosen);
    addFindRateCommand(app, chosen);
    addRunsCommand(app, chosen);
    addShowCommand(app, chosen);
    addEvaluateCommand(app, chosen);
    addForecastCommand(app, chosen);
    addTranslateCommand(app, chosen);
    addCompareCommand(app, chosen);
    addLabelCommands(app, chosen);
    addSlurmCommand(app, chosen);
    addTrashCommands(app, chosen);
    addInterchangeCommands(app, chosen);
    addStoreCommand(app, chosen);
    addCatalogCommand(app, chosen);
    addDevicesCommand(app, chosen);
    addTemplateCommand(app, chosen);
    addDataCommand(app, chosen);
    addGenerateCommand(app, chosen);
    addFacesCommand(app, chosen);
    addClassifyCommand(app, chosen);
    addDetectCommand(app, chosen);
    addPredictCommand(app, chosen);
    addNetworkCommand(app, chosen);
    addQueueCommand(app, chosen);
    app.footer("Runs are kept in " + dataFolder().string()
               + " (set DESCENT_HOME to move them).\n"
                 "Exit codes: 0 done, 1 failed, 2 bad usage or input.");
    try {
        app.parse(argc, argv);
    } catch (const CLI::RequiredError& error) {
        if (const std::vector<std::string> unknown = app.remaining(); !unknown.empty()) { // CLI11 only misses a command
            std::vector<std::string> known;
            for (const CLI::App* command : app.get_subcommands(nullptr))
                known.push_back(command->get_name());
            const std::string nearest = nearestName(unknown.front(), known);
            printProblems({{unknown.front(), text("there is no such command"),
                            nearest.empty() ? text("see: descent --help") : text("did you mean \"%1\"?", nearest)}});
            return exitBadInput;
        }
        return app.exit(error), exitBadInput;
    } catch (const CLI::ParseError& error) {
        return app.exit(error) == 0 ? exitDone : exitBadInput; // help and version are no failures
    }
    try {
        return chosen();
    } catch (const BadInput& error) {
        printProblems(error.problems());
        return exitBadInput;
    } catch (const Cancelled&) {
        fmt::print(stderr, "stopped\n");
    } catch (const std::exception& error) {
        fmt::print(stderr, "descent: {}\n", error.what());
    }
    return exitFailed;
}
