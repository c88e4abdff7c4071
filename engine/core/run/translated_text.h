// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <vector>

namespace descent {

/// A text and what a network makes of it.
struct TranslatedText {
    std::string source, text;
    std::string reference; ///< what a person made of it; empty where nobody did
    double score = 0;      ///< log probability in nats, divided by the length penalty: nearer to 0 is surer
    bool ended = true;     ///< false: the network was cut off before it came to an end
    bool cut = false;      ///< the source was too long and was read in part

    /// Where the network looked: for each word that was written, shares of the words read, which sum to about 1. The ends of
    /// both texts are words as well, written "<end>".
    std::vector<std::string> sourceWords, targetWords;
    std::vector<float> attention; ///< [targetWords, sourceWords]; empty where it was not asked for
    bool operator==(const TranslatedText&) const = default;
};

}
