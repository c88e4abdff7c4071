// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/data/inspection.h"

#include "engine/core/data/history_report.h"
#include "engine/core/data/named_rows.h"
#include "engine/core/data/series_inspection.h"
#include "engine/core/data/series_season.h"
#include "engine/core/text/utf8.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <set>

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
    if (targets.areClasses())
        return targets.classNames[static_cast<std::size_t>(targets.classes[i])];
    return targets.areNumbers() ? written(targets.values[i]) : targets.areTexts() ? targets.texts[i] : std::string{};
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

using Inputs = DatasetReport::Inputs;
using SampleView = DatasetReport::SampleView;

// One a kind of samples: what describe() says of them all, and show() of one.

void describe(const PictureArray& pictures, DatasetReport& report)
{
    report.inputs = Inputs::pictures;
    report.sampleShape = {pictures.channels, pictures.height, pictures.width};
}

void show(const PictureArray& pictures, std::int64_t row, SampleView& sample)
{
    sample.pixels = pictures.picture(row);
}

void describe(const Table& table, DatasetReport& report)
{
    report.inputs = Inputs::table;
    for (const Column& column : table.columns)
        if (!differsInNearlyEveryRow(column, static_cast<std::size_t>(table.count)))
            report.columns.push_back(columnView(column));
    report.sampleShape = {static_cast<std::int64_t>(report.columns.size())};
}

void show(const Table& table, std::int64_t row, SampleView& sample)
{
    const auto i = static_cast<std::size_t>(row);
    for (const Column& column : table.columns)
        if (!differsInNearlyEveryRow(column, static_cast<std::size_t>(table.count)))
            sample.cells.push_back(!column.categorical       ? written(column.numbers[i])
                               : column.codes[i] < 0 ? std::string{}
                                                     : column.categories[static_cast<std::size_t>(column.codes[i])]);
}

std::int64_t wordsIn(std::string_view text)
{
    std::int64_t words = 0;
    bool inWord = false;
    for (const char c : text) {
        const bool blank = c == ' ' || (c >= '\t' && c <= '\r');
        words += !blank && !inWord;
        inWord = !blank;
    }
    return words;
}

void describe(const Texts& texts, DatasetReport& report)
{
    report.inputs = Inputs::texts;
    std::int64_t words = 0, longest = 0;
    for (const std::string& one : texts.texts) {
        const std::int64_t count = wordsIn(one);
        words += count;
        longest = std::max(longest, count);
    }
    if (!texts.texts.empty())
        report.facts.push_back(text("%1 words each in the mean, %2 in the longest", words / texts.count(), longest));
}

void show(const Texts& texts, std::int64_t row, SampleView& sample)
{
    sample.cells.push_back(texts.texts[static_cast<std::size_t>(row)]);
}

void describe(const Corpus& corpus, DatasetReport& report)
{
    report.inputs = Inputs::corpus;
    std::set<char32_t> distinct;
    char32_t last = 0;
    std::array<bool, 128> ascii{};
    for (std::string_view rest = corpus.text; !rest.empty();) {
        const Character character = firstCharacter(rest);
        if (character.value < ascii.size())
            ascii[character.value] = true;
        else if (character.value != last)
            distinct.insert(last = character.value);
        rest.remove_prefix(character.bytes);
    }
    const auto different = static_cast<std::int64_t>(distinct.size()) + std::count(ascii.begin(), ascii.end(), true);
    report.facts.push_back(text("%1 lines, %2 words, %3 different characters",
                                std::count(corpus.text.begin(), corpus.text.end(), '\n') + 1, wordsIn(corpus.text), different));
}

/// Some lines around `row`: whole ones where they are short enough, whole characters always.
void show(const Corpus& corpus, std::int64_t row, SampleView& sample)
{
    constexpr std::size_t shown = 400;
    auto begin = corpus.text.rfind('\n', static_cast<std::size_t>(row));
    begin = begin == std::string::npos ? 0 : begin + 1;
    const auto end = corpus.text.rfind('\n', begin + shown);
    std::string_view lines = std::string_view{corpus.text}.substr(begin, shown);
    lines = end != std::string::npos && end > begin ? lines.substr(0, end - begin) : lines.substr(0, wholeCharacters(lines));
    if (!lines.empty())
        sample.cells.emplace_back(lines);
}

void describe(const Series& series, DatasetReport& report)
{
    report.inputs = Inputs::series;
    describeSeries(series, report);
    for (std::size_t c = 0; c < series.names.size(); ++c) {
        DatasetReport::ColumnView one = columnView({.name = series.names[c], .numbers = columnOf(series, c, series.count)});
        drawCourse(series, c, one);
        report.columns.push_back(std::move(one));
    }
}

void show(const Series& series, std::int64_t row, SampleView& sample)
{
    for (std::int64_t c = 0; c < series.columns(); ++c)
        sample.cells.push_back(written(series.values[static_cast<std::size_t>(row * series.columns() + c)]));
}

void describe(const PicturesAndMore& both, DatasetReport& report)
{
    if (both.table)
        describe(*both.table, report);
    if (both.captions)
        report.facts.push_back(text("each picture with a caption"));
    describe(both.pictures, report);
    report.inputs = Inputs::picturesAndMore;
}

void show(const PicturesAndMore& both, std::int64_t row, SampleView& sample)
{
    show(both.pictures, row, sample);
    if (both.table)
        show(*both.table, row, sample);
    if (both.captions)
        show(*both.captions, row, sample);
}

/// Texts that are to become other texts.
void describePairs(const Targets& targets, DatasetReport& report)
{
    std::size_t bytes = 0, longest = 0;
    for (const std::string& one : targets.texts) {
        bytes += one.size();
        longest = std::max(longest, one.size());
    }
    report.facts.push_back(text("what they become: %1 bytes each in the mean, %2 the longest", bytes / targets.texts.size(), longest));
}

void describe(const std::vector<std::vector<Box>>& pictures, DatasetReport& report)
{
    Column counts{.name = "boxes a picture"}, sides{.name = "longer side, px"};
    std::int64_t ignored = 0;
    for (const auto& boxes : pictures) {
        counts.numbers.push_back(static_cast<float>(boxes.size()));
        for (const Box& box : boxes) {
            sides.numbers.push_back(std::max(box.right - box.left, box.bottom - box.top));
            ignored += box.ignored;
        }
    }
    report.measures = {columnView(counts), columnView(sides)};
    report.facts.push_back(text("%1 boxes", sides.numbers.size()));
    if (ignored > 0)
        report.facts.push_back(text("%1 of them ignored: neither learnt nor counted", ignored));
}

/// Two numeric columns and classes: the plane of the live decision surface.
void addPoints(const Table& table, const Targets& targets, DatasetReport& report)
{
    if (!targets.areClasses() || table.columns.size() != 2 || table.columns[0].categorical || table.columns[1].categorical)
        return;
    const std::int64_t step = std::max<std::int64_t>(1, (table.count + mostPoints - 1) / mostPoints);
    for (std::int64_t row = 0; row < table.count; row += step) {
        const auto i = static_cast<std::size_t>(row);
        report.pointsX.push_back(table.columns[0].numbers[i]);
        report.pointsY.push_back(table.columns[1].numbers[i]);
        report.pointClasses.push_back(targets.classes[i]);
    }
}

}

DatasetReport::ColumnView columnView(const Column& column)
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

DatasetReport inspectDataset(const Dataset& dataset, std::size_t sampleCount)
{
    const Samples& train = dataset.train;
    const Targets& targets = train.targets;
    DatasetReport report{.name = dataset.name,
                         .trainCount = train.count(),
                         .testCount = dataset.test ? dataset.test->count() : 0,
                         .classification = targets.areClasses(),
                         .targetName = targets.name,
                         .classNames = targets.classNames,
                         .setAsideCount = dataset.setAsideCount};
    if (!targets.classNames.empty()) {
        report.classCounts.assign(targets.classNames.size(), 0);
        for (const std::int64_t label : targets.classes)
            ++report.classCounts[static_cast<std::size_t>(label)];
        for (const auto& boxes : targets.boxes)
            for (const Box& box : boxes)
                ++report.classCounts[static_cast<std::size_t>(box.classIndex)];
    } else if (!targets.values.empty()) {
        const auto [low, high] = std::minmax_element(targets.values.begin(), targets.values.end());
        report.targetMinimum = *low;
        report.targetMaximum = *high;
        double sum = 0;
        for (const float value : targets.values)
            sum += value;
        report.targetMean = sum / static_cast<double>(targets.values.size());
    }
    std::visit([&](const auto& inputs) { describe(inputs, report); }, train.inputs);
    if (targets.areTexts())
        describePairs(targets, report);
    if (!dataset.ownValidation.empty())
        report.facts.push_back(text("%1 of them are the source's own for validation", dataset.ownValidation.size()));
    if (targets.areBoxes())
        describe(targets.boxes, report);
    for (const std::int64_t row : sampleRows(train, sampleCount)) {
        SampleView sample{.index = row, .target = targetOf(targets, row)};
        if (targets.areBoxes())
            sample.boxes = targets.boxes[static_cast<std::size_t>(row)];
        std::visit([&](const auto& inputs) { show(inputs, row, sample); }, train.inputs);
        report.samples.push_back(std::move(sample));
    }
    if (const auto* table = std::get_if<Table>(&train.inputs))
        addPoints(*table, targets, report);
    constexpr std::size_t listed = 50;
    report.problems.assign(dataset.setAside.begin(),
                           dataset.setAside.begin() + static_cast<std::ptrdiff_t>(std::min(listed, dataset.setAside.size())));
    addWarnings(report);
    return report;
}

}
