// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/task/pictures_and_more.h"

#include "engine/core/data/sample_prints.h"

#include <algorithm>
#include <map>

namespace descent {

namespace {

constexpr std::int64_t longestCaption = 64, mostWords = 20'000;
constexpr TokenizerOptions wordOptions{.kind = TokenizerKind::word, .lowerCase = true, .vocabularySize = mostWords};

const PicturesAndMore& bothOf(const Samples& samples)
{
    return std::get<PicturesAndMore>(samples.inputs);
}

}

SampleArray captionIds(const CaptionPreparation& preparation, const std::vector<std::string>& texts)
{
    const auto longest = static_cast<std::size_t>(preparation.longest);
    std::vector<std::int64_t> ids(texts.size() * longest, Tokenizer::padding);
    std::vector<std::int32_t> lengths;
    lengths.reserve(texts.size());
    for (std::size_t i = 0; i < texts.size(); ++i) {
        std::vector<std::int32_t> tokens = preparation.words.encode(texts[i]);
        if (tokens.empty()) // a sequence has a step at least
            tokens.push_back(Tokenizer::unknown);
        tokens.resize(std::min(tokens.size(), longest));
        std::copy(tokens.begin(), tokens.end(), ids.begin() + static_cast<std::ptrdiff_t>(i * longest));
        lengths.push_back(static_cast<std::int32_t>(tokens.size()));
    }
    SampleArray array = sampleArray(std::move(ids), {preparation.longest});
    array.lengths = std::move(lengths);
    return array;
}

std::string classInWords(std::string prompt, const std::string& name)
{
    if (const std::size_t place = prompt.find("{}"); place != std::string::npos)
        return prompt.replace(place, 2, name);
    return prompt + " " + name;
}

Problems keepPicturesTogether(Split& split, const PictureArray& pictures)
{
    enum Part : std::uint8_t { train, validation, test };
    std::vector<Part> partOf(static_cast<std::size_t>(pictures.count), train);
    for (const std::int64_t row : split.validation)
        partOf[static_cast<std::size_t>(row)] = validation;
    if (!split.ownTest)
        for (const std::int64_t row : split.test)
            partOf[static_cast<std::size_t>(row)] = test;
    const std::vector<SamplePrint> prints = picturePrints(pictures);
    std::map<SamplePrint, std::size_t> firstOf;
    for (std::size_t row = 0; row < prints.size(); ++row)
        partOf[row] = partOf[firstOf.try_emplace(prints[row], row).first->second];
    split.train.clear();
    split.validation.clear();
    if (!split.ownTest)
        split.test.clear();
    for (std::int64_t row = 0; row < pictures.count; ++row) {
        const Part part = partOf[static_cast<std::size_t>(row)];
        (part == test ? split.test : part == validation ? split.validation : split.train).push_back(row);
    }
    if (split.train.empty() || split.validation.empty())
        return {{"split.validation", text("%1 different pictures are too few to split", firstOf.size()),
                 text("add pictures, or choose other shares")}};
    return {};
}

void prepareInputs(PreparedData& data, const PreparationSettings& settings, bool withTable, CaptionPreparation& captions)
{
    const PicturesAndMore& train = bothOf(data.dataset->train);
    const PicturesAndMore* test = data.split.ownTest ? &bothOf(*data.dataset->test) : nullptr;
    const PictureArray& pictures = train.pictures;
    data.pictures = preparePictures(pictures, data.split.train, settings.preprocessing);
    const Shape shape{pictures.channels, pictures.height, pictures.width};
    data.train.inputs = {{.values = &pictures, .shape = shape}};
    if (test)
        data.test.inputs = {{.values = &test->pictures, .shape = shape}};
    data.brief.inputs = {numericInput(preparedShape(pictures, settings.preprocessing))};

    if (withTable && train.table) {
        data.table = fitTablePreparation(*train.table, data.split.train, settings.preprocessing);
        FeatureMatrix features = applyTablePreparation(data.table, *train.table);
        if (features.features > 0) {
            data.train.inputs.push_back(sampleArray(std::move(features.values), {features.features}));
            if (test)
                data.test.inputs.push_back(
                    sampleArray(applyTablePreparation(data.table, *test->table).values, {features.features}));
            data.brief.inputs.push_back(numericInput({features.features}));
        }
    }
    if (train.captions) {
        std::vector<std::string_view> learnt;
        for (const std::int64_t row : data.split.train)
            learnt.push_back(train.captions->texts[static_cast<std::size_t>(row)]);
        captions.words = Tokenizer::trained(wordOptions, learnt);
        std::size_t longest = 1;
        for (const std::string_view one : learnt)
            longest = std::max(longest, captions.words.encode(one).size());
        captions.longest = std::min(longestCaption, static_cast<std::int64_t>(longest));
        data.train.inputs.push_back(captionIds(captions, train.captions->texts));
        if (test)
            data.test.inputs.push_back(captionIds(captions, test->captions->texts));
        data.brief.inputs.push_back({.kind = NetworkInput::Kind::tokens,
                                     .shape = {captions.longest},
                                     .vocabulary = captions.words.vocabularySize(),
                                     .padded = true});
    }
}

std::vector<NetworkInput> inputsOf(const Dataset& dataset, const PreparationSettings& settings, bool withTable)
{
    const PicturesAndMore& inputs = bothOf(dataset.train);
    std::vector<NetworkInput> result{numericInput(preparedShape(inputs.pictures, settings.preprocessing))};
    if (withTable && inputs.table) {
        std::int64_t features = 0;
        for (const Column& column : inputs.table->columns)
            features += column.categorical ? static_cast<std::int64_t>(column.categories.size()) : 1;
        if (features > 0)
            result.push_back(numericInput({features}));
    }
    if (inputs.captions) {
        // The words of a few thousand captions come near enough, and take a few milliseconds.
        constexpr std::size_t looked = 5000;
        const auto& texts = inputs.captions->texts;
        std::vector<std::string_view> some(texts.begin(), texts.begin() + static_cast<std::ptrdiff_t>(std::min(looked, texts.size())));
        const Tokenizer words = Tokenizer::trained(wordOptions, some);
        std::size_t longest = 1;
        for (const std::string_view one : some)
            longest = std::max(longest, words.encode(one).size());
        result.push_back({.kind = NetworkInput::Kind::tokens,
                          .shape = {std::min(longestCaption, static_cast<std::int64_t>(longest))},
                          .vocabulary = words.vocabularySize(),
                          .padded = true});
    }
    return result;
}

}
