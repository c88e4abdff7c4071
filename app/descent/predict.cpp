// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/descent/command.h"
#include "app/descent/history.h"
#include "app/descent/json.h"
#include "app/descent/stop_signals.h"
#include "engine/core/base/files.h"
#include "engine/core/job/answer_csv.h"
#include "engine/core/job/predict_rows.h"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <memory>

namespace descent {

namespace {

struct Options {
    std::string run, rows, output;
};

int predict(const Options& options)
{
    std::stop_source stop;
    const StopSignals signals{[&stop] { stop.request_stop(); }};
    const std::unique_ptr<FinishedRun> run = openFinishedRun(options.run, stop.get_token());
    Result<PredictedRows> predicted = predictFile(*run, options.rows, {.stop = stop.get_token(), .progress = {}, .stream = {}});
    if (!predicted)
        throw BadInput{std::move(predicted.problems)};
    printProblems(predicted->setAside, "warning");
    const std::string csv = csvOf(predicted->answer, run->request().data->dataset->train.targets);
    if (options.output.empty())
        fmt::print("{}", csv);
    else
        writeFileAtomically(options.output, csv);
    return exitDone;
}

}

void addPredictCommand(CLI::App& app, Action& chosen)
{
    CLI::App* command = app.add_subcommand("predict", "What a run that learnt from a table says of other rows, as CSV");
    const auto options = std::make_shared<Options>();
    command->add_option("run", options->run, runHelp)->type_name("RUN")->required();
    command->add_option("rows", options->rows, "a CSV file with the columns it was trained with; the target may be missing")->type_name("FILE")->required();
    command->add_option("--output,-o", options->output, "write it to this file")->type_name("FILE");
    command->callback([options, &chosen] { chosen = [options] { return predict(*options); }; });
}

}
