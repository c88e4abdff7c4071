// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace descent {

// BLEU as sacrebleu makes it by default, to the number: text as a person writes it goes in, so that figures of different
// programs can be compared. "Bleu: a Method for Automatic Evaluation of Machine Translation" (2002), Papineni and others;
// "A Call for Clarity in Reporting BLEU Scores" (2018), arXiv:1804.08771

struct BleuScore {
    static constexpr std::size_t order = 4; ///< longest run of words that is compared

    double score = 0;                          ///< 0 to 100; NaN without a sentence
    std::array<std::int64_t, order> matches{}; ///< runs of 1, 2, 3, 4 words that the reference has as well
    std::array<std::int64_t, order> counts{};  ///< runs in the hypotheses
    std::array<double, order> precisions{};    ///< in percent, smoothed; all 0 where not one word is right
    double brevityPenalty = 1;                 ///< below 1 where the hypotheses are shorter than the references together
    std::int64_t hypothesisLength = 0, referenceLength = 0; ///< in words
};

/// The words of mteval-v13a, the tokenizer of WMT: ASCII punctuation stands alone, but for apostrophes, dashes that follow
/// no digit, and points and commas between digits; a few HTML entities are read. Bytes that are not UTF-8 are letters.
std::vector<std::string> tokenize13a(std::string_view text);

/// Of a whole corpus: runs are counted over all sentences, then put together. A length without any match counts as a half,
/// a quarter, ... of one (smoothing "exp"); a corpus without four words in a row anywhere scores 0.
/// hypotheses, references   one sentence each, detokenized, UTF-8; either may be empty
/// lowercase                compare without case (Latin, Greek and Cyrillic: see lowered())
/// Throws std::invalid_argument when there are not as many references as hypotheses.
BleuScore corpusBleu(std::span<const std::string> hypotheses, std::span<const std::string> references, bool lowercase = false);

/// What must be told with a score, in sacrebleu's form: "nrefs:1|case:mixed|eff:no|tok:13a|smooth:exp|version:descent-0.1.0".
std::string bleuSignature(bool lowercase = false);

}
