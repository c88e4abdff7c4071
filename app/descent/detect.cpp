// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/descent/command.h"
#include "app/descent/history.h"
#include "app/descent/json.h"
#include "app/descent/picture_input.h"
#include "app/descent/stop_signals.h"
#include "app/descent/text_table.h"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <memory>

namespace descent {

namespace {

struct Options {
    std::string run;
    std::vector<std::string> pictures;
    DetectionQuestion question;
    bool json = false;
};

int detect(const Options& options)
{
    Problems problems;
    const std::vector<Picture> pictures = readPictures(options.pictures, problems);
    if (!problems.empty())
        throw BadInput{std::move(problems)};
    std::stop_source stop;
    const StopSignals signals{[&stop] { stop.request_stop(); }};
    const std::unique_ptr<FinishedRun> run = openFinishedRun(options.run, stop.get_token());
    if (run->request().task.id != "detection")
        throw BadInput{{{options.run, text("this run did not learn to find boxes"), text("choose one of the task detection; see: descent runs")}}};
    Json all = Json::array();
    TextTable table{{"PICTURE", "WHAT", "SCORE", "LEFT", "TOP", "RIGHT", "BOTTOM"}};
    for (std::size_t i = 0; i < pictures.size(); ++i) {
        DetectionQuestion question = options.question;
        question.picture = pictures[i];
        const auto answer = std::get<DetectionAnswer>(run->ask(question, {.stop = stop.get_token()}));
        Json boxes = Json::array();
        for (const DetectedBox& box : answer.boxes) {
            const std::string& what = answer.classNames.at(static_cast<std::size_t>(box.classIndex));
            boxes.push_back({{"class", what}, {"score", jsonNumber(box.score)}, {"left", jsonNumber(box.left)}, {"top", jsonNumber(box.top)},
                             {"right", jsonNumber(box.right)}, {"bottom", jsonNumber(box.bottom)}});
            const auto pixels = [](float place) { return fmt::format("{:.0f}", place); };
            table.add({boxes.size() == 1 ? options.pictures[i] : "", what, fmt::format("{:.2f}", box.score), pixels(box.left), pixels(box.top),
                       pixels(box.right), pixels(box.bottom)});
        }
        if (answer.boxes.empty())
            table.add({options.pictures[i], "nothing", "", "", "", "", ""});
        all.push_back({{"picture", options.pictures[i]}, {"width", pictures[i].width}, {"height", pictures[i].height}, {"boxes", std::move(boxes)}});
    }
    if (options.json)
        printJson(all);
    else
        table.print(terminalOf(stdout));
    return exitDone;
}

}

void addDetectCommand(CLI::App& app, Action& chosen)
{
    CLI::App* command = app.add_subcommand("detect", "Says what stands on a picture and where, by a run that learnt boxes");
    const auto options = std::make_shared<Options>();
    command->add_option("run", options->run, runHelp)->type_name("RUN")->required();
    command->add_option("--picture", options->pictures, "a PNG or JPEG file; may be given again")
        ->type_name("FILE")->required()->allow_extra_args(false);
    command->add_option("--score", options->question.leastScore, "boxes that the network is less sure of are left out")
        ->type_name("0..1")->check(CLI::Range(0.0, 1.0))->capture_default_str();
    command->add_option("--overlap", options->question.overlap, "boxes of a class that overlap more than this are one")
        ->type_name("0..1")->check(CLI::Range(0.0, 1.0))->capture_default_str();
    command->add_flag("--json", options->json, "as JSON");
    command->footer("Places are in pixels of the picture, from its upper left corner.");
    command->callback([options, &chosen] { chosen = [options] { return detect(*options); }; });
}

}
