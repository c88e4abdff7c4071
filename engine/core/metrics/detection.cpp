// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/metrics/detection.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <limits>
#include <stdexcept>

namespace descent {

namespace {

// numpy's linspace(0.5, 0.95, 10), to the last digit: boxes whose overlap is a threshold do occur.
constexpr std::array overlaps{0.5, 0.55, 0.6, 0.65, 0.7, 0.75, 0.8, 0.85, 0.8999999999999999, 0.95};
constexpr std::size_t half = 0, threeQuarters = 5; ///< into overlaps
constexpr std::size_t boxesAPicture = 100;         ///< of a class
constexpr double undefined = std::numeric_limits<double>::quiet_NaN();

struct AreaRange {
    double least = 0, most = 0;
    bool holds(double area) const { return area >= least && area <= most; }
};
constexpr std::array<AreaRange, 4> sizes{{{0, 1e10}, {0, 32 * 32}, {32 * 32, 96 * 96}, {96 * 96, 1e10}}};
constexpr std::size_t all = 0, small = 1, medium = 2, large = 3; ///< into sizes

/// What became of a found box; bit i is for overlaps[i].
struct Verdict {
    float score = 0;
    std::size_t place = 0; ///< among the boxes of its class on its picture, by score
    std::array<std::uint16_t, sizes.size()> isHit{}, isIgnored{};
};

struct ClassTally {
    std::vector<Verdict> verdicts;
    std::array<std::int64_t, sizes.size()> wanted{}; ///< true boxes that are not ignored
};

/// A true box that a found box may be.
struct Candidate {
    std::size_t truth = 0;
    double overlap = 0;
};

double areaOf(const auto& box)
{
    const double width = static_cast<double>(box.right) - box.left, height = static_cast<double>(box.bottom) - box.top;
    return std::max(width, 0.0) * std::max(height, 0.0);
}

double outlineOf(const TrueBox& box)
{
    return box.area < 0 ? areaOf(box) : box.area;
}

/// The candidate that overlaps most, of several the last; of those ignored only where no other reaches `least`.
/// Null when none does.
const Candidate* bestOf(const std::vector<Candidate>& candidates, double least, const std::vector<std::uint8_t>& isIgnored,
                        const std::vector<std::uint8_t>& isTaken)
{
    for (const std::uint8_t ignored : {0, 1}) {
        const Candidate* best = nullptr;
        for (const Candidate& candidate : candidates)
            if (isIgnored[candidate.truth] == ignored && isTaken[candidate.truth] == 0
                && candidate.overlap >= (best == nullptr ? least : best->overlap))
                best = &candidate;
        if (best != nullptr)
            return best;
    }
    return nullptr;
}

/// The boxes of one class on one picture, the found ones by falling score.
struct ClassOfPicture {
    std::vector<const DetectedBox*> found;
    std::vector<const TrueBox*> truth;
};

void judge(const ClassOfPicture& boxes, ClassTally& tally)
{
    std::vector<std::vector<Candidate>> candidates(boxes.found.size());
    const std::size_t first = tally.verdicts.size();
    for (std::size_t i = 0; i < boxes.found.size(); ++i) {
        for (std::size_t k = 0; k < boxes.truth.size(); ++k)
            if (const double common = overlap(*boxes.found[i], *boxes.truth[k]); common >= overlaps.front())
                candidates[i].push_back({k, common});
        tally.verdicts.push_back({boxes.found[i]->score, i});
    }

    std::vector<std::uint8_t> isIgnored(boxes.truth.size()), isTaken;
    for (std::size_t size = 0; size < sizes.size(); ++size) {
        for (std::size_t k = 0; k < boxes.truth.size(); ++k) {
            isIgnored[k] = boxes.truth[k]->ignored || !sizes[size].holds(outlineOf(*boxes.truth[k])) ? 1 : 0;
            tally.wanted[size] += 1 - isIgnored[k];
        }
        for (std::size_t level = 0; level < overlaps.size(); ++level) {
            const auto bit = static_cast<std::uint16_t>(1U << level);
            isTaken.assign(boxes.truth.size(), 0);
            for (std::size_t i = 0; i < boxes.found.size(); ++i) {
                Verdict& verdict = tally.verdicts[first + i];
                if (const Candidate* match = bestOf(candidates[i], overlaps[level], isIgnored, isTaken)) {
                    isTaken[match->truth] = boxes.truth[match->truth]->ignored ? 0 : 1; // of another size is taken only once
                    (isIgnored[match->truth] != 0 ? verdict.isIgnored : verdict.isHit)[size] |= bit;
                } else if (!sizes[size].holds(areaOf(*boxes.found[i]))) {
                    verdict.isIgnored[size] |= bit;
                }
            }
        }
    }
}

/// Spreads the boxes of a picture over `boxes`, one entry a class, and returns the classes that have any.
std::vector<std::size_t> spread(const PictureBoxes& picture, std::vector<ClassOfPicture>& boxes)
{
    std::vector<std::size_t> present;
    const auto entryOf = [&](const auto& box) -> ClassOfPicture& {
        const auto id = static_cast<std::size_t>(box.classIndex);
        if (boxes[id].found.empty() && boxes[id].truth.empty())
            present.push_back(id);
        return boxes[id];
    };
    for (const DetectedBox& box : picture.found)
        entryOf(box).found.push_back(&box);
    for (const TrueBox& box : picture.truth)
        entryOf(box).truth.push_back(&box);
    for (const std::size_t id : present) {
        std::ranges::stable_sort(boxes[id].found, std::ranges::greater{}, &DetectedBox::score);
        boxes[id].found.resize(std::min(boxes[id].found.size(), boxesAPicture));
    }
    return present;
}

double averagePrecisionAt(const ClassTally& tally, std::size_t size, std::size_t level)
{
    // Precision rises only where a box is a hit, so the highest to the right of any recall is at a hit.
    std::vector<double> atHit;
    std::int64_t counted = 0;
    for (const Verdict& verdict : tally.verdicts) {
        if ((verdict.isIgnored[size] >> level & 1) != 0)
            continue;
        ++counted;
        if ((verdict.isHit[size] >> level & 1) != 0)
            atHit.push_back(static_cast<double>(atHit.size() + 1) / static_cast<double>(counted));
    }
    for (std::size_t i = atHit.size(); i-- > 1;)
        atHit[i - 1] = std::max(atHit[i - 1], atHit[i]);

    double sum = 0;
    std::size_t hit = 0;
    for (int percent = 0; percent <= 100; ++percent) {
        while (hit < atHit.size() && static_cast<double>(hit + 1) / static_cast<double>(tally.wanted[size]) < percent * 0.01)
            ++hit;
        if (hit == atHit.size())
            break;
        sum += atHit[hit];
    }
    return sum / 101;
}

/// Mean over the overlaps of the share found, with the first `limit` boxes of each picture.
double recallOf(const ClassTally& tally, std::size_t size, std::size_t limit)
{
    std::int64_t hits = 0;
    for (const Verdict& verdict : tally.verdicts)
        if (verdict.place < limit)
            hits += std::popcount(verdict.isHit[size]);
    return static_cast<double>(hits) / static_cast<double>(overlaps.size()) / static_cast<double>(tally.wanted[size]);
}

/// Mean over the overlaps.
double averagePrecisionOf(const ClassTally& tally, std::size_t size)
{
    double sum = 0;
    for (std::size_t level = 0; level < overlaps.size(); ++level)
        sum += averagePrecisionAt(tally, size, level);
    return sum / static_cast<double>(overlaps.size());
}

/// Mean of `figure` over the classes that have true boxes of `size`; NaN when none has.
template <typename Figure>
double meanOverClasses(const std::vector<ClassTally>& tallies, std::size_t size, Figure figure)
{
    double sum = 0;
    std::int64_t classes = 0;
    for (const ClassTally& tally : tallies)
        if (tally.wanted[size] > 0) {
            sum += figure(tally);
            ++classes;
        }
    return classes == 0 ? undefined : sum / static_cast<double>(classes);
}

void requireBox(const auto& box, double measure, std::int64_t classes)
{
    if (box.classIndex < 0 || box.classIndex >= classes)
        throw std::invalid_argument{fmt::format("a box of class {} of {}", box.classIndex, classes)};
    for (const double value : {double{box.left}, double{box.top}, double{box.right}, double{box.bottom}, measure})
        if (!std::isfinite(value))
            throw std::invalid_argument{fmt::format("a box with {}", value)};
}

}

double overlap(const DetectedBox& found, const TrueBox& truth)
{
    const double width = static_cast<double>(std::min(found.right, truth.right)) - std::max(found.left, truth.left);
    const double height = static_cast<double>(std::min(found.bottom, truth.bottom)) - std::max(found.top, truth.top);
    if (width <= 0 || height <= 0)
        return 0;
    const double common = width * height;
    return common / (truth.ignored ? areaOf(found) : areaOf(found) + areaOf(truth) - common);
}

DetectionFigures detectionFigures(std::span<const PictureBoxes> pictures, std::int64_t classes)
{
    if (classes < 0)
        throw std::invalid_argument{fmt::format("{} classes", classes)};
    std::vector<ClassTally> tallies(static_cast<std::size_t>(classes));
    std::vector<ClassOfPicture> boxes(tallies.size());
    for (const PictureBoxes& picture : pictures) {
        for (const DetectedBox& box : picture.found)
            requireBox(box, box.score, classes);
        for (const TrueBox& box : picture.truth)
            requireBox(box, box.area, classes);
        for (const std::size_t id : spread(picture, boxes)) {
            judge(boxes[id], tallies[id]);
            boxes[id] = {};
        }
    }
    for (ClassTally& tally : tallies)
        std::ranges::stable_sort(tally.verdicts, std::ranges::greater{}, &Verdict::score);

    const auto precision = [&](std::size_t size) {
        return meanOverClasses(tallies, size, [&](const ClassTally& tally) { return averagePrecisionOf(tally, size); });
    };
    const auto precisionAt = [&](std::size_t level) {
        return meanOverClasses(tallies, all, [&](const ClassTally& tally) { return averagePrecisionAt(tally, all, level); });
    };
    const auto recall = [&](std::size_t size, std::size_t limit) {
        return meanOverClasses(tallies, size, [&](const ClassTally& tally) { return recallOf(tally, size, limit); });
    };
    DetectionFigures figures{precision(all),
                             precisionAt(half),
                             precisionAt(threeQuarters),
                             precision(small),
                             precision(medium),
                             precision(large),
                             recall(all, 1),
                             recall(all, 10),
                             recall(all, boxesAPicture),
                             recall(small, boxesAPicture),
                             recall(medium, boxesAPicture),
                             recall(large, boxesAPicture),
                             {},
                             {}};
    for (const ClassTally& tally : tallies) {
        const bool isWanted = tally.wanted[all] > 0;
        figures.ofClass.push_back(isWanted ? averagePrecisionOf(tally, all) : undefined);
        figures.ofClass50.push_back(isWanted ? averagePrecisionAt(tally, all, half) : undefined);
    }
    return figures;
}

}
