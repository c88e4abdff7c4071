// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/metrics/classification.h"

#include "engine/core/metrics/promises.h"

#include <fmt/format.h>

#include <limits>
#include <numeric>
#include <stdexcept>

namespace descent {

namespace {

double share(std::int64_t part, std::int64_t whole)
{
    return whole == 0 ? 0.0 : static_cast<double>(part) / static_cast<double>(whole);
}

struct Marginals {
    std::vector<std::int64_t> truth, predicted; ///< samples a class
};

Marginals marginalsOf(const ConfusionMatrix& matrix)
{
    const auto classes = static_cast<std::size_t>(matrix.classes);
    Marginals sums{std::vector<std::int64_t>(classes), std::vector<std::int64_t>(classes)};
    for (std::size_t truth = 0; truth < classes; ++truth)
        for (std::size_t predicted = 0; predicted < classes; ++predicted) {
            const std::int64_t count = matrix.counts[truth * classes + predicted];
            sums.truth[truth] += count;
            sums.predicted[predicted] += count;
        }
    return sums;
}

}

std::int64_t ConfusionMatrix::at(std::int64_t truth, std::int64_t predicted) const
{
    if (truth < 0 || truth >= classes || predicted < 0 || predicted >= classes) // a column too far would be in the next row
        throw std::out_of_range{fmt::format("class {} taken for {}, of {} classes", truth, predicted, classes)};
    return counts[static_cast<std::size_t>(truth * classes + predicted)];
}

ConfusionMatrix confusionMatrix(std::span<const std::int64_t> truth, std::span<const std::int64_t> predicted,
                                std::int64_t classes)
{
    requireSameLength(truth.size(), predicted.size(), "predicted");
    requireClasses(truth, classes, "truth");
    requireClasses(predicted, classes, "predicted");
    ConfusionMatrix matrix{classes, std::vector<std::int64_t>(static_cast<std::size_t>(classes * classes))};
    for (std::size_t i = 0; i < truth.size(); ++i)
        ++matrix.counts[static_cast<std::size_t>(truth[i] * classes + predicted[i])];
    return matrix;
}

std::vector<ClassFigures> classFigures(const ConfusionMatrix& matrix)
{
    const Marginals sums = marginalsOf(matrix);
    std::vector<ClassFigures> figures;
    for (std::int64_t id = 0; id < matrix.classes; ++id) {
        const std::int64_t hits = matrix.at(id, id);
        const std::int64_t truth = sums.truth[static_cast<std::size_t>(id)],
                           predicted = sums.predicted[static_cast<std::size_t>(id)];
        figures.push_back({share(hits, predicted), share(hits, truth), share(2 * hits, truth + predicted), truth});
    }
    return figures;
}

double macroF1(const ConfusionMatrix& matrix)
{
    const Marginals sums = marginalsOf(matrix);
    double total = 0;
    std::int64_t present = 0;
    for (std::int64_t id = 0; id < matrix.classes; ++id) {
        const std::int64_t both = sums.truth[static_cast<std::size_t>(id)] + sums.predicted[static_cast<std::size_t>(id)];
        total += share(2 * matrix.at(id, id), both);
        present += both > 0 ? 1 : 0;
    }
    return present == 0 ? std::numeric_limits<double>::quiet_NaN() : total / static_cast<double>(present);
}

double accuracy(const ConfusionMatrix& matrix)
{
    const std::int64_t count = std::accumulate(matrix.counts.begin(), matrix.counts.end(), std::int64_t{0});
    std::int64_t hits = 0;
    for (std::int64_t id = 0; id < matrix.classes; ++id)
        hits += matrix.at(id, id);
    return count == 0 ? std::numeric_limits<double>::quiet_NaN() : share(hits, count);
}

double topKAccuracy(std::span<const float> scores, std::span<const std::int64_t> truth, std::int64_t classes, std::int64_t k)
{
    requireScoresOfClasses(scores, truth, classes);
    if (k < 1)
        throw std::invalid_argument{fmt::format("the {} highest scores", k)};
    if (truth.empty())
        return std::numeric_limits<double>::quiet_NaN();
    std::int64_t hits = 0;
    for (std::size_t i = 0; i < truth.size(); ++i) {
        const auto row = scores.subspan(i * static_cast<std::size_t>(classes), static_cast<std::size_t>(classes));
        const auto own = static_cast<std::size_t>(truth[i]);
        std::int64_t ahead = 0;
        for (std::size_t other = 0; other < row.size(); ++other)
            ahead += row[other] > row[own] || (row[other] == row[own] && other < own) ? 1 : 0;
        hits += ahead < k ? 1 : 0;
    }
    return share(hits, static_cast<std::int64_t>(truth.size()));
}

}
