// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/task/task.h"
#include "engine/core/task/text_settings.h"
#include "engine/core/text/utf8.h"

#include <algorithm>
#include <set>

namespace descent {

namespace {

const Schema& settingsSchema()
{
    static const Schema schema{
        tokenizerParameter({TokenizerKind::character, TokenizerKind::bytePair}),
        vocabularyParameter(4000),
        {.name = "context",
         .label = "Context",
         .help = "How many tokens back the network sees.",
         .type = ParameterType::integer,
         .defaultValue = std::int64_t{128},
         .minimum = 2,
         .maximum = 8192,
         .logarithmic = true,
         .common = true,
         .unit = "tokens"},
        {.name = "windowsPerEpoch",
         .label = "Windows an epoch",
         .help = "An epoch draws so many pieces of text at random; 0: as many as stand side by side in the training part.",
         .type = ParameterType::integer,
         .defaultValue = std::int64_t{0},
         .minimum = 0,
         .maximum = 1e9,
         .logarithmic = true},
        lowerCaseParameter(false),
        {.name = "prompt",
         .label = "Prompt",
         .help = "What the text shown while it learns begins with; empty: the beginning of the validation part.",
         .type = ParameterType::text,
         .defaultValue = std::string{}},
        {.name = "temperature",
         .label = "Temperature",
         .help = "Of that text: below 1 keeps to what is likely, above 1 dares more.",
         .type = ParameterType::real,
         .defaultValue = 0.8,
         .minimum = 0,
         .maximum = 10},
        {.name = "topK",
         .label = "Top k",
         .help = "Of that text: only the k likeliest tokens are drawn; 0 allows all. arXiv:1805.04833",
         .type = ParameterType::integer,
         .defaultValue = std::int64_t{0},
         .minimum = 0,
         .maximum = 500000},
        {.name = "topP",
         .label = "Top p",
         .help = "Of that text: only the likeliest tokens that together have this probability are drawn. arXiv:1904.09751",
         .type = ParameterType::real,
         .defaultValue = 1.0,
         .minimum = 0,
         .maximum = 1,
         .aboveMinimum = true},
    };
    return schema;
}

NetworkBrief briefFor(std::int64_t context, std::int64_t vocabulary)
{
    return {.inputs = {{.kind = NetworkInput::Kind::tokens, .shape = {context}, .vocabulary = vocabulary}},
            .output = NetworkBrief::Output::nextTokens,
            .outputs = vocabulary};
}

/// The text cut at `share` of its bytes, moved on to the next whole character.
std::size_t cutAt(std::string_view text, double share)
{
    auto at = static_cast<std::size_t>(static_cast<double>(text.size()) * std::clamp(share, 0.0, 1.0));
    while (at < text.size() && (static_cast<unsigned char>(text[at]) & 0xC0) == 0x80)
        ++at;
    return at;
}

struct Parts {
    std::string_view train, validation, test;
};

/// In the order of the text: what is to come is judged by what was read before. Problems: nothing is left to learn from.
Result<Parts> partsOf(std::string_view all, const Parameters& split)
{
    const double validation = realOf(splitSchema(), split, "validation"), test = realOf(splitSchema(), split, "test");
    if (validation + test >= 1)
        return {std::nullopt,
                {{"split.validation", text("nothing is left to learn from"), text("choose shares that sum to well under 1")}}};
    const std::size_t trainEnd = cutAt(all, 1 - validation - test), validationEnd = test > 0 ? cutAt(all, 1 - test) : all.size();
    return {Parts{all.substr(0, trainEnd), all.substr(trainEnd, validationEnd - trainEnd), all.substr(validationEnd)}, {}};
}

/// Windows side by side from `first` on: each token of the part is predicted once, the last window reaches into the padding.
std::vector<std::int64_t> windowsSideBySide(std::int64_t first, std::int64_t tokens, std::int64_t context)
{
    std::vector<std::int64_t> rows;
    for (std::int64_t at = 0; at < tokens; at += context)
        rows.push_back(first + at);
    return rows;
}

Result<PreparedData> prepare(std::shared_ptr<const Dataset> dataset, const PreparationSettings& settings, const LoadControl& control)
{
    const Schema& schema = settingsSchema();
    const Result<TokenizerOptions> options = tokenizerOptions(schema, settings.task);
    if (!options)
        return {std::nullopt, options.problems};
    const Result<Parts> parts = partsOf(std::get<Corpus>(dataset->train.inputs).text, settings.split);
    if (!parts)
        return {std::nullopt, parts.problems};
    auto preparation = std::make_shared<LanguagePreparation>();
    preparation->tokenizer = Tokenizer::trained(*options, {&parts->train, 1}, control.stop);
    preparation->context = integerOf(schema, settings.task, "context");
    preparation->validationBeginning = parts->validation.substr(0, 256);
    if (control.progress)
        control.progress(0.3);

    const std::int64_t context = preparation->context;
    std::vector<std::int64_t> ids;
    const auto append = [&](std::string_view part) {
        if (control.stop.stop_requested())
            throw Cancelled{};
        const std::vector<std::int32_t> tokens = preparation->tokenizer.encode(part);
        ids.insert(ids.end(), tokens.begin(), tokens.end());
        return static_cast<std::int64_t>(tokens.size());
    };
    preparation->trainTokens = append(parts->train);
    preparation->validationTokens = append(parts->validation);
    constexpr std::size_t mostTokens = std::size_t{1} << 28; // 2 GB
    if (ids.size() > mostTokens)
        return {std::nullopt,
                {{"dataset.path", text("a text of %1 tokens does not fit in memory", ids.size()),
                  text("take a part of it, or byte pairs with a larger vocabulary")}}};
    const std::int64_t trainWindows = preparation->trainTokens - context;
    if (trainWindows < 1 || preparation->validationTokens < 1)
        return {std::nullopt,
                {{"task.context", text("the training part has %1 tokens: too few for a context of %2", preparation->trainTokens, context),
                  text("choose a shorter context, or a longer text")}}};

    PreparedData data;
    data.dataset = dataset;
    // A window may begin at any token; of very long texts at every so many, since the list of them is held in memory.
    constexpr std::int64_t mostWindows = 4'000'000;
    for (std::int64_t row = 0, stride = trainWindows / mostWindows + 1; row < trainWindows; row += stride)
        data.split.train.push_back(row);
    data.split.validation = windowsSideBySide(preparation->trainTokens - 1, preparation->validationTokens, context);
    ids.resize(ids.size() + static_cast<std::size_t>(context), Tokenizer::padding);
    if (!parts->test.empty()) {
        // The test part's first token is predicted from the one before it, which the padding has moved away.
        ids.push_back(ids[static_cast<std::size_t>(preparation->trainTokens + preparation->validationTokens - 1)]);
        const auto first = static_cast<std::int64_t>(ids.size()) - 1;
        preparation->testTokens = append(parts->test);
        data.split.test = windowsSideBySide(first, preparation->testTokens, context);
        ids.resize(ids.size() + static_cast<std::size_t>(context), Tokenizer::padding);
    }
    const std::int64_t drawn = integerOf(schema, settings.task, "windowsPerEpoch");
    data.drawnSamples = drawn > 0 ? drawn : std::max<std::int64_t>(1, preparation->trainTokens / context);
    SampleArray tokens = sampleArray(std::move(ids), {context});
    tokens.windowStart = 0;
    data.train = {.inputs = {tokens}, .targets = tokens};
    data.train.targets.windowStart = 1;
    data.brief = briefFor(context, preparation->tokenizer.vocabularySize());
    data.task = std::move(preparation);
    return {std::move(data), {}};
}

/// Distinct characters at the beginning of a text, enough of it to have seen nearly all.
std::int64_t distinctCharacters(std::string_view text)
{
    constexpr std::size_t looked = std::size_t{1} << 20;
    std::set<char32_t> distinct;
    std::vector<bool> ascii(128);
    for (text = text.substr(0, looked); !text.empty();) {
        const Character character = firstCharacter(text);
        if (character.value < 128)
            ascii[character.value] = true;
        else
            distinct.insert(character.value);
        text.remove_prefix(character.bytes);
    }
    return static_cast<std::int64_t>(distinct.size()) + std::count(ascii.begin(), ascii.end(), true);
}

/// Counted in bytes: of byte pairs, which stand for several, fewer are drawn.
std::int64_t windowsDrawn(const Dataset& dataset, const PreparationSettings& settings)
{
    const Schema& schema = settingsSchema();
    if (const std::int64_t drawn = integerOf(schema, settings.task, "windowsPerEpoch"); drawn > 0)
        return drawn;
    const double share = 1 - realOf(splitSchema(), settings.split, "validation") - realOf(splitSchema(), settings.split, "test");
    return std::max<std::int64_t>(1, static_cast<std::int64_t>(share * static_cast<double>(dataset.train.count()))
                                         / integerOf(schema, settings.task, "context"));
}

Result<NetworkBrief> brief(const Dataset& dataset, const PreparationSettings& settings)
{
    const Result<TokenizerOptions> options = tokenizerOptions(settingsSchema(), settings.task);
    if (!options)
        return {std::nullopt, options.problems};
    std::int64_t vocabulary = options->vocabularySize;
    if (options->kind == TokenizerKind::character)
        vocabulary = std::min(vocabulary,
                              Tokenizer::specialTokens + distinctCharacters(std::get<Corpus>(dataset.train.inputs).text));
    return {briefFor(integerOf(settingsSchema(), settings.task, "context"), vocabulary), {}};
}

}

TaskKind languageModellingTask()
{
    return {.id = "language-modelling",
            .label = "Language modelling",
            .help = "What comes next in a text, and so how to write on.",
            .primaryMetric = "bits-per-character",
            .fits = [](const Dataset& dataset) { return std::holds_alternative<Corpus>(dataset.train.inputs); },
            .smoothsLabels = true,
            .schema = settingsSchema(),
            .brief = brief,
            .samplesAnEpoch = windowsDrawn,
            .prepare = prepare};
}

}
