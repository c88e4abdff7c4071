// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/base/problem.h"

#include <functional>
#include <stdexcept>
#include <utility>

namespace CLI {
class App;
}

namespace descent {

inline constexpr int exitDone = 0, exitFailed = 1, exitBadInput = 2;

/// What the program does once the command line is read: returns the exit code.
using Action = std::function<int()>;

// Each puts its command, with its options and help, under `app`; parsing that command sets `chosen`.
void addTrainCommand(CLI::App& app, Action& chosen);
void addResumeCommands(CLI::App& app, Action& chosen); ///< resume, branch
void addRunsCommand(CLI::App& app, Action& chosen);
void addShowCommand(CLI::App& app, Action& chosen);
void addEvaluateCommand(CLI::App& app, Action& chosen);
void addForecastCommand(CLI::App& app, Action& chosen);
void addTranslateCommand(CLI::App& app, Action& chosen);
void addCompareCommand(CLI::App& app, Action& chosen);
void addLabelCommands(CLI::App& app, Action& chosen); ///< tag, note, rename, star, archive, color, move, rename-experiment
void addSlurmCommand(CLI::App& app, Action& chosen);
void addFindRateCommand(CLI::App& app, Action& chosen);
void addInterchangeCommands(CLI::App& app, Action& chosen); ///< import, export
void addStoreCommand(CLI::App& app, Action& chosen); ///< store check, backup, vacuum
void addTrashCommands(CLI::App& app, Action& chosen); ///< delete, restore
void addCatalogCommand(CLI::App& app, Action& chosen);
void addDevicesCommand(CLI::App& app, Action& chosen);
void addTemplateCommand(CLI::App& app, Action& chosen);
void addDataCommand(CLI::App& app, Action& chosen); ///< data inspect, prepare
void addDataPrepareCommand(CLI::App& data, Action& chosen); ///< under `data`
void addGenerateCommand(CLI::App& app, Action& chosen);
void addFacesCommand(CLI::App& app, Action& chosen); ///< faces enrol, verify, identify
void addClassifyCommand(CLI::App& app, Action& chosen);
void addDetectCommand(CLI::App& app, Action& chosen);
void addPredictCommand(CLI::App& app, Action& chosen);
void addNetworkCommand(CLI::App& app, Action& chosen);
void addQueueCommand(CLI::App& app, Action& chosen); ///< queue add, list, move, remove, clear, retry, pause, resume, limits, run

/// What a person typed cannot be done: all that is wrong, at once. Exit code 2.
class BadInput : public std::runtime_error {
public:
    explicit BadInput(Problems problems) : std::runtime_error{"bad input"}, m_problems{std::move(problems)} {}
    const Problems& problems() const { return m_problems; }

private:
    Problems m_problems;
};

void printProblems(const Problems& problems, const char* kind = "error"); ///< to stderr, one a line

}
