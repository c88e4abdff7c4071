// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/data/preparation.h"
#include "engine/core/text/tokenizer.h"

#include <cstdint>
#include <string>
#include <vector>

namespace descent {

// What tasks on pictures with something beside them share. A network reads the picture, then the row, then the caption,
// as many of these as there are.

/// How captions became numbers: words in lower case, the vocabulary from the training part alone.
struct CaptionPreparation : TaskPreparation {
    Tokenizer words;
    std::string wordsHash() const override { return words.hash(); }
    std::int64_t longest = 1; ///< tokens that are kept of a caption

    // Of picture-text matching alone.
    std::vector<std::vector<std::int64_t>> prompts; ///< a class in words, one a class, `longest` ids each, padded with 0
    std::vector<bool> seen;                         ///< whether the training part has pictures of the class
};

/// int64 ids [longest] of each text, at least one, padded with 0 at the end; with their lengths.
SampleArray captionIds(const CaptionPreparation& preparation, const std::vector<std::string>& texts);

/// "a picture of a {}" and "zebra": "a picture of a zebra". A prompt without {} has the name behind it.
std::string classInWords(std::string prompt, const std::string& name);

/// Fills data.train.inputs, and data.test.inputs with ownTest, and data.brief.inputs: the picture, then the row unless
/// `withTable` is false, then the caption. Measures on the training part. data.dataset and data.split are there already.
void prepareInputs(PreparedData& data, const PreparationSettings& settings, bool withTable, CaptionPreparation& captions);

/// A picture that stands in several rows, each with a caption of its own, goes whole to the part of its first row: else it would
/// be learnt from and judged on. Rows of a part stay in the order of the source. Problem: a part has lost its last picture.
Problems keepPicturesTogether(Split& split, const PictureArray& pictures);

/// The same inputs' kinds and sizes, quickly: of words an upper bound.
std::vector<NetworkInput> inputsOf(const Dataset& dataset, const PreparationSettings& settings, bool withTable);

}
