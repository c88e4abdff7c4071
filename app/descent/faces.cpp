// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/descent/command.h"
#include "app/descent/history.h"
#include "app/descent/json.h"
#include "app/descent/picture_input.h"
#include "app/descent/stop_signals.h"
#include "app/descent/terminal.h"
#include "app/descent/text_table.h"
#include "engine/core/job/face_desk.h"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <memory>

namespace descent {

namespace {

struct Options {
    std::string run, folder, gallery;
    std::vector<std::string> pictures;
    double falseAccepts = 0.01;
    bool json = false;
};

template <typename T>
T orBadInput(Result<T> result)
{
    if (!result)
        throw BadInput{std::move(result.problems)};
    return std::move(*result.value);
}

/// A run that has learnt faces, with the signals that stop it.
struct Asked {
    explicit Asked(const std::string& name)
        : signals{[this] { stop.request_stop(); }}, run{openFinishedRun(name, stop.get_token())}, desk{orBadInput(FaceDesk::at(*run))},
          control{.stop = stop.get_token(), .progress = {}, .stream = {}}
    {
    }
    std::filesystem::path galleryFile(const Options& options) const { return options.gallery.empty() ? desk.usualGallery() : std::filesystem::path{options.gallery}; }

    std::stop_source stop;
    StopSignals signals;
    std::unique_ptr<FinishedRun> run;
    FaceDesk desk;
    AskControl control;
};

std::vector<Picture> picturesOrBadInput(const std::vector<std::string>& files)
{
    Problems problems;
    std::vector<Picture> pictures = readPictures(files, problems);
    if (!problems.empty())
        throw BadInput{std::move(problems)};
    return pictures;
}

int enrol(const Options& options)
{
    const Dataset people = orBadInput(findDatasetKind("image-folder")->load({{"path", options.folder}}, {}));
    printProblems(people.setAside, "warning");
    Asked asked{options.run};
    const std::filesystem::path file = asked.galleryFile(options);
    const FaceGallery gallery = orBadInput(asked.desk.enrol(people, options.falseAccepts, file, asked.control));
    if (options.json)
        printJson({{"gallery", file.string()}, {"people", gallery.people.size()}, {"threshold", gallery.threshold}});
    else
        fmt::print("{} people enrolled in {}; from a cosine of {:.3f} on, a face counts as one of them\n", gallery.people.size(), file.string(),
                   gallery.threshold);
    return exitDone;
}

int verify(const Options& options)
{
    const std::vector<Picture> pictures = picturesOrBadInput(options.pictures);
    Asked asked{options.run};
    const auto [cosine, threshold, same] = asked.desk.verify(pictures[0], pictures[1], options.falseAccepts, asked.control);
    if (options.json)
        printJson({{"cosine", jsonNumber(cosine)}, {"threshold", jsonNumber(threshold)}, {"same", same}});
    else
        fmt::print("{}: cosine {:.3f}, threshold {:.3f} where {} of pairs of different people would pass\n",
                   same ? "the same person" : "different people", cosine, threshold, fmt::format("{:g} %", 100 * options.falseAccepts));
    return exitDone;
}

int identify(const Options& options)
{
    const std::vector<Picture> pictures = picturesOrBadInput(options.pictures);
    Asked asked{options.run};
    const FaceGallery gallery = orBadInput(asked.desk.gallery(asked.galleryFile(options)));
    std::vector<FaceMatch> matches = asked.desk.identify(gallery, pictures[0], asked.control);
    constexpr std::size_t shown = 5;
    matches.resize(std::min(shown, matches.size()));
    const bool known = !matches.empty() && matches.front().accepted;
    if (options.json) {
        Json json{{"person", known ? Json(gallery.people[static_cast<std::size_t>(matches.front().person)].name) : Json(nullptr)},
                  {"threshold", jsonNumber(gallery.threshold)},
                  {"nearest", Json::array()}};
        for (const FaceMatch& match : matches)
            json["nearest"].push_back({{"name", gallery.people[static_cast<std::size_t>(match.person)].name}, {"cosine", jsonNumber(match.score)}});
        printJson(json);
        return exitDone;
    }
    fmt::print("{}\n\n", known ? printable(gallery.people[static_cast<std::size_t>(matches.front().person)].name) : "nobody who is enrolled");
    TextTable table{{"NEAREST", "COSINE", ""}};
    for (const FaceMatch& match : matches)
        table.add({gallery.people[static_cast<std::size_t>(match.person)].name, fmt::format("{:.3f}", match.score), match.accepted ? "" : "below the threshold"});
    table.print(terminalOf(stdout));
    return exitDone;
}

}

void addFacesCommand(CLI::App& app, Action& chosen)
{
    CLI::App* command = app.add_subcommand("faces", "Asks a run that has learnt to recognise faces");
    command->require_subcommand(1);
    const auto add = [&](const char* name, const char* help, int (*action)(const Options&)) {
        CLI::App* one = command->add_subcommand(name, help);
        const auto options = std::make_shared<Options>();
        one->add_option("run", options->run, runHelp)->type_name("RUN")->required();
        one->add_flag("--json", options->json, "as JSON");
        one->callback([options, action, &chosen] { chosen = [options, action] { return action(*options); }; });
        return std::pair{one, options};
    };
    const auto galleryOption = [](CLI::App* one, const std::shared_ptr<Options>& options) {
        one->add_option("--gallery", options->gallery, "the file of who is enrolled; else it lies with the run")->type_name("FILE");
    };
    const auto falseAcceptsOption = [](CLI::App* one, const std::shared_ptr<Options>& options) {
        one->add_option("--false-accepts", options->falseAccepts, "share of strangers that may pass")->type_name("SHARE")->check(CLI::Range(0.0, 1.0))->capture_default_str();
    };
    const auto [enrolling, enrolOptions] = add("enrol", "Learns people by name: a folder of pictures for each", enrol);
    enrolling->add_option("folder", enrolOptions->folder, "a folder with a folder a person")->type_name("FOLDER")->required();
    galleryOption(enrolling, enrolOptions);
    falseAcceptsOption(enrolling, enrolOptions);
    const auto [verifying, verifyOptions] = add("verify", "Whether two pictures show the same person", verify);
    verifying->add_option("pictures", verifyOptions->pictures, "two PNG or JPEG files")->type_name("A B")->required()->expected(2);
    falseAcceptsOption(verifying, verifyOptions);
    const auto [identifying, identifyOptions] = add("identify", "Who of those enrolled a picture shows, or that it is nobody of them", identify);
    identifying->add_option("picture", identifyOptions->pictures, "a PNG or JPEG file")->type_name("PICTURE")->required()->expected(1);
    galleryOption(identifying, identifyOptions);
}

}
