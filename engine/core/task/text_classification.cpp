// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/data/cleaned_split.h"
#include "engine/core/task/task.h"
#include "engine/core/task/text_settings.h"

#include <algorithm>

namespace descent {

namespace {

const Schema& settingsSchema()
{
    static const Schema schema{
        tokenizerParameter({TokenizerKind::word, TokenizerKind::bytePair, TokenizerKind::character}),
        vocabularyParameter(20000),
        {.name = "maximumLength",
         .label = "Longest text",
         .help = "What stands behind so many tokens is not read.",
         .type = ParameterType::integer,
         .defaultValue = std::int64_t{256},
         .minimum = 1,
         .maximum = 16384,
         .logarithmic = true,
         .common = true,
         .unit = "tokens"},
        lowerCaseParameter(true),
    };
    return schema;
}

NetworkBrief briefFor(std::int64_t length, std::int64_t vocabulary, std::int64_t classes)
{
    return {.inputs = {{.kind = NetworkInput::Kind::tokens, .shape = {length}, .vocabulary = vocabulary, .padded = true}},
            .outputs = classes};
}

Result<PreparedData> prepare(std::shared_ptr<const Dataset> dataset, const PreparationSettings& settings, const LoadControl& control)
{
    const Result<TokenizerOptions> options = tokenizerOptions(settingsSchema(), settings.task);
    if (!options)
        return {std::nullopt, options.problems};
    Result<CleanedSplit> parts = cleanAndSplit(*dataset, settings, control);
    if (!parts)
        return {std::nullopt, std::move(parts.problems)};
    PreparedData data;
    data.dataset = dataset;
    data.split = std::move(parts->split);
    const std::vector<std::string>& texts = std::get<Texts>(dataset->train.inputs).texts;
    std::vector<std::string_view> learnt;
    learnt.reserve(data.split.train.size());
    for (const std::int64_t row : data.split.train)
        learnt.push_back(texts[static_cast<std::size_t>(row)]);
    auto preparation = std::make_shared<TextPreparation>();
    preparation->tokenizer = Tokenizer::trained(*options, learnt, control.stop);

    const auto longest = static_cast<std::size_t>(integerOf(settingsSchema(), settings.task, "maximumLength"));
    const TokenSequences sequences = encodedTexts(preparation->tokenizer, texts, longest, control);
    std::size_t length = 1;
    for (const std::int64_t row : data.split.train)
        length = std::max(length, sequences[static_cast<std::size_t>(row)].size());
    constexpr std::size_t mostValues = std::size_t{1} << 30; // 8 GB
    if (length * sequences.size() > mostValues)
        return {std::nullopt,
                {{"task.maximumLength", text("%1 texts of up to %2 tokens do not fit in memory", sequences.size(), length),
                  text("read less of each text")}}};
    const auto columns = static_cast<std::int64_t>(length);
    data.train = {.inputs = {paddedTokens(sequences, columns)}, .targets = sampleArray(dataset->train.targets.classes, {})};
    if (data.split.ownTest)
        data.test = {.inputs = {paddedTokens(
                         encodedTexts(preparation->tokenizer, std::get<Texts>(dataset->test->inputs).texts, length, control), columns)},
                     .targets = sampleArray(dataset->test->targets.classes, {})};
    data.brief = briefFor(columns, preparation->tokenizer.vocabularySize(),
                          static_cast<std::int64_t>(dataset->train.targets.classNames.size()));
    data.task = std::move(preparation);
    return {std::move(data), std::move(parts.problems)};
}

}

TaskKind textClassificationTask()
{
    return {.id = "text-classification",
            .label = "Text classification",
            .help = "Which class a sentence or document belongs to: good or bad, which topic, spam.",
            .primaryMetric = "accuracy",
            .fits =
                [](const Dataset& dataset) {
                    return std::holds_alternative<Texts>(dataset.train.inputs) && dataset.train.targets.areClasses();
                },
            .cleans = true,
            .smoothsLabels = true,
            .schema = settingsSchema(),
            .brief = [](const Dataset& dataset, const PreparationSettings& settings) -> Result<NetworkBrief> {
                const Result<TokenizerOptions> options = tokenizerOptions(settingsSchema(), settings.task);
                if (!options)
                    return {std::nullopt, options.problems};
                return {briefFor(integerOf(settingsSchema(), settings.task, "maximumLength"), options->vocabularySize,
                                 static_cast<std::int64_t>(dataset.train.targets.classNames.size())),
                        {}};
            },
            .prepare = prepare};
}

}
