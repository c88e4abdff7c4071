// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/data/preparation.h"
#include "engine/core/text/tokenizer.h"

namespace descent {

// What the tasks that read texts are asked.

ParameterSchema tokenizerParameter(std::vector<TokenizerKind> kinds); ///< "tokenizer"; the first is the default
ParameterSchema vocabularyParameter(std::int64_t defaultSize);        ///< "vocabularySize"
ParameterSchema lowerCaseParameter(bool defaultValue);                ///< "lowerCase"

/// Of a schema that has the parameters above. Problems: a vocabulary too small for byte pairs.
Result<TokenizerOptions> tokenizerOptions(const Schema& schema, const Parameters& parameters);

/// The tokens of each text, at most the first `longest`; one that is unknown where there are none.
using TokenSequences = std::vector<std::vector<std::int32_t>>;
TokenSequences encodedTexts(const Tokenizer& tokenizer, const std::vector<std::string>& texts, std::size_t longest, const LoadControl& control = {});
/// int64 [texts, length], cut at `length` or filled up with padding.
SampleArray paddedTokens(const TokenSequences& sequences, std::int64_t length);

/// What a text task keeps of its preparation.
struct TextPreparation : TaskPreparation {
    Tokenizer tokenizer;
    std::string wordsHash() const override { return tokenizer.hash(); }
};

/// What language modelling keeps: `PreparedData::train` holds the tokens of all parts in one array, a window of `context`
/// tokens a sample, and as targets the same one token later. Target 0 (padding) does not count.
struct LanguagePreparation : TaskPreparation {
    Tokenizer tokenizer;
    std::string wordsHash() const override { return tokenizer.hash(); }
    std::int64_t context = 0;
    std::int64_t trainTokens = 0, validationTokens = 0, testTokens = 0;
    std::string validationBeginning; ///< some of the validation part, for a prompt
};

}
