// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/base/problem.h"
#include "engine/core/metrics/verification.h"

#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace descent {

/// People whom a network knows by name: each the mean direction of the embeddings of a few pictures. A value; JSON both ways.
struct FaceGallery {
    struct Person {
        std::string name;
        std::int64_t pictures = 0;    ///< that the embedding is the mean of
        std::vector<float> embedding; ///< [width], of length 1
        bool operator==(const Person&) const = default;
    };
    std::int64_t run = 0;         ///< whose network made the embeddings: those of another mean nothing here
    std::string checkpoint;       ///< SHA-256 of its best.safetensors
    std::int64_t width = 0;
    double falseAcceptRate = 0.01; ///< that was asked for
    double threshold = 0;          ///< cosine at or above which a face is taken for somebody
    std::vector<Person> people;    ///< by name
    bool operator==(const FaceGallery&) const = default;
};

/// The mean of embeddings [count, width], brought to length 1. Throws std::invalid_argument for none, or shapes that disagree.
std::vector<float> meanEmbedding(std::span<const float> embeddings, std::int64_t width);

/// The lowest threshold at which at most this share of the strangers is taken for somebody of the gallery: openSetThreshold()
/// over each stranger's nearest person. strangers: [count, width]; NaN without any.
double strangersThreshold(const FaceGallery& gallery, std::span<const float> strangers);

/// Who a face is.
struct FaceMatch {
    std::int64_t person = -1; ///< nearest, into FaceGallery::people; -1: the gallery is empty
    float score = 0;          ///< cosine
    bool accepted = false;    ///< at or above the threshold; else it is nobody that is known
};
/// The nearest first. embedding: [width], of length 1. Throws std::invalid_argument when the width differs.
std::vector<FaceMatch> identified(const FaceGallery& gallery, std::span<const float> embedding);

std::string toJson(const FaceGallery& gallery);
/// Reads what toJson wrote: outside data. At most 100,000 people of up to 4,096 numbers, finite and of length 1.
Result<FaceGallery> galleryFromJson(std::string_view json);
/// The same from a file of at most 1 GiB. Throws DescentError when it cannot be read.
Result<FaceGallery> readGallery(const std::filesystem::path& file);

}
