// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/job/face_desk.h"

#include "engine/core/base/checksum.h"
#include "engine/core/base/files.h"
#include "engine/core/data/picture_array.h"
#include "engine/core/metrics/faces.h"

#include <span>

namespace descent {

namespace {

constexpr std::size_t largestCheckpoint = std::size_t{16} << 30;

}

Result<FaceDesk> FaceDesk::at(FinishedRun& run)
{
    if (run.request().task.id != "face-recognition")
        return {std::nullopt,
                {{"run", text("run %1 has not learnt to recognise faces", run.request().run), text("choose one of the task face-recognition")}}};
    return {FaceDesk{run}, {}};
}

std::filesystem::path FaceDesk::usualGallery() const
{
    return m_run->request().folder / "gallery.json";
}

const std::string& FaceDesk::checkpoint()
{
    if (m_checkpoint.empty()) {
        const std::string bytes = readFile(m_run->request().folder / "best.safetensors", largestCheckpoint);
        m_checkpoint = sha256(std::as_bytes(std::span{bytes}));
    }
    return m_checkpoint;
}

const FaceAnswer& FaceDesk::strangers(const AskControl& control)
{
    if (!m_strangers)
        m_strangers = ask(HeldOutFacesQuestion{}, control);
    return *m_strangers;
}

Result<FaceGallery> FaceDesk::enrol(const Dataset& people, double falseAcceptRate, const std::filesystem::path& file, const AskControl& control)
{
    const PictureArray* pictures = picturesOf(people.train);
    const Targets& targets = people.train.targets;
    if (!pictures || !targets.areClasses())
        return {std::nullopt, {{"people", text("these are no pictures of people by name"), text("choose a folder with a folder a person")}}};
    FaceQuestion question;
    for (std::int64_t i = 0; i < pictures->count; ++i)
        question.pictures.push_back({pictures->channels, pictures->height, pictures->width, pictures->picture(i)});
    const FaceAnswer faces = ask(question, control);
    FaceGallery gallery{.run = m_run->request().run, .checkpoint = checkpoint(), .width = faces.width, .falseAcceptRate = falseAcceptRate, .threshold = 0, .people = {}};
    for (std::size_t person = 0; person < targets.classNames.size(); ++person) {
        std::vector<float> own;
        for (std::size_t i = 0; i < targets.classes.size(); ++i)
            if (targets.classes[i] == static_cast<std::int64_t>(person))
                own.insert(own.end(), faces.embeddings.begin() + static_cast<std::ptrdiff_t>(i) * faces.width,
                           faces.embeddings.begin() + static_cast<std::ptrdiff_t>(i + 1) * faces.width);
        if (!own.empty())
            gallery.people.push_back({targets.classNames[person], static_cast<std::int64_t>(own.size()) / faces.width, meanEmbedding(own, faces.width)});
    }
    gallery.threshold = strangersThreshold(gallery, strangers(control).embeddings);
    writeFileAtomically(file, toJson(gallery));
    return {std::move(gallery), {}};
}

Result<FaceGallery> FaceDesk::gallery(const std::filesystem::path& file)
{
    if (!std::filesystem::exists(file))
        return {std::nullopt,
                {{file.string(), text("nobody is enrolled for run %1", m_run->request().run), text("enrol people first: a folder with a folder a person")}}};
    Result<FaceGallery> gallery = readGallery(file);
    if (gallery && (gallery->run != m_run->request().run || gallery->checkpoint != checkpoint()))
        return {std::nullopt, {{file.string(), text("these people were enrolled with another network"), text("enrol them again with this run")}}};
    return gallery;
}

std::vector<FaceMatch> FaceDesk::identify(const FaceGallery& gallery, const Picture& picture, const AskControl& control)
{
    return identified(gallery, ask(FaceQuestion{{picture}}, control).embeddings);
}

FaceDesk::Verification FaceDesk::verify(const Picture& a, const Picture& b, double falseAcceptRate, const AskControl& control)
{
    const FaceAnswer both = ask(FaceQuestion{{a, b}}, control);
    const auto width = static_cast<std::size_t>(both.width);
    const FaceAnswer& others = strangers(control);
    Verification verification{.cosine = cosine(std::span{both.embeddings}.first(width), std::span{both.embeddings}.subspan(width)),
                              .threshold = pairThreshold(others.embeddings, others.people, others.width, falseAcceptRate)};
    verification.same = verification.cosine >= verification.threshold;
    return verification;
}

}
