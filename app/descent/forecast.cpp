// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/descent/command.h"
#include "app/descent/history.h"
#include "app/descent/json.h"
#include "app/descent/stop_signals.h"
#include "engine/core/base/files.h"
#include "engine/core/data/time_text.h"
#include "engine/core/job/answer_csv.h"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <memory>

namespace descent {

namespace {

struct Options {
    std::string run, output;
    std::int64_t steps = 0;
    bool json = false;
};

Json toJson(const ForecastAnswer& answer)
{
    Json json{{"columns", answer.names}, {"steps", Json::array()}};
    const std::size_t columns = answer.names.size();
    for (std::size_t step = 0; step * columns < answer.values.size(); ++step) {
        Json one{{"step", answer.firstStep + static_cast<std::int64_t>(step)}, {"values", Json::array()}};
        if (!answer.seconds.empty())
            one["time"] = writtenTime(answer.seconds[step]);
        for (std::size_t column = 0; column < columns; ++column)
            one["values"].push_back(jsonNumber(answer.values[step * columns + column]));
        json["steps"].push_back(std::move(one));
    }
    return json;
}

int forecast(const Options& options)
{
    std::stop_source stop;
    const StopSignals signals{[&stop] { stop.request_stop(); }};
    const std::unique_ptr<FinishedRun> run = openFinishedRun(options.run, stop.get_token());
    if (run->request().task.id != "forecasting")
        throw BadInput{{{"run", text("run %1 did not learn to forecast", run->request().run), text("choose a run of the task forecasting")}}};
    const auto answer = std::get<ForecastAnswer>(run->ask(ForecastQuestion{options.steps}, {.stop = stop.get_token()}));
    if (options.json)
        printJson(toJson(answer));
    else if (options.output.empty())
        fmt::print("{}", csvOf(answer));
    else
        writeFileAtomically(options.output, csvOf(answer));
    return exitDone;
}

}

void addForecastCommand(CLI::App& app, Action& chosen)
{
    CLI::App* command = app.add_subcommand("forecast", "Continues the series of a run behind its end, as CSV");
    const auto options = std::make_shared<Options>();
    command->add_option("run", options->run, runHelp)->type_name("RUN")->required();
    command->add_option("--steps", options->steps, "so many; those behind what the network was trained for build on its own forecasts")
        ->check(CLI::Range(std::int64_t{1}, std::int64_t{100'000}))
        ->type_name("STEPS");
    auto* output = command->add_option("--output,-o", options->output, "write it to this file")->type_name("FILE");
    command->add_flag("--json", options->json, "as JSON")->excludes(output);
    command->callback([options, &chosen] { chosen = [options] { return forecast(*options); }; });
}

}
