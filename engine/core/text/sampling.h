// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/base/random.h"

#include <cstdint>
#include <span>

namespace descent {

/// How the next token is drawn from the scores of all.
struct SamplingOptions {
    double temperature = 0.8;  ///< below 1 keeps to what is likely, above 1 dares more; 0 always takes the likeliest
    std::int64_t topK = 0;     ///< only the k likeliest; 0: all. "Hierarchical Neural Story Generation", arXiv:1805.04833
    double topP = 1;           ///< only the likeliest that together have this probability. arXiv:1904.09751
    bool operator==(const SamplingOptions&) const = default;
};

/// Draws a token from `scores` (logits, one a token). Tokens below `first` are never drawn: padding and its like.
/// Scores that are not finite are never drawn; when none is left, the result is `first`.
std::int32_t sampleToken(std::span<const float> scores, const SamplingOptions& options, std::int32_t first, Random& random);

}
