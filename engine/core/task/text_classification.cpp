// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/data/bytes.h"
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

using Sequences = std::vector<std::vector<std::int32_t>>;

Sequences encoded(const Tokenizer& tokenizer, const std::vector<std::string>& texts, std::size_t longest, const LoadControl& control)
{
    Sequences sequences(texts.size());
    inParallel(texts.size(), control.stop, control.progress, [&](std::size_t i) {
        sequences[i] = tokenizer.encode(texts[i]);
        sequences[i].resize(std::min(sequences[i].size(), longest));
        sequences[i].shrink_to_fit();
        if (sequences[i].empty()) // blanks only: something must stand there
            sequences[i].push_back(Tokenizer::unknown);
    });
    return sequences;
}

/// int64 [count, length], filled up with padding.
SampleArray padded(const Sequences& sequences, std::int64_t length)
{
    std::vector<std::int64_t> ids(sequences.size() * static_cast<std::size_t>(length), Tokenizer::padding);
    std::vector<std::int32_t> lengths;
    lengths.reserve(sequences.size());
    for (std::size_t i = 0; i < sequences.size(); ++i) {
        const auto kept = std::min<std::ptrdiff_t>(std::ssize(sequences[i]), length);
        std::copy_n(sequences[i].begin(), kept, ids.begin() + static_cast<std::ptrdiff_t>(i) * length);
        lengths.push_back(static_cast<std::int32_t>(kept));
    }
    SampleArray array = sampleArray(std::move(ids), {length});
    array.lengths = std::move(lengths);
    return array;
}

Result<PreparedData> prepare(std::shared_ptr<const Dataset> dataset, const PreparationSettings& settings, const LoadControl& control)
{
    const Result<TokenizerOptions> options = tokenizerOptions(settingsSchema(), settings.task);
    if (!options)
        return {std::nullopt, options.problems};
    Result<Split> parts = splitDataset(*dataset, settings.split, settings.seed);
    if (!parts)
        return {std::nullopt, std::move(parts.problems)};
    PreparedData data;
    data.dataset = dataset;
    data.split = std::move(*parts.value);
    const std::vector<std::string>& texts = std::get<Texts>(dataset->train.inputs).texts;
    std::vector<std::string_view> learnt;
    learnt.reserve(data.split.train.size());
    for (const std::int64_t row : data.split.train)
        learnt.push_back(texts[static_cast<std::size_t>(row)]);
    auto preparation = std::make_shared<TextPreparation>();
    preparation->tokenizer = Tokenizer::trained(*options, learnt, control.stop);

    const auto longest = static_cast<std::size_t>(integerOf(settingsSchema(), settings.task, "maximumLength"));
    const Sequences sequences = encoded(preparation->tokenizer, texts, longest, control);
    std::size_t length = 1;
    for (const std::int64_t row : data.split.train)
        length = std::max(length, sequences[static_cast<std::size_t>(row)].size());
    constexpr std::size_t mostValues = std::size_t{1} << 30; // 8 GB
    if (length * sequences.size() > mostValues)
        return {std::nullopt,
                {{"task.maximumLength", text("%1 texts of up to %2 tokens do not fit in memory", sequences.size(), length),
                  text("read less of each text")}}};
    const auto columns = static_cast<std::int64_t>(length);
    data.train = {.inputs = {padded(sequences, columns)}, .targets = sampleArray(dataset->train.targets.classes, {})};
    if (data.split.ownTest)
        data.test = {.inputs = {padded(encoded(preparation->tokenizer, std::get<Texts>(dataset->test->inputs).texts, length, control),
                                       columns)},
                     .targets = sampleArray(dataset->test->targets.classes, {})};
    data.brief = briefFor(columns, preparation->tokenizer.vocabularySize(),
                          static_cast<std::int64_t>(dataset->train.targets.classNames.size()));
    data.task = std::move(preparation);
    return {std::move(data), {}};
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
