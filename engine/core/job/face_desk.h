// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/job/finished_run.h"
#include "engine/core/task/face_gallery.h"

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace descent {

/// A finished run of face recognition, and the people whom it knows by name. What does not change, the strangers' embeddings and
/// the checkpoint's hash, is worked out with the first question that needs it.
/// All throw Cancelled where they take a control, DescentError where a file cannot be read or written.
class FaceDesk {
public:
    /// Problems: the run has learnt something else.
    static Result<FaceDesk> at(FinishedRun& run);

    std::filesystem::path usualGallery() const; ///< in the run's folder

    /// A gallery of these people, written to `file`: its threshold lets at most `falseAcceptRate` of the people kept back for
    /// validation in, who are strangers to it and to the network. people: pictures by class, as a folder a person gives them.
    Result<FaceGallery> enrol(const Dataset& people, double falseAcceptRate, const std::filesystem::path& file, const AskControl& control);
    /// Problems: nobody is enrolled there, it is no gallery, or its people were enrolled with another network.
    Result<FaceGallery> gallery(const std::filesystem::path& file);

    /// Who of the gallery this is: the nearest first.
    std::vector<FaceMatch> identify(const FaceGallery& gallery, const Picture& picture, const AskControl& control);

    struct Verification {
        double cosine = 0, threshold = 0;
        bool same = false;
    };
    /// Whether two pictures show one person, where at most `falseAcceptRate` of pairs of different people would pass.
    Verification verify(const Picture& a, const Picture& b, double falseAcceptRate, const AskControl& control);

private:
    explicit FaceDesk(FinishedRun& run) : m_run{&run} {}
    FaceAnswer ask(const Question& question, const AskControl& control) { return std::get<FaceAnswer>(m_run->ask(question, control)); }
    const std::string& checkpoint();                       ///< SHA-256 of the weights
    const FaceAnswer& strangers(const AskControl& control); ///< the people kept back for validation

    FinishedRun* m_run;
    std::string m_checkpoint;              // empty: not yet
    std::optional<FaceAnswer> m_strangers;
};

}
