// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/data/inspection.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace descent {

namespace {

constexpr std::size_t histogramBins = 16;
constexpr std::int64_t mostPoints = 2000;

std::string written(float value)
{
    return std::isfinite(value) ? fmt::format("{}", value) : std::string{};
}

std::string targetOf(const Targets& targets, std::int64_t row)
{
    const auto i = static_cast<std::size_t>(row);
    return targets.areClasses() ? targets.classNames[static_cast<std::size_t>(targets.classes[i])] : written(targets.values[i]);
}

DatasetReport::ColumnView view(const Column& column)
{
    DatasetReport::ColumnView result{.name = column.name, .categorical = column.categorical, .categories = column.categories};
    if (column.categorical) {
        result.missing = std::count(column.codes.begin(), column.codes.end(), -1);
        result.histogram.assign(column.categories.size(), 0);
        for (const std::int32_t code : column.codes)
            if (code >= 0)
                ++result.histogram[static_cast<std::size_t>(code)];
        return result;
    }
    double low = std::numeric_limits<double>::infinity(), high = -low, sum = 0;
    std::int64_t present = 0;
    for (const float value : column.numbers) {
        if (!std::isfinite(value))
            continue;
        low = std::min<double>(low, value);
        high = std::max<double>(high, value);
        sum += value;
        ++present;
    }
    result.missing = static_cast<std::int64_t>(column.numbers.size()) - present;
    result.histogram.assign(histogramBins, 0);
    if (present == 0)
        return result;
    result.minimum = low;
    result.maximum = high;
    result.mean = sum / static_cast<double>(present);
    for (const float value : column.numbers)
        if (std::isfinite(value)) {
            const double share = high > low ? (value - low) / (high - low) : 0;
            ++result.histogram[std::min(histogramBins - 1, static_cast<std::size_t>(share * histogramBins))];
        }
    return result;
}

/// Rows spread over the part so that every class appears where there is room: the classes take turns.
std::vector<std::int64_t> sampleRows(const Samples& samples, std::size_t wanted)
{
    const std::int64_t count = samples.count();
    std::vector<std::int64_t> rows;
    if (!samples.targets.areClasses()) {
        for (std::size_t i = 0; i < wanted && static_cast<std::int64_t>(i) < count; ++i)
            rows.push_back(static_cast<std::int64_t>(i) * count
                           / static_cast<std::int64_t>(std::min<std::size_t>(wanted, static_cast<std::size_t>(count))));
        return rows;
    }
    const std::size_t classes = samples.targets.classNames.size();
    const std::size_t each = std::max<std::size_t>(1, (wanted + classes - 1) / classes);
    std::vector<std::vector<std::int64_t>> byClass(classes);
    for (std::int64_t row = 0; row < count; ++row)
        if (auto& list = byClass[static_cast<std::size_t>(samples.targets.classes[static_cast<std::size_t>(row)])];
            list.size() < each)
            list.push_back(row);
    for (std::size_t turn = 0; turn < each; ++turn)
        for (const auto& list : byClass)
            if (turn < list.size() && rows.size() < wanted)
                rows.push_back(list[turn]);
    return rows;
}

void addWarnings(DatasetReport& report)
{
    if (report.classification && !report.classCounts.empty()) {
        const auto [fewest, most] = std::minmax_element(report.classCounts.begin(), report.classCounts.end());
        const std::string& rarest = report.classNames[static_cast<std::size_t>(fewest - report.classCounts.begin())];
        if (*fewest < 5)
            report.problems.push_back({"dataset", text("class \"%1\" has only %2 samples", rarest, *fewest),
                                       text("add samples of it, or leave it out")});
        else if (*most > 10 * *fewest)
            report.problems.push_back({"dataset",
                                       text("class \"%1\" is rare: %2 of %3 samples", rarest, *fewest, report.trainCount),
                                       text("accuracy alone says little here; look at macro F1")});
    }
    for (const auto& column : report.columns) {
        const bool constant = column.categorical ? column.categories.size() < 2 : column.minimum == column.maximum;
        if (constant)
            report.problems.push_back(
                {"dataset." + column.name, text("\"%1\" is the same in every row", column.name), text("it teaches nothing")});
        if (column.missing * 2 > report.trainCount)
            report.problems.push_back({"dataset." + column.name,
                                       text("\"%1\" is missing in %2 of %3 rows", column.name, column.missing, report.trainCount),
                                       {}});
    }
}

}

DatasetReport inspectDataset(const Dataset& dataset, std::size_t sampleCount)
{
    const Samples& train = dataset.train;
    const Targets& targets = train.targets;
    DatasetReport report{.name = dataset.name,
                         .trainCount = train.count(),
                         .testCount = dataset.test ? dataset.test->count() : 0,
                         .pictures = dataset.hasPictures(),
                         .classification = targets.areClasses(),
                         .targetName = targets.name,
                         .classNames = targets.classNames,
                         .setAsideCount = dataset.setAsideCount};
    if (report.classification) {
        report.classCounts.assign(targets.classNames.size(), 0);
        for (const std::int64_t label : targets.classes)
            ++report.classCounts[static_cast<std::size_t>(label)];
    } else if (!targets.values.empty()) {
        const auto [low, high] = std::minmax_element(targets.values.begin(), targets.values.end());
        report.targetMinimum = *low;
        report.targetMaximum = *high;
        double sum = 0;
        for (const float value : targets.values)
            sum += value;
        report.targetMean = sum / static_cast<double>(targets.values.size());
    }
    const auto* pictures = std::get_if<PictureArray>(&train.inputs);
    const auto* table = std::get_if<Table>(&train.inputs);
    if (pictures)
        report.sampleShape = {pictures->channels, pictures->height, pictures->width};
    else
        report.sampleShape = {static_cast<std::int64_t>(table->columns.size())};
    for (const std::int64_t row : sampleRows(train, sampleCount)) {
        DatasetReport::SampleView sample{.index = row, .target = targetOf(targets, row)};
        if (pictures) {
            const auto* pixels = pictures->pixels.data() + row * pictures->pictureBytes();
            sample.pixels.assign(pixels, pixels + pictures->pictureBytes());
        } else {
            for (const Column& column : table->columns) {
                const auto i = static_cast<std::size_t>(row);
                sample.cells.push_back(!column.categorical       ? written(column.numbers[i])
                                           : column.codes[i] < 0 ? std::string{}
                                                                 : column.categories[static_cast<std::size_t>(column.codes[i])]);
            }
        }
        report.samples.push_back(std::move(sample));
    }
    if (table) {
        for (const Column& column : table->columns)
            report.columns.push_back(view(column));
        if (report.classification && table->columns.size() == 2 && !table->columns[0].categorical
            && !table->columns[1].categorical) {
            const std::int64_t step = std::max<std::int64_t>(1, (table->count + mostPoints - 1) / mostPoints);
            for (std::int64_t row = 0; row < table->count; row += step) {
                const auto i = static_cast<std::size_t>(row);
                report.pointsX.push_back(table->columns[0].numbers[i]);
                report.pointsY.push_back(table->columns[1].numbers[i]);
                report.pointClasses.push_back(targets.classes[i]);
            }
        }
    }
    constexpr std::size_t listed = 50;
    report.problems.assign(dataset.setAside.begin(),
                           dataset.setAside.begin() + static_cast<std::ptrdiff_t>(std::min(listed, dataset.setAside.size())));
    addWarnings(report);
    return report;
}

}
