// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/task/text_settings.h"

#include "engine/core/data/bytes.h"

#include <algorithm>

namespace descent {

namespace {

Choice choiceOf(TokenizerKind kind)
{
    switch (kind) {
    case TokenizerKind::word: return {"word", "Words", "Words and signs; rare ones are unknown."};
    case TokenizerKind::character: return {"character", "Characters", "Letter by letter: few tokens, long texts."};
    case TokenizerKind::bytePair:
        return {"byte-pair", "Byte pairs", "Frequent parts of words; nothing is unknown. arXiv:1508.07909"};
    }
    throw std::invalid_argument{"unknown tokenizer"};
}

}

ParameterSchema tokenizerParameter(std::vector<TokenizerKind> kinds)
{
    ParameterSchema parameter{.name = "tokenizer",
                              .label = "Tokens",
                              .help = "What texts are cut into.",
                              .type = ParameterType::choice,
                              .common = true};
    for (const TokenizerKind kind : kinds)
        parameter.choices.push_back(choiceOf(kind));
    parameter.defaultValue = parameter.choices.front().id;
    return parameter;
}

ParameterSchema vocabularyParameter(std::int64_t defaultSize)
{
    return {.name = "vocabularySize",
            .label = "Vocabulary",
            .help = "The most frequent tokens of the training part, at most so many.",
            .type = ParameterType::integer,
            .defaultValue = defaultSize,
            .minimum = 16,
            .maximum = 500000,
            .logarithmic = true,
            .common = true,
            .unit = "tokens"};
}

ParameterSchema lowerCaseParameter(bool defaultValue)
{
    return {.name = "lowerCase",
            .label = "Lower case",
            .help = "Reads \"Good\" and \"good\" as the same word.",
            .type = ParameterType::boolean,
            .defaultValue = defaultValue};
}

Result<TokenizerOptions> tokenizerOptions(const Schema& schema, const Parameters& parameters)
{
    const std::string kind = textOf(schema, parameters, "tokenizer");
    TokenizerOptions options{.kind = kind == "word" ? TokenizerKind::word
                                 : kind == "character" ? TokenizerKind::character
                                                       : TokenizerKind::bytePair,
                             .lowerCase = booleanOf(schema, parameters, "lowerCase"),
                             .vocabularySize = integerOf(schema, parameters, "vocabularySize")};
    if (const std::int64_t least = Tokenizer::minimumVocabulary(options.kind); options.vocabularySize < least)
        return {std::nullopt,
                {{"task.vocabularySize", text("byte pairs begin with %1 tokens, one a byte", least),
                  text("choose a vocabulary of at least %1", least)}}};
    return {options, {}};
}

TokenSequences encodedTexts(const Tokenizer& tokenizer, const std::vector<std::string>& texts, std::size_t longest, const LoadControl& control)
{
    TokenSequences sequences(texts.size());
    inParallel(texts.size(), control.stop, control.progress, [&](std::size_t i) {
        sequences[i] = tokenizer.encode(texts[i]);
        sequences[i].resize(std::min(sequences[i].size(), longest));
        sequences[i].shrink_to_fit();
        if (sequences[i].empty()) // blanks only: something must stand there
            sequences[i].push_back(Tokenizer::unknown);
    });
    return sequences;
}

SampleArray paddedTokens(const TokenSequences& sequences, std::int64_t length)
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

}
