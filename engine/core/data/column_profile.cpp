// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/data/column_profile.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace descent {

namespace {

constexpr std::size_t histogramBins = 24, mostFrequentShown = 24, quantileBins = 32, mostClassesShown = 8, mostClassesMeasured = 200;

std::size_t shownClasses(const Targets& targets)
{
    return targets.areClasses() && targets.classNames.size() <= mostClassesShown && !targets.classes.empty() ? targets.classNames.size() : 1;
}

void describeNumbers(const Column& column, const Targets& targets, ColumnProfile& profile)
{
    std::vector<float> sorted;
    sorted.reserve(column.numbers.size());
    for (const float value : column.numbers)
        if (std::isfinite(value))
            sorted.push_back(value);
    profile.missing = profile.rows - static_cast<std::int64_t>(sorted.size());
    profile.histogram.assign(shownClasses(targets), std::vector<std::int64_t>(histogramBins));
    if (sorted.empty())
        return;
    std::sort(sorted.begin(), sorted.end());
    profile.minimum = sorted.front();
    profile.maximum = sorted.back();
    profile.lowerQuartile = quantile(sorted, 0.25);
    profile.median = quantile(sorted, 0.5);
    profile.upperQuartile = quantile(sorted, 0.75);
    profile.distinct = 1;
    double sum = sorted.front();
    for (std::size_t i = 1; i < sorted.size(); ++i) {
        profile.distinct += sorted[i] != sorted[i - 1];
        sum += sorted[i];
    }
    const auto count = static_cast<double>(sorted.size());
    profile.mean = sum / count;
    double squares = 0, cubes = 0;
    for (const float value : sorted) {
        const double distance = value - profile.mean;
        squares += distance * distance;
        cubes += distance * distance * distance;
    }
    profile.deviation = std::sqrt(squares / count);
    profile.skewness = profile.deviation > 0 ? cubes / count / std::pow(profile.deviation, 3) : 0;
    // One value a thousand times too large would press all others into one bin.
    profile.histogramLow = std::max(profile.minimum, profile.limits.low);
    profile.histogramHigh = std::min(profile.maximum, profile.limits.high);
    const double width = profile.histogramHigh - profile.histogramLow;
    for (std::size_t row = 0; row < column.numbers.size(); ++row) {
        const float value = column.numbers[row];
        if (!std::isfinite(value))
            continue;
        profile.outliers += value < profile.limits.low || value > profile.limits.high;
        const double share = width > 0 ? std::clamp((value - profile.histogramLow) / width, 0.0, 1.0) : 0;
        const std::size_t of = profile.histogram.size() > 1 ? static_cast<std::size_t>(targets.classes[row]) : 0;
        ++profile.histogram[of][std::min(histogramBins - 1, static_cast<std::size_t>(share * histogramBins))];
    }
}

void describeCategories(const Column& column, const Targets& targets, ColumnProfile& profile)
{
    std::vector<std::int64_t> counts(column.categories.size());
    for (const std::int32_t code : column.codes)
        code < 0 ? ++profile.missing : ++counts[static_cast<std::size_t>(code)];
    profile.distinct = static_cast<std::int64_t>(counts.size()) - std::count(counts.begin(), counts.end(), 0);
    std::vector<std::size_t> order(counts.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    const std::size_t shown = std::min(order.size(), mostFrequentShown);
    std::partial_sort(order.begin(), order.begin() + static_cast<std::ptrdiff_t>(shown), order.end(), [&](std::size_t a, std::size_t b) {
        return counts[a] != counts[b] ? counts[a] > counts[b] : a < b;
    });
    std::vector<std::size_t> placeOf(counts.size(), shown);
    for (std::size_t i = 0; i < shown; ++i) {
        profile.frequent.emplace_back(column.categories[order[i]], counts[order[i]]);
        placeOf[order[i]] = i;
    }
    profile.histogram.assign(shownClasses(targets), std::vector<std::int64_t>(shown));
    for (std::size_t row = 0; row < column.codes.size(); ++row)
        if (const std::int32_t code = column.codes[row]; code >= 0 && placeOf[static_cast<std::size_t>(code)] < shown)
            ++profile.histogram[profile.histogram.size() > 1 ? static_cast<std::size_t>(targets.classes[row]) : 0]
                               [placeOf[static_cast<std::size_t>(code)]];
}

using Bins = std::pair<std::vector<std::int32_t>, std::size_t>; // one a row of `rows`, and how many there are

/// Quantile bins of numbers, the categories themselves; a gap is a bin of its own.
Bins binned(const Column& column, const std::vector<std::int64_t>& rows)
{
    std::vector<std::int32_t> bins;
    bins.reserve(rows.size());
    if (column.categorical) {
        const auto gap = static_cast<std::int32_t>(column.categories.size());
        for (const std::int64_t row : rows) {
            const std::int32_t code = column.codes[static_cast<std::size_t>(row)];
            bins.push_back(code < 0 ? gap : code);
        }
        return {std::move(bins), column.categories.size() + 1};
    }
    std::vector<float> sorted;
    for (const std::int64_t row : rows)
        if (const float value = column.numbers[static_cast<std::size_t>(row)]; std::isfinite(value))
            sorted.push_back(value);
    std::sort(sorted.begin(), sorted.end());
    std::vector<float> edges;
    for (std::size_t i = 1; i < quantileBins && !sorted.empty(); ++i)
        if (const float edge = sorted[i * sorted.size() / quantileBins]; edges.empty() || edge > edges.back())
            edges.push_back(edge);
    for (const std::int64_t row : rows) {
        const float value = column.numbers[static_cast<std::size_t>(row)];
        bins.push_back(static_cast<std::int32_t>(std::isfinite(value) ? std::upper_bound(edges.begin(), edges.end(), value) - edges.begin()
                                                                      : static_cast<std::ptrdiff_t>(edges.size()) + 1));
    }
    return {std::move(bins), edges.size() + 2};
}

double shareOfClasses(const Bins& bins, const Targets& targets, const std::vector<std::int64_t>& rows)
{
    const std::size_t classes = targets.classNames.size();
    std::vector<double> joint(bins.second * classes), ofBin(bins.second), ofClass(classes);
    for (std::size_t i = 0; i < rows.size(); ++i) {
        const auto label = static_cast<std::size_t>(targets.classes[static_cast<std::size_t>(rows[i])]);
        const auto bin = static_cast<std::size_t>(bins.first[i]);
        ++joint[bin * classes + label];
        ++ofBin[bin];
        ++ofClass[label];
    }
    const auto count = static_cast<double>(rows.size());
    double entropy = 0, information = 0;
    for (const double n : ofClass)
        entropy -= n > 0 ? n / count * std::log(n / count) : 0;
    for (std::size_t bin = 0; bin < bins.second; ++bin)
        for (std::size_t label = 0; label < classes; ++label)
            if (const double n = joint[bin * classes + label]; n > 0)
                information += n / count * std::log(n * count / (ofBin[bin] * ofClass[label]));
    const auto filled = [](const std::vector<double>& cells) { return static_cast<double>(cells.size()) - static_cast<double>(std::count(cells.begin(), cells.end(), 0.0)); };
    const double byChance = (filled(joint) - filled(ofBin) - filled(ofClass) + 1) / (2 * count);
    return entropy > 0 ? std::clamp((information - std::max(0.0, byChance)) / entropy, 0.0, 1.0) : 0;
}

double shareOfVariance(const Bins& bins, const Targets& targets, const std::vector<std::int64_t>& rows)
{
    std::vector<double> sums(bins.second), counts(bins.second);
    double total = 0, squares = 0;
    for (std::size_t i = 0; i < rows.size(); ++i) {
        const double value = targets.values[static_cast<std::size_t>(rows[i])];
        sums[static_cast<std::size_t>(bins.first[i])] += value;
        ++counts[static_cast<std::size_t>(bins.first[i])];
        total += value;
    }
    const auto count = static_cast<double>(rows.size());
    const double mean = total / count;
    for (const std::int64_t row : rows)
        squares += std::pow(targets.values[static_cast<std::size_t>(row)] - mean, 2);
    double between = 0, filled = 0;
    for (std::size_t bin = 0; bin < bins.second; ++bin)
        if (counts[bin] > 0) {
            between += counts[bin] * std::pow(sums[bin] / counts[bin] - mean, 2);
            ++filled;
        }
    if (squares <= 0 || count <= filled)
        return 0;
    return std::clamp(1 - (1 - between / squares) * (count - 1) / (count - filled), 0.0, 1.0);
}

double told(const Column& column, const Targets& targets, const std::vector<std::int64_t>& rows)
{
    constexpr std::size_t fewest = 20; // of fewer rows anything tells everything
    if (rows.size() < fewest)
        return 0;
    if (targets.areClasses() && targets.classNames.size() <= mostClassesMeasured)
        return shareOfClasses(binned(column, rows), targets, rows);
    return targets.areNumbers() ? shareOfVariance(binned(column, rows), targets, rows) : 0;
}

double distance(const Column& column, const std::vector<std::int64_t>& a, const std::vector<std::int64_t>& b)
{
    if (column.categorical) {
        std::vector<double> difference(column.categories.size() + 1);
        for (const auto& [rows, sign] : {std::pair{&a, 1.0}, std::pair{&b, -1.0}})
            for (const std::int64_t row : *rows) {
                const std::int32_t code = column.codes[static_cast<std::size_t>(row)];
                difference[code < 0 ? column.categories.size() : static_cast<std::size_t>(code)] += sign / static_cast<double>(rows->size());
            }
        return std::accumulate(difference.begin(), difference.end(), 0.0, [](double sum, double one) { return sum + std::abs(one); }) / 2;
    }
    const auto sorted = [&](const std::vector<std::int64_t>& rows) {
        std::vector<float> values;
        for (const std::int64_t row : rows)
            if (const float value = column.numbers[static_cast<std::size_t>(row)]; std::isfinite(value))
                values.push_back(value);
        std::sort(values.begin(), values.end());
        return values;
    };
    const std::vector<float> first = sorted(a), second = sorted(b);
    double greatest = 0;
    for (std::size_t i = 0, j = 0; i < first.size() && j < second.size();) {
        const float value = std::min(first[i], second[j]);
        while (i < first.size() && first[i] == value)
            ++i;
        while (j < second.size() && second[j] == value)
            ++j;
        greatest = std::max(greatest, std::abs(static_cast<double>(i) / static_cast<double>(first.size())
                                               - static_cast<double>(j) / static_cast<double>(second.size())));
    }
    return greatest;
}

}

ColumnProfile profileOf(const Column& one, const Targets& targets, const PreparationSettings& settings, const Split* split)
{
    const auto rows = static_cast<std::int64_t>(one.categorical ? one.codes.size() : one.numbers.size());
    ColumnProfile profile{.name = one.name,
                          .plan = planOf(one, rows, settings.cleaning, settings.preprocessing),
                          .readAsCategory = one.categorical,
                          .rows = rows};
    Column scratch;
    const Column& column = typed(one, profile.plan.categorical, scratch);
    std::vector<std::int64_t> all;
    if (!split) {
        all.resize(static_cast<std::size_t>(rows));
        std::iota(all.begin(), all.end(), std::int64_t{0});
    }
    const std::vector<std::int64_t>& learnt = split ? split->train : all;
    if (column.categorical) {
        describeCategories(column, targets, profile);
    } else {
        profile.limits = outlierLimits(column, learnt, settings.cleaning);
        describeNumbers(column, targets, profile);
    }
    if (one.categorical && !column.categorical)
        profile.noNumbers = profile.missing - std::count(one.codes.begin(), one.codes.end(), -1);
    // Names of customers would tell all by chance, and cost a table of rows times classes.
    if (profile.plan.role == ColumnPlan::Role::feature || !column.categorical)
        profile.tells = told(column, targets, learnt);
    if (profile.missing > 0 && profile.missing < rows) {
        Column gaps{.name = one.name, .categorical = true, .categories = {"there"}};
        for (std::int64_t row = 0; row < rows; ++row) {
            const auto i = static_cast<std::size_t>(row);
            gaps.codes.push_back(column.categorical ? (column.codes[i] < 0 ? -1 : 0) : std::isfinite(column.numbers[i]) ? 0 : -1);
        }
        profile.gapTells = told(gaps, targets, learnt);
    }
    if (split && !split->ownTest && !split->test.empty() && profile.plan.role == ColumnPlan::Role::feature)
        profile.drift = distance(column, split->train, split->test);
    return profile;
}

double correlation(const std::vector<float>& a, const std::vector<float>& b)
{
    double n = 0, meanA = 0, meanB = 0, squaresA = 0, squaresB = 0, products = 0; // by Welford: no sums that cancel
    for (std::size_t i = 0; i < a.size(); ++i) {
        if (!std::isfinite(a[i]) || !std::isfinite(b[i]))
            continue;
        ++n;
        const double da = a[i] - meanA, db = b[i] - meanB;
        meanA += da / n;
        meanB += db / n;
        squaresA += da * (a[i] - meanA);
        squaresB += db * (b[i] - meanB);
        products += da * (b[i] - meanB);
    }
    return squaresA > 0 && squaresB > 0 ? products / std::sqrt(squaresA * squaresB) : 0;
}

}
