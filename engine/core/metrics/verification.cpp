// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/metrics/verification.h"

#include "engine/core/metrics/promises.h"
#include "engine/core/metrics/ranking.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <stdexcept>
#include <unordered_map>

namespace descent {

namespace {

constexpr double undefined = std::numeric_limits<double>::quiet_NaN();
constexpr float leastAlike = -std::numeric_limits<float>::infinity();

double share(std::int64_t part, std::int64_t whole)
{
    return whole == 0 ? undefined : static_cast<double>(part) / static_cast<double>(whole);
}

/// The best picture of one person for the current probe.
struct Best {
    float score = leastAlike;
    std::size_t picture = 0;
    bool isAheadOf(const Best& other) const { return score > other.score || (score == other.score && picture < other.picture); }
};

/// People of a gallery numbered from 0.
struct People {
    std::unordered_map<std::int64_t, std::size_t> numbers;
    std::vector<std::size_t> ofPicture;
};

People peopleOf(std::span<const std::int64_t> gallery)
{
    People people;
    for (const std::int64_t person : gallery)
        people.ofPicture.push_back(people.numbers.try_emplace(person, people.numbers.size()).first->second);
    return people;
}

}

VerificationAccuracy verificationAccuracyInFolds(std::span<const float> scores, std::span<const std::uint8_t> isSame,
                                                 std::span<const std::int64_t> foldOfPair, std::int64_t folds)
{
    requireSameLength(scores.size(), isSame.size(), "isSame");
    requireSameLength(scores.size(), foldOfPair.size(), "foldOfPair");
    requireClasses(foldOfPair, folds, "foldOfPair");
    VerificationAccuracy accuracy;
    for (std::int64_t fold = 0; fold < folds; ++fold) {
        std::vector<float> ownScores, otherScores;
        std::vector<std::uint8_t> ownSame, otherSame;
        for (std::size_t i = 0; i < scores.size(); ++i) {
            const bool isOwn = foldOfPair[i] == fold;
            (isOwn ? ownScores : otherScores).push_back(scores[i]);
            (isOwn ? ownSame : otherSame).push_back(isSame[i]);
        }
        const bool isDefined = !ownScores.empty() && !otherScores.empty();
        const double threshold = isDefined ? bestAccuracy({otherScores, otherSame}).threshold : undefined;
        accuracy.thresholds.push_back(threshold);
        accuracy.ofFold.push_back(isDefined ? accuracyAt({ownScores, ownSame}, threshold) : undefined);
    }

    double sum = 0, squares = 0, defined = 0;
    for (const double figure : accuracy.ofFold)
        if (!std::isnan(figure)) {
            sum += figure;
            ++defined;
        }
    accuracy.mean = defined == 0 ? undefined : sum / defined;
    for (const double figure : accuracy.ofFold)
        if (!std::isnan(figure))
            squares += (figure - accuracy.mean) * (figure - accuracy.mean);
    accuracy.standardError = defined == 0 ? undefined : std::sqrt(squares / (defined - 1) / defined); // two folds or none
    return accuracy;
}

std::vector<std::int64_t> consecutiveFolds(std::int64_t count, std::int64_t folds)
{
    if (count < 0 || folds < 1)
        throw std::invalid_argument{fmt::format("{} pairs in {} folds", count, folds)};
    std::vector<std::int64_t> foldOfPair;
    for (std::int64_t fold = 0; fold < folds; ++fold)
        foldOfPair.insert(foldOfPair.end(), static_cast<std::size_t>(count / folds + (fold < count % folds ? 1 : 0)), fold);
    return foldOfPair;
}

std::vector<Identified> identify(std::span<const float> scores, std::span<const std::int64_t> probes,
                                 std::span<const std::int64_t> gallery)
{
    requireSameLength(probes.size() * gallery.size(), scores.size(), "scores");
    constexpr float largest = std::numeric_limits<float>::max();
    requireWithin(scores, -largest, largest, "scores");
    const People people = peopleOf(gallery);
    std::vector<Identified> answers;
    for (std::size_t probe = 0; probe < probes.size(); ++probe) {
        std::vector<Best> best(people.numbers.size(), {leastAlike, gallery.size()});
        Best nearest{leastAlike, gallery.size()};
        for (std::size_t picture = 0; picture < gallery.size(); ++picture) {
            const Best candidate{scores[probe * gallery.size() + picture], picture};
            if (Best& own = best[people.ofPicture[picture]]; candidate.isAheadOf(own))
                own = candidate;
            if (candidate.isAheadOf(nearest))
                nearest = candidate;
        }
        Identified& answer = answers.emplace_back();
        answer.nearest = gallery.empty() ? -1 : static_cast<std::int64_t>(nearest.picture);
        answer.score = nearest.score;
        const auto own = people.numbers.find(probes[probe]);
        answer.ownScore = own == people.numbers.end() ? leastAlike : best[own->second].score;
        if (own != people.numbers.end())
            answer.rank = std::ranges::count_if(best, [&](const Best& other) { return other.isAheadOf(best[own->second]); });
    }
    return answers;
}

IdentificationRates identificationRates(std::span<const Identified> probes, double threshold)
{
    if (std::isnan(threshold))
        throw std::invalid_argument{"the threshold is NaN"};
    std::int64_t first = 0, firstFive = 0, rejected = 0, known = 0;
    for (const Identified& probe : probes)
        if (probe.isKnown()) {
            ++known;
            const bool isAccepted = probe.ownScore >= threshold;
            first += isAccepted && probe.rank < 1 ? 1 : 0;
            firstFive += isAccepted && probe.rank < 5 ? 1 : 0;
        } else {
            rejected += probe.score < threshold ? 1 : 0;
        }
    const std::int64_t strangers = std::ssize(probes) - known;
    return {share(first, known), share(firstFive, known), share(rejected, strangers), known, strangers};
}

double openSetThreshold(std::span<const Identified> probes, double falseAcceptRate)
{
    if (!(falseAcceptRate >= 0 && falseAcceptRate <= 1))
        throw std::invalid_argument{fmt::format("a false accept rate of {}", falseAcceptRate)};
    std::vector<float> strangers;
    for (const Identified& probe : probes)
        if (!probe.isKnown())
            strangers.push_back(probe.score);
    if (strangers.empty())
        return undefined;
    std::ranges::sort(strangers, std::ranges::greater{});
    std::size_t accepted = 0;
    while (accepted < strangers.size()
           && share(static_cast<std::int64_t>(accepted) + 1, std::ssize(strangers)) <= falseAcceptRate)
        ++accepted;
    // Just above the first that must not be accepted: a stranger with the same score is turned away as well.
    return accepted == strangers.size() ? -std::numeric_limits<double>::infinity()
                                        : std::nextafter(strangers[accepted], std::numeric_limits<float>::infinity());
}

}
