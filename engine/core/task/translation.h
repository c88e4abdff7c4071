// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/task/task.h"
#include "engine/core/text/tokenizer.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace descent {

/// How a finished network is asked for its texts, and how often it is judged by them.
struct TranslationOptions {
    std::int64_t beamWidth = 4;
    double lengthPenalty = 0.6;
    std::int64_t bleuSentences = 300; ///< translated after each epoch
};
TranslationOptions translationOptions(const Parameters& task);

/// The texts of both sides as ids, learnt from the training part alone. A source is its tokens and an end; a target is read
/// as a begin and its tokens, and to be written as its tokens and an end.
struct TranslationPreparation : TaskPreparation {
    Tokenizer source, target;
    std::string wordsHash() const override { return source.hash() + target.hash(); }
    std::int64_t maximumLength = 0; ///< of a side, in tokens, begin or end among them

    /// With its end, cut to the maximum length.
    std::vector<std::int64_t> sourceIds(std::string_view text) const;
};

/// Which tokens of a text make a word together: the first token of each, ascending, beginning with 0. Of characters, each is
/// on its own. `pieces` are Tokenizer::piece() of each token.
std::vector<std::size_t> wordStarts(const std::vector<std::string>& pieces, TokenizerKind kind);

}
