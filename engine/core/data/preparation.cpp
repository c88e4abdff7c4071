// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/data/preparation.h"

#include "engine/core/data/cleaned_split.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace descent {

const Schema& preprocessingSchema()
{
    static const Schema schema{
        {.name = "resize",
         .label = "Resize to",
         .help = "Side of the pictures the network sees; 0 keeps their own size.",
         .type = ParameterType::integer,
         .defaultValue = std::int64_t{0},
         .minimum = 0,
         .maximum = 1024,
         .common = true,
         .unit = "px"},
        {.name = "normalize",
         .label = "Normalise",
         .help = "Mean 0 and deviation 1, measured on the training part alone.",
         .type = ParameterType::boolean,
         .defaultValue = true,
         .common = true},
        {.name = "flip",
         .label = "Mirror at random",
         .help = "Half of the training pictures are seen mirrored. Not for digits or text.",
         .type = ParameterType::boolean,
         .defaultValue = false},
        {.name = "crop",
         .label = "Shift at random",
         .help = "Training pictures are padded by so many pixels and cut back; 0 is off.",
         .type = ParameterType::integer,
         .defaultValue = std::int64_t{0},
         .minimum = 0,
         .maximum = 64,
         .unit = "px"},
        {.name = "impute",
         .label = "Missing numbers",
         .help = "What a missing number is replaced by.",
         .type = ParameterType::choice,
         .defaultValue = std::string{"median"},
         .choices = {{"median", "Median", "The middle value: outliers do not move it."}, {"mean", "Mean", "The average."}}},
    };
    return schema;
}

namespace {

/// Reading all of what does not fit in memory would take as long as an epoch, and not change the third digit.
constexpr std::size_t mostMeasured = 20'000;

std::vector<std::int64_t> evenlyChosen(const std::vector<std::int64_t>& rows, std::size_t most)
{
    const std::size_t count = std::min(most, rows.size());
    std::vector<std::int64_t> chosen(count);
    for (std::size_t i = 0; i < count; ++i)
        chosen[i] = rows[i * rows.size() / count];
    return chosen;
}

}

ChannelStatistics channelStatistics(const PictureArray& pictures, const std::vector<std::int64_t>& rows)
{
    // Whole numbers: exact, so the same in whatever order they are added. 2^63 / 255^2 bounds it at 1.4e14 pixels.
    ChannelStatistics statistics;
    const std::int64_t plane = pictures.height * pictures.width;
    const auto channels = static_cast<std::size_t>(pictures.channels);
    std::vector<std::uint64_t> sums(channels), squareSums(channels);
    PictureView view{pictures};
    const std::vector<std::int64_t> measured = pictures.stored ? evenlyChosen(rows, mostMeasured) : rows;
    for (const std::int64_t row : measured) {
        const std::span<const std::uint8_t> pixels = view[row];
        for (std::size_t channel = 0; channel < channels; ++channel) {
            const std::uint8_t* pixel = pixels.data() + static_cast<std::int64_t>(channel) * plane;
            std::uint32_t sum = 0;
            std::uint64_t squares = 0;
            for (std::int64_t i = 0; i < plane; ++i) {
                sum += pixel[i];
                squares += static_cast<std::uint32_t>(pixel[i]) * pixel[i];
            }
            sums[channel] += sum;
            squareSums[channel] += squares;
        }
    }
    for (std::size_t channel = 0; channel < channels; ++channel) {
        const double count = static_cast<double>(plane) * static_cast<double>(measured.size());
        const double mean = static_cast<double>(sums[channel]) / count;
        const double variance = std::max(0.0, static_cast<double>(squareSums[channel]) / count - mean * mean);
        const double deviation = std::sqrt(variance) / 255;
        statistics.mean.push_back(mean / 255);
        statistics.deviation.push_back(deviation > 1e-6 ? deviation : 1);
    }
    return statistics;
}

PicturePreparation preparePictures(const PictureArray& pictures, const std::vector<std::int64_t>& trainRows,
                                   const Parameters& preprocessing)
{
    const Schema& schema = preprocessingSchema();
    PicturePreparation preparation{.size = integerOf(schema, preprocessing, "resize"),
                                   .flip = booleanOf(schema, preprocessing, "flip"),
                                   .cropPadding = integerOf(schema, preprocessing, "crop")};
    if (booleanOf(schema, preprocessing, "normalize"))
        preparation.statistics = channelStatistics(pictures, trainRows);
    else
        preparation.statistics = {std::vector<double>(static_cast<std::size_t>(pictures.channels), 0.0),
                                  std::vector<double>(static_cast<std::size_t>(pictures.channels), 1.0)};
    return preparation;
}

Shape preparedShape(const PictureArray& pictures, const Parameters& preprocessing)
{
    const Schema& schema = preprocessingSchema();
    const std::int64_t side = validate(schema, preprocessing, "").empty() ? integerOf(schema, preprocessing, "resize") : 0;
    return side > 0 ? Shape{pictures.channels, side, side} : Shape{pictures.channels, pictures.height, pictures.width};
}

SampleArray sampleArray(std::vector<float> values, Shape shape)
{
    return {.values = std::make_shared<const std::vector<float>>(std::move(values)), .shape = std::move(shape)};
}

SampleArray sampleArray(std::vector<std::int64_t> values, Shape shape)
{
    return {.values = std::make_shared<const std::vector<std::int64_t>>(std::move(values)), .shape = std::move(shape)};
}

namespace {

/// Classes as they are, numbers standardised.
SampleArray targetArray(const PreparedData& data, const Targets& targets)
{
    if (targets.areClasses())
        return sampleArray(targets.classes, {});
    std::vector<float> standardised;
    standardised.reserve(targets.values.size());
    for (const float value : targets.values)
        standardised.push_back(static_cast<float>((value - data.targetMean) / data.targetDeviation));
    return sampleArray(std::move(standardised), {});
}

void measureTargets(PreparedData& data)
{
    const std::vector<float>& values = data.dataset->train.targets.values;
    double sum = 0, squares = 0;
    for (const std::int64_t row : data.split.train)
        sum += values[static_cast<std::size_t>(row)];
    data.targetMean = sum / static_cast<double>(data.split.train.size());
    for (const std::int64_t row : data.split.train)
        squares += std::pow(values[static_cast<std::size_t>(row)] - data.targetMean, 2);
    const double deviation = std::sqrt(squares / static_cast<double>(data.split.train.size()));
    data.targetDeviation = deviation > 0 ? deviation : 1;
}

std::int64_t outputCount(const Targets& targets)
{
    return targets.areClasses() ? static_cast<std::int64_t>(targets.classNames.size()) : 1;
}

}

NetworkBrief briefOf(const Dataset& dataset, const PreparationSettings& settings)
{
    const std::int64_t outputs = outputCount(dataset.train.targets);
    if (const auto* pictures = std::get_if<PictureArray>(&dataset.train.inputs))
        return numbersFrom(preparedShape(*pictures, settings.preprocessing), outputs);
    const std::int64_t features = mostFeatures(std::get<Table>(dataset.train.inputs), settings.preprocessing, settings.cleaning);
    return numbersFrom({features}, outputs);
}

Result<PreparedData> prepareData(std::shared_ptr<const Dataset> dataset, const PreparationSettings& settings, const LoadControl& control)
{
    Result<CleanedSplit> parts = cleanAndSplit(*dataset, settings, control);
    if (!parts)
        return {std::nullopt, std::move(parts.problems)};
    PreparedData data;
    data.dataset = std::move(dataset);
    data.split = std::move(parts->split);
    const std::int64_t outputs = outputCount(data.dataset->train.targets);
    if (const auto* pictures = std::get_if<PictureArray>(&data.dataset->train.inputs)) {
        data.pictures = preparePictures(*pictures, data.split.train, settings.preprocessing);
        data.train.inputs = {{.values = pictures, .shape = {pictures->channels, pictures->height, pictures->width}}};
        if (data.split.ownTest)
            data.test.inputs = {{.values = &std::get<PictureArray>(data.dataset->test->inputs), .shape = data.train.inputs[0].shape}};
        data.brief = numbersFrom(preparedShape(*pictures, settings.preprocessing), outputs);
    } else {
        const auto& table = std::get<Table>(data.dataset->train.inputs);
        data.table = fitTablePreparation(table, data.split.train, settings.preprocessing, settings.cleaning);
        FeatureMatrix features = applyTablePreparation(data.table, table);
        if (features.features == 0)
            return {std::nullopt,
                    {{"dataset", text("no column is left to learn from"), text("check the target column, the separator and the roles of the columns")}}};
        data.train.inputs = {sampleArray(std::move(features.values), {features.features})};
        if (data.split.ownTest)
            data.test.inputs = {sampleArray(applyTablePreparation(data.table, std::get<Table>(data.dataset->test->inputs)).values,
                                            {features.features})};
        data.brief = numbersFrom({features.features}, outputs);
    }
    if (!data.isClassification())
        measureTargets(data);
    data.train.targets = targetArray(data, data.dataset->train.targets);
    if (data.split.ownTest)
        data.test.targets = targetArray(data, data.dataset->test->targets);
    return {std::move(data), std::move(parts.problems)};
}

Meanings meaningsOf(const PreparedData& data)
{
    return {data.dataset->train.targets.classNames, data.task ? data.task->wordsHash() : std::string{}};
}

}
