// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/descent/command.h"
#include "app/descent/history.h"
#include "app/descent/json.h"
#include "app/descent/stop_signals.h"
#include "app/descent/text_table.h"
#include "engine/core/task/task.h"

#include <CLI/CLI.hpp>

#include <memory>

namespace descent {

namespace {

int evaluate(const std::string& name, bool asJson)
{
    std::stop_source stop;
    const StopSignals signals{[&stop] { stop.request_stop(); }};
    const std::unique_ptr<FinishedRun> run = openFinishedRun(name, stop.get_token());
    const auto answer = std::get<EvaluationAnswer>(run->ask(EvaluationQuestion{}, {.stop = stop.get_token()}));
    if (asJson) {
        Json json{{"run", run->request().run}, {"validation", Json::object()}, {"test", Json::object()}};
        for (const auto& [metric, value] : answer.validation)
            json["validation"][metric] = jsonNumber(value);
        for (const auto& [metric, value] : answer.test)
            json["test"][metric] = jsonNumber(value);
        printJson(json);
        return exitDone;
    }
    TextTable table{{"METRIC", "VALIDATION", "TEST"}};
    for (const MetricKind& metric : metricKinds()) {
        const auto written = [&](const std::map<std::string, double>& figures) {
            const auto found = figures.find(metric.id);
            return found == figures.end() ? std::string{} : formatFigure(found->second);
        };
        if (answer.validation.contains(metric.id) || answer.test.contains(metric.id)) // classes kept unseen are in the test part alone
            table.add({metric.label, written(answer.validation), written(answer.test)});
    }
    table.print(terminalOf(stdout));
    return exitDone;
}

}

void addEvaluateCommand(CLI::App& app, Action& chosen)
{
    CLI::App* command = app.add_subcommand("evaluate", "Judges a run's best network again, on its data as it is now");
    const auto run = std::make_shared<std::string>();
    const auto json = std::make_shared<bool>(false);
    command->add_option("run", *run, runHelp)->type_name("RUN")->required();
    command->add_flag("--json", *json, "as JSON");
    command->callback([run, json, &chosen] { chosen = [run, json] { return evaluate(*run, *json); }; });
}

}
