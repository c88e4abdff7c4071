// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/metrics/faces.h"

#include "engine/core/base/random.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>
#include <stdexcept>

namespace descent {

namespace {

constexpr std::int64_t mostPictures = 2500;
constexpr std::size_t mostRocPoints = 400;

struct Faces {
    std::vector<float> embeddings;
    std::vector<std::int64_t> people; // 0, 1, … in order of first appearance
    std::int64_t width = 0, peopleCount = 0;
    std::int64_t count() const { return static_cast<std::int64_t>(people.size()); }
    std::span<const float> at(std::int64_t row) const
    {
        return std::span{embeddings}.subspan(static_cast<std::size_t>(row * width), static_cast<std::size_t>(width));
    }
};

/// Every k-th picture of each person rather than of all: a person's pictures often follow each other.
Faces chosen(std::span<const float> embeddings, std::span<const std::int64_t> people, std::int64_t width)
{
    if (width < 1 || embeddings.size() != people.size() * static_cast<std::size_t>(width))
        throw std::invalid_argument{"embeddings do not match the people they are of"};
    const auto count = static_cast<std::int64_t>(people.size());
    const std::int64_t step = std::max<std::int64_t>(1, (count + mostPictures - 1) / mostPictures);
    Faces faces{.width = width};
    std::map<std::int64_t, std::int64_t> number, seen;
    for (std::int64_t row = 0; row < count; ++row) {
        const std::int64_t person = people[static_cast<std::size_t>(row)];
        if (seen[person]++ % step != 0)
            continue;
        const auto [found, isNew] = number.try_emplace(person, static_cast<std::int64_t>(number.size()));
        faces.people.push_back(found->second);
        const auto values = embeddings.subspan(static_cast<std::size_t>(row * width), static_cast<std::size_t>(width));
        faces.embeddings.insert(faces.embeddings.end(), values.begin(), values.end());
    }
    faces.peopleCount = static_cast<std::int64_t>(number.size());
    return faces;
}

VerificationAccuracy accuracyInFolds(const Faces& faces)
{
    // At least four people in a fold: there must be others to take somebody for.
    const std::int64_t folds = std::clamp<std::int64_t>(faces.peopleCount / 4, 2, 10);
    std::vector<std::vector<std::int64_t>> rowsOf(static_cast<std::size_t>(folds));
    for (std::int64_t row = 0; row < faces.count(); ++row)
        rowsOf[static_cast<std::size_t>(faces.people[static_cast<std::size_t>(row)] % folds)].push_back(row);
    std::vector<float> scores;
    std::vector<std::uint8_t> same;
    std::vector<std::int64_t> foldOf;
    const auto add = [&](std::int64_t a, std::int64_t b, bool isSame, std::int64_t fold) {
        scores.push_back(cosine(faces.at(a), faces.at(b)));
        same.push_back(isSame);
        foldOf.push_back(fold);
    };
    Random random{derivedSeed(1, "pairs of faces")};
    for (std::int64_t fold = 0; fold < folds; ++fold) {
        const auto& rows = rowsOf[static_cast<std::size_t>(fold)];
        std::vector<std::pair<std::int64_t, std::int64_t>> others;
        std::size_t sames = 0;
        for (std::size_t i = 0; i < rows.size(); ++i)
            for (std::size_t j = i + 1; j < rows.size(); ++j)
                if (faces.people[static_cast<std::size_t>(rows[i])] == faces.people[static_cast<std::size_t>(rows[j])]) {
                    add(rows[i], rows[j], true, fold);
                    ++sames;
                } else {
                    others.emplace_back(rows[i], rows[j]);
                }
        random.shuffle(std::span<std::pair<std::int64_t, std::int64_t>>{others});
        for (std::size_t i = 0; i < std::min(sames, others.size()); ++i)
            add(others[i].first, others[i].second, false, fold);
    }
    return verificationAccuracyInFolds(scores, same, foldOf, folds);
}

RankedScores allPairs(const Faces& faces)
{
    std::vector<float> scores;
    std::vector<std::uint8_t> same;
    const auto pairs = static_cast<std::size_t>(faces.count() * (faces.count() - 1) / 2);
    scores.reserve(pairs);
    same.reserve(pairs);
    for (std::int64_t a = 0; a < faces.count(); ++a)
        for (std::int64_t b = a + 1; b < faces.count(); ++b) {
            scores.push_back(cosine(faces.at(a), faces.at(b)));
            same.push_back(faces.people[static_cast<std::size_t>(a)] == faces.people[static_cast<std::size_t>(b)]);
        }
    return RankedScores{scores, same};
}

double rank1Of(const Faces& faces)
{
    std::vector<std::int64_t> enrolled, probes, galleryPeople, probePeople;
    std::vector<bool> known(static_cast<std::size_t>(faces.peopleCount));
    for (std::int64_t row = 0; row < faces.count(); ++row) {
        const std::int64_t person = faces.people[static_cast<std::size_t>(row)];
        const bool first = !known[static_cast<std::size_t>(person)];
        (first ? enrolled : probes).push_back(row);
        (first ? galleryPeople : probePeople).push_back(person);
        known[static_cast<std::size_t>(person)] = true;
    }
    std::vector<float> scores;
    scores.reserve(enrolled.size() * probes.size());
    for (const std::int64_t probe : probes)
        for (const std::int64_t picture : enrolled)
            scores.push_back(cosine(faces.at(probe), faces.at(picture)));
    return identificationRates(identify(scores, probePeople, galleryPeople), -std::numeric_limits<double>::infinity()).rank1;
}

/// Enough points to draw a curve: those at even steps of the logarithm of the false accepts lie densest where they matter.
std::vector<RocPoint> thinned(const std::vector<RocPoint>& curve)
{
    if (curve.size() <= mostRocPoints)
        return curve;
    std::vector<RocPoint> few;
    double next = 0;
    for (std::size_t i = 0; i < curve.size(); ++i)
        if (curve[i].falsePositiveRate >= next || i + 1 == curve.size()) {
            few.push_back(curve[i]);
            next = std::max(curve[i].falsePositiveRate * 1.05, next + 1e-5);
        }
    return few;
}

double meanOf(const std::vector<double>& values)
{
    double sum = 0;
    std::int64_t count = 0;
    for (const double value : values)
        if (std::isfinite(value)) {
            sum += value;
            ++count;
        }
    return count > 0 ? sum / static_cast<double>(count) : std::numeric_limits<double>::quiet_NaN();
}

}

float cosine(std::span<const float> a, std::span<const float> b)
{
    if (a.size() != b.size())
        throw std::invalid_argument{"vectors of different width"};
    return std::inner_product(a.begin(), a.end(), b.begin(), 0.0F);
}

double pairThreshold(std::span<const float> embeddings, std::span<const std::int64_t> people, std::int64_t width, double falseAcceptRate)
{
    return trueAcceptRateAt(allPairs(chosen(embeddings, people, width)), falseAcceptRate).threshold;
}

FaceFigures faceFigures(std::span<const float> embeddings, std::span<const std::int64_t> people, std::int64_t width)
{
    const Faces faces = chosen(embeddings, people, width);
    FaceFigures figures;
    figures.accuracy = accuracyInFolds(faces);
    figures.threshold = meanOf(figures.accuracy.thresholds);
    const RankedScores ranked = allPairs(faces);
    figures.auc = rocAuc(ranked);
    figures.equalErrorRate = equalErrorRate(ranked).figure;
    figures.trueAccepts100 = trueAcceptRateAt(ranked, 0.01).truePositiveRate;
    figures.trueAccepts1000 = trueAcceptRateAt(ranked, 0.001).truePositiveRate;
    figures.rank1 = rank1Of(faces);
    figures.roc = thinned(rocCurve(ranked));
    return figures;
}

}
