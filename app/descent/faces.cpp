// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/descent/command.h"
#include "app/descent/history.h"
#include "app/descent/json.h"
#include "app/descent/picture_input.h"
#include "app/descent/stop_signals.h"
#include "app/descent/terminal.h"
#include "app/descent/text_table.h"
#include "engine/core/base/files.h"
#include "engine/core/checkpoint/safetensors.h"
#include "engine/core/job/finished_run.h"
#include "engine/core/metrics/faces.h"
#include "engine/core/task/face_gallery.h"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <span>

namespace descent {

namespace {

constexpr std::size_t maximumCheckpointBytes = std::size_t{16} << 30;

struct Options {
    std::string run, folder, gallery;
    std::vector<std::string> pictures;
    double falseAccepts = 0.01;
    bool json = false;
};

/// A finished run of face recognition, ready to be asked.
class FaceRun {
public:
    FaceRun(const std::string& name, const std::stop_token& stop)
    {
        m_run = openFinishedRun(name, stop);
        if (m_run->request().task.id != "face-recognition")
            throw BadInput{{{"run", text("run %1 has not learnt to recognise faces", id()), text("choose one of the task face-recognition")}}};
    }

    RunId id() const { return m_run->request().run; }
    std::filesystem::path galleryFile(const std::string& chosen) const { return chosen.empty() ? m_run->request().folder / "gallery.json" : std::filesystem::path{chosen}; }
    std::string checkpoint() const
    {
        const std::string bytes = readFile(m_run->request().folder / "best.safetensors", maximumCheckpointBytes);
        return sha256(std::as_bytes(std::span{bytes}));
    }
    FaceAnswer ask(const Question& question) { return std::get<FaceAnswer>(m_run->ask(question)); }

    /// Of pictures as they are in a file, brought to what the network was trained on.
    PictureArray fitted(std::span<const Picture> pictures) const
    {
        const auto& like = std::get<PictureArray>(m_run->request().data->dataset->train.inputs);
        PictureArray array{.channels = like.channels, .height = like.height, .width = like.width};
        for (const Picture& picture : pictures) {
            const Picture one = withChannels(resized(picture, like.height, like.width), like.channels);
            array.pixels.insert(array.pixels.end(), one.pixels.begin(), one.pixels.end());
            ++array.count;
        }
        return array;
    }

    std::vector<float> embeddingOf(const std::string& file)
    {
        Problems problems;
        const std::vector<Picture> picture = readPictures({file}, problems);
        if (!problems.empty())
            throw BadInput{std::move(problems)};
        return ask(FaceQuestion{fitted(picture)}).embeddings;
    }

private:
    std::unique_ptr<FinishedRun> m_run;
};

FaceGallery galleryOf(FaceRun& run, const std::string& chosen)
{
    const std::filesystem::path file = run.galleryFile(chosen);
    if (!std::filesystem::exists(file))
        throw BadInput{{{file.string(), text("nobody is enrolled for run %1", run.id()), text("see: descent faces enrol --help")}}};
    Result<FaceGallery> gallery = readGallery(file);
    if (!gallery)
        throw BadInput{std::move(gallery.problems)};
    if (gallery->run != run.id() || gallery->checkpoint != run.checkpoint())
        throw BadInput{{{file.string(), text("these people were enrolled with another network"), text("enrol them again with this run")}}};
    return std::move(*gallery.value);
}

int enrol(const Options& options)
{
    std::stop_source stop;
    const StopSignals signals{[&stop] { stop.request_stop(); }};
    const LoadControl control{.stop = stop.get_token(), .progress = {}};
    Result<Dataset> people = findDatasetKind("image-folder")->load({{"path", options.folder}}, control);
    if (!people)
        throw BadInput{std::move(people.problems)};
    printProblems(people->setAside, "warning");
    FaceRun run{options.run, stop.get_token()};
    const auto& pictures = std::get<PictureArray>(people->train.inputs);
    const Targets& targets = people->train.targets;
    std::vector<Picture> all;
    for (std::int64_t i = 0; i < pictures.count; ++i) {
        const auto* pixels = pictures.pixels.data() + i * pictures.pictureBytes();
        all.push_back({pictures.channels, pictures.height, pictures.width, {pixels, pixels + pictures.pictureBytes()}});
    }
    const FaceAnswer faces = run.ask(FaceQuestion{run.fitted(all)});
    FaceGallery gallery{.run = run.id(), .checkpoint = run.checkpoint(), .width = faces.width, .falseAcceptRate = options.falseAccepts};
    for (std::size_t person = 0; person < targets.classNames.size(); ++person) {
        std::vector<float> own;
        for (std::size_t i = 0; i < targets.classes.size(); ++i)
            if (targets.classes[i] == static_cast<std::int64_t>(person))
                own.insert(own.end(), faces.embeddings.begin() + static_cast<std::ptrdiff_t>(i) * faces.width,
                           faces.embeddings.begin() + static_cast<std::ptrdiff_t>(i + 1) * faces.width);
        if (!own.empty())
            gallery.people.push_back({targets.classNames[person], static_cast<std::int64_t>(own.size()) / faces.width, meanEmbedding(own, faces.width)});
    }
    // The people kept back for validation are strangers to this gallery, and to the network.
    gallery.threshold = strangersThreshold(gallery, run.ask(HeldOutFacesQuestion{}).embeddings);
    const std::filesystem::path file = run.galleryFile(options.gallery);
    writeFileAtomically(file, toJson(gallery));
    if (options.json)
        printJson({{"gallery", file.string()}, {"people", gallery.people.size()}, {"threshold", gallery.threshold}});
    else
        fmt::print("{} people enrolled in {}; from a cosine of {:.3f} on, a face counts as one of them\n", gallery.people.size(), file.string(),
                   gallery.threshold);
    return exitDone;
}

int verify(const Options& options)
{
    std::stop_source stop;
    const StopSignals signals{[&stop] { stop.request_stop(); }};
    FaceRun run{options.run, stop.get_token()};
    const std::vector<float> first = run.embeddingOf(options.pictures[0]), second = run.embeddingOf(options.pictures[1]);
    const float score = cosine(first, second);
    const FaceAnswer strangers = run.ask(HeldOutFacesQuestion{});
    const double threshold = pairThreshold(strangers.embeddings, strangers.people, strangers.width, options.falseAccepts);
    const bool same = score >= threshold;
    if (options.json)
        printJson({{"cosine", jsonNumber(score)}, {"threshold", jsonNumber(threshold)}, {"same", same}});
    else
        fmt::print("{}: cosine {:.3f}, threshold {:.3f} where {} of pairs of different people would pass\n",
                   same ? "the same person" : "different people", score, threshold, fmt::format("{:g} %", 100 * options.falseAccepts));
    return exitDone;
}

int identify(const Options& options)
{
    std::stop_source stop;
    const StopSignals signals{[&stop] { stop.request_stop(); }};
    FaceRun run{options.run, stop.get_token()};
    const FaceGallery gallery = galleryOf(run, options.gallery);
    std::vector<FaceMatch> matches = identified(gallery, run.embeddingOf(options.pictures[0]));
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
