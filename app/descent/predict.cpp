// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/descent/command.h"
#include "app/descent/history.h"
#include "app/descent/json.h"
#include "app/descent/stop_signals.h"
#include "engine/core/base/files.h"
#include "engine/core/data/named_rows.h"
#include "engine/core/job/predict_rows.h"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <memory>

namespace descent {

namespace {

struct Options {
    std::string run, rows, output;
};

/// A header and a row a row: the likeliest class and the probability of each, or the number.
std::string toCsv(const RowsAnswer& answer, const Targets& targets)
{
    const auto cell = [](const std::string& words) {
        std::string quoted = "\"";
        for (const char c : words)
            quoted += c == '"' ? std::string{"\"\""} : std::string{c};
        return words.find_first_of(",\"\r\n") == std::string::npos ? words : quoted + '"';
    };
    std::string csv = cell(targets.name.empty() ? "prediction" : targets.name);
    if (targets.areClasses())
        for (const std::string& name : targets.classNames)
            csv += "," + cell("p(" + name + ")");
    csv += "\n";
    const auto width = static_cast<std::size_t>(answer.width);
    for (std::size_t at = 0; at + width <= answer.values.size(); at += width) {
        const auto begin = answer.values.begin() + static_cast<std::ptrdiff_t>(at), end = begin + static_cast<std::ptrdiff_t>(width);
        if (targets.areClasses()) {
            csv += cell(targets.classNames[static_cast<std::size_t>(std::max_element(begin, end) - begin)]);
            for (auto value = begin; value != end; ++value)
                csv += fmt::format(",{:.6g}", *value);
        } else {
            csv += fmt::format("{}", *begin);
        }
        csv += "\n";
    }
    return csv;
}

int predict(const Options& options)
{
    std::stop_source stop;
    const StopSignals signals{[&stop] { stop.request_stop(); }};
    const std::unique_ptr<FinishedRun> run = openFinishedRun(options.run, stop.get_token());
    const DatasetKind& table = *findDatasetKind("csv");
    Parameters reading = run->request().recipe.dataset.kind == table.id ? run->request().recipe.dataset.parameters : Parameters{};
    Dataset aside;
    Result<Table> rows = readRows(table.schema, reading, options.rows, aside, {.stop = stop.get_token()});
    if (!rows)
        throw BadInput{std::move(rows.problems)};
    printProblems(aside.setAside, "warning");
    Result<RowsAnswer> answer = predictRows(*run, *rows, {.stop = stop.get_token()});
    if (!answer)
        throw BadInput{std::move(answer.problems)};
    const std::string csv = toCsv(*answer, run->request().data->dataset->train.targets);
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
