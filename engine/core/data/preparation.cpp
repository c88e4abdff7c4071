// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/data/preparation.h"

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

TablePreparation::ColumnPreparation fitNumeric(const Column& column, const std::vector<std::int64_t>& rows, bool normalize,
                                               bool median)
{
    std::vector<float> present;
    present.reserve(rows.size());
    for (const std::int64_t row : rows)
        if (const float value = column.numbers[static_cast<std::size_t>(row)]; std::isfinite(value))
            present.push_back(value);

    TablePreparation::ColumnPreparation fitted{.name = column.name};
    if (present.empty())
        return fitted;
    double sum = 0;
    for (const float value : present)
        sum += value;
    const double mean = sum / static_cast<double>(present.size());
    fitted.fill = mean;
    if (median) {
        const auto middle = present.begin() + static_cast<std::ptrdiff_t>(present.size() / 2);
        std::nth_element(present.begin(), middle, present.end());
        fitted.fill = *middle;
        if (present.size() % 2 == 0)
            fitted.fill = (fitted.fill + *std::max_element(present.begin(), middle)) / 2;
    }
    if (!normalize)
        return fitted;
    // Of the column as the network will see it, filled gaps included; two passes, since squares of large numbers cancel.
    const auto filled = [&](std::int64_t row) {
        const float value = column.numbers[static_cast<std::size_t>(row)];
        return std::isfinite(value) ? static_cast<double>(value) : fitted.fill;
    };
    double total = 0, squares = 0;
    for (const std::int64_t row : rows)
        total += filled(row);
    fitted.mean = total / static_cast<double>(rows.size());
    for (const std::int64_t row : rows)
        squares += std::pow(filled(row) - fitted.mean, 2);
    const double deviation = std::sqrt(squares / static_cast<double>(rows.size()));
    // A constant column stays constant: dividing by next to nothing would blow rounding up to signal.
    fitted.deviation = deviation > 1e-12 * std::max(1.0, std::abs(fitted.mean)) ? deviation : 1;
    return fitted;
}

TablePreparation::ColumnPreparation fitCategorical(const Column& column, const std::vector<std::int64_t>& rows)
{
    std::vector<bool> seen(column.categories.size());
    for (const std::int64_t row : rows)
        if (const std::int32_t code = column.codes[static_cast<std::size_t>(row)]; code >= 0)
            seen[static_cast<std::size_t>(code)] = true;
    TablePreparation::ColumnPreparation fitted{.name = column.name, .categorical = true};
    for (std::size_t i = 0; i < seen.size(); ++i)
        if (seen[i])
            fitted.categories.push_back(column.categories[i]);
    return fitted;
}

}

TablePreparation fitTablePreparation(const Table& table, const std::vector<std::int64_t>& trainRows,
                                     const Parameters& preprocessing)
{
    const bool normalize = booleanOf(preprocessingSchema(), preprocessing, "normalize");
    const bool median = textOf(preprocessingSchema(), preprocessing, "impute") == "median";
    TablePreparation preparation;
    for (const Column& column : table.columns)
        preparation.columns.push_back(column.categorical ? fitCategorical(column, trainRows)
                                                         : fitNumeric(column, trainRows, normalize, median));
    return preparation;
}

FeatureMatrix applyTablePreparation(const TablePreparation& preparation, const Table& table)
{
    if (preparation.columns.size() != table.columns.size())
        throw std::invalid_argument{
            fmt::format("a preparation of {} columns meets a table of {}", preparation.columns.size(), table.columns.size())};
    FeatureMatrix matrix{.count = table.count};
    for (const auto& column : preparation.columns) {
        if (!column.categorical)
            matrix.names.push_back(column.name);
        for (const std::string& category : column.categories)
            matrix.names.push_back(column.name + "=" + category);
    }
    matrix.features = static_cast<std::int64_t>(matrix.names.size());
    matrix.values.assign(static_cast<std::size_t>(matrix.count * matrix.features), 0.0F);

    std::int64_t feature = 0;
    for (std::size_t c = 0; c < table.columns.size(); ++c) {
        const Column& column = table.columns[c];
        const auto& fitted = preparation.columns[c];
        const auto at = [&](std::int64_t row, std::int64_t offset) -> float& {
            return matrix.values[static_cast<std::size_t>(row * matrix.features + feature + offset)];
        };
        if (!fitted.categorical) {
            for (std::int64_t row = 0; row < table.count; ++row) {
                const float value = column.numbers[static_cast<std::size_t>(row)];
                at(row, 0) = static_cast<float>(((std::isfinite(value) ? value : fitted.fill) - fitted.mean) / fitted.deviation);
            }
            ++feature;
            continue;
        }
        std::vector<std::int64_t> offsetOf(column.categories.size(), -1);
        for (std::size_t i = 0; i < column.categories.size(); ++i) {
            const auto found = std::find(fitted.categories.begin(), fitted.categories.end(), column.categories[i]);
            if (found != fitted.categories.end())
                offsetOf[i] = found - fitted.categories.begin();
        }
        for (std::int64_t row = 0; row < table.count; ++row)
            if (const std::int32_t code = column.codes[static_cast<std::size_t>(row)];
                code >= 0 && offsetOf[static_cast<std::size_t>(code)] >= 0)
                at(row, offsetOf[static_cast<std::size_t>(code)]) = 1;
        feature += static_cast<std::int64_t>(fitted.categories.size());
    }
    return matrix;
}

ChannelStatistics channelStatistics(const PictureArray& pictures, const std::vector<std::int64_t>& rows)
{
    // Whole numbers: exact, so the same in whatever order they are added. 2^63 / 255^2 bounds it at 1.4e14 pixels.
    ChannelStatistics statistics;
    const std::int64_t plane = pictures.height * pictures.width;
    for (std::int64_t channel = 0; channel < pictures.channels; ++channel) {
        std::uint64_t sum = 0, squares = 0;
        for (const std::int64_t row : rows) {
            const std::uint8_t* pixel = pictures.pixels.data() + (row * pictures.channels + channel) * plane;
            std::uint32_t pictureSum = 0;
            std::uint64_t pictureSquares = 0;
            for (std::int64_t i = 0; i < plane; ++i) {
                pictureSum += pixel[i];
                pictureSquares += static_cast<std::uint32_t>(pixel[i]) * pixel[i];
            }
            sum += pictureSum;
            squares += pictureSquares;
        }
        const double count = static_cast<double>(plane) * static_cast<double>(rows.size());
        const double mean = static_cast<double>(sum) / count;
        const double variance = std::max(0.0, static_cast<double>(squares) / count - mean * mean);
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
    std::int64_t features = 0;
    for (const Column& column : std::get<Table>(dataset.train.inputs).columns)
        features += column.categorical ? static_cast<std::int64_t>(column.categories.size()) : 1;
    return numbersFrom({features}, outputs);
}

Result<PreparedData> prepareData(std::shared_ptr<const Dataset> dataset, const PreparationSettings& settings)
{
    Result<Split> parts = splitDataset(*dataset, settings.split, settings.seed);
    if (!parts)
        return {std::nullopt, std::move(parts.problems)};
    PreparedData data;
    data.dataset = std::move(dataset);
    data.split = std::move(*parts.value);
    const std::int64_t outputs = outputCount(data.dataset->train.targets);
    if (const auto* pictures = std::get_if<PictureArray>(&data.dataset->train.inputs)) {
        data.pictures = preparePictures(*pictures, data.split.train, settings.preprocessing);
        data.train.inputs = {{.values = pictures, .shape = {pictures->channels, pictures->height, pictures->width}}};
        if (data.split.ownTest)
            data.test.inputs = {{.values = &std::get<PictureArray>(data.dataset->test->inputs), .shape = data.train.inputs[0].shape}};
        data.brief = numbersFrom(preparedShape(*pictures, settings.preprocessing), outputs);
    } else {
        const auto& table = std::get<Table>(data.dataset->train.inputs);
        data.table = fitTablePreparation(table, data.split.train, settings.preprocessing);
        FeatureMatrix features = applyTablePreparation(data.table, table);
        if (features.features == 0)
            return {std::nullopt,
                    {{"dataset", text("no column is left to learn from"), text("check the target column and the separator")}}};
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
    return {std::move(data), {}};
}

}
