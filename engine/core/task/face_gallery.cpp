// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/task/face_gallery.h"

#include "engine/core/base/files.h"
#include "engine/core/metrics/faces.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>
#include <stdexcept>

namespace descent {

namespace {

using Json = nlohmann::ordered_json;

constexpr std::size_t maximumPeople = 100'000, maximumFileBytes = std::size_t{1} << 30, longestName = 500;
constexpr std::int64_t maximumWidth = 4096;
constexpr char format[] = "descent-face-gallery-1";

Problem wrong(std::string where, Text message)
{
    return {std::move(where), std::move(message), text("enrol the people again")};
}

Result<FaceGallery::Person> personFrom(const Json& json, std::size_t index, std::int64_t width)
{
    const std::string where = fmt::format("people[{}]", index);
    FaceGallery::Person person;
    if (!json.is_object() || !json.contains("name") || !json["name"].is_string() || !json.contains("pictures")
        || !json["pictures"].is_number_unsigned() || !json.contains("embedding") || !json["embedding"].is_array())
        return {std::nullopt, {wrong(where, text("this is no person of a gallery"))}};
    person.name = json["name"].get<std::string>();
    if (person.name.empty() || person.name.size() > longestName)
        return {std::nullopt, {wrong(where, text("this name is empty or too long"))}};
    person.pictures = json["pictures"].get<std::int64_t>();
    if (person.pictures < 0)
        return {std::nullopt, {wrong(where, text("nobody has so many pictures"))}};
    if (static_cast<std::int64_t>(json["embedding"].size()) != width)
        return {std::nullopt, {wrong(where, text("%1 numbers where there should be %2", json["embedding"].size(), width))}};
    double squares = 0;
    for (const Json& value : json["embedding"]) {
        if (!value.is_number())
            return {std::nullopt, {wrong(where, text("an embedding is made of numbers"))}};
        person.embedding.push_back(value.get<float>());
        squares += static_cast<double>(person.embedding.back()) * person.embedding.back();
    }
    if (!(std::abs(squares - 1) < 1e-3))
        return {std::nullopt, {wrong(where, text("this embedding is not of length 1"))}};
    return {std::move(person), {}};
}

}

std::vector<float> meanEmbedding(std::span<const float> embeddings, std::int64_t width)
{
    const auto wide = static_cast<std::size_t>(std::max<std::int64_t>(width, 1));
    if (width < 1 || embeddings.empty() || embeddings.size() % wide != 0)
        throw std::invalid_argument{fmt::format("{} numbers as embeddings of {}", embeddings.size(), width)};
    std::vector<double> sum(wide);
    for (std::size_t i = 0; i < embeddings.size(); ++i)
        sum[i % wide] += embeddings[i];
    double squares = 0;
    for (const double value : sum)
        squares += value * value;
    const double length = std::sqrt(squares);
    std::vector<float> mean(wide);
    if (length < 1e-9) { // they point every way alike: any of them is as good
        std::copy(embeddings.begin(), embeddings.begin() + width, mean.begin());
        return mean;
    }
    std::transform(sum.begin(), sum.end(), mean.begin(), [&](double value) { return static_cast<float>(value / length); });
    return mean;
}

double strangersThreshold(const FaceGallery& gallery, std::span<const float> strangers)
{
    const auto wide = static_cast<std::size_t>(std::max<std::int64_t>(gallery.width, 1));
    if (strangers.size() % wide != 0)
        throw std::invalid_argument{"embeddings of another width"};
    std::vector<float> scores;
    for (std::size_t at = 0; at < strangers.size(); at += wide)
        for (const FaceGallery::Person& person : gallery.people)
            scores.push_back(cosine(strangers.subspan(at, wide), person.embedding));
    std::vector<std::int64_t> probes(strangers.size() / wide, -1), people(gallery.people.size());
    for (std::size_t i = 0; i < people.size(); ++i)
        people[i] = static_cast<std::int64_t>(i);
    const double threshold = openSetThreshold(identify(scores, probes, people), gallery.falseAcceptRate);
    return threshold < -1 ? -1 : threshold; // no cosine is lower; NaN stays
}

std::vector<FaceMatch> identified(const FaceGallery& gallery, std::span<const float> embedding)
{
    std::vector<FaceMatch> matches;
    for (std::size_t i = 0; i < gallery.people.size(); ++i) {
        const float score = cosine(embedding, gallery.people[i].embedding);
        matches.push_back({static_cast<std::int64_t>(i), score, score >= gallery.threshold});
    }
    std::stable_sort(matches.begin(), matches.end(), [](const FaceMatch& a, const FaceMatch& b) { return a.score > b.score; });
    return matches;
}

std::string toJson(const FaceGallery& gallery)
{
    Json json{{"format", format},
              {"run", gallery.run},
              {"checkpoint", gallery.checkpoint},
              {"width", gallery.width},
              {"falseAcceptRate", gallery.falseAcceptRate},
              {"threshold", gallery.threshold},
              {"people", Json::array()}};
    for (const FaceGallery::Person& person : gallery.people)
        json["people"].push_back({{"name", person.name}, {"pictures", person.pictures}, {"embedding", person.embedding}});
    return json.dump(1, ' ', false, Json::error_handler_t::replace) + "\n";
}

Result<FaceGallery> galleryFromJson(std::string_view bytes)
{
    if (bytes.size() > maximumFileBytes)
        return {std::nullopt, {wrong("gallery", text("this is too large for a gallery"))}};
    const Json json = Json::parse(bytes, nullptr, false);
    if (json.is_discarded() || !json.is_object() || json.value("format", Json{}) != Json(format))
        return {std::nullopt, {wrong("gallery", text("this is no gallery of faces"))}};
    const auto number = [&](const char* name) { return json.contains(name) && json[name].is_number(); };
    if (!json.contains("run") || !json["run"].is_number_integer() || !json.contains("checkpoint") || !json["checkpoint"].is_string()
        || !json.contains("width") || !json["width"].is_number_integer() || !number("falseAcceptRate") || !number("threshold")
        || !json.contains("people") || !json["people"].is_array())
        return {std::nullopt, {wrong("gallery", text("this gallery is incomplete"))}};
    FaceGallery gallery{.run = json["run"].get<std::int64_t>(),
                        .checkpoint = json["checkpoint"].get<std::string>(),
                        .width = json["width"].get<std::int64_t>(),
                        .falseAcceptRate = json["falseAcceptRate"].get<double>(),
                        .threshold = json["threshold"].get<double>()};
    if (gallery.width < 1 || gallery.width > maximumWidth || json["people"].size() > maximumPeople)
        return {std::nullopt, {wrong("gallery", text("this is too large for a gallery"))}};
    for (const Json& one : json["people"]) {
        Result<FaceGallery::Person> person = personFrom(one, gallery.people.size(), gallery.width);
        if (!person)
            return {std::nullopt, std::move(person.problems)};
        gallery.people.push_back(std::move(*person.value));
    }
    return {std::move(gallery), {}};
}

Result<FaceGallery> readGallery(const std::filesystem::path& file)
{
    Result<FaceGallery> gallery = galleryFromJson(readFile(file, maximumFileBytes));
    for (Problem& problem : gallery.problems)
        problem.path = file.filename().string() + ": " + problem.path;
    return gallery;
}

}
