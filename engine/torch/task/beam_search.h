// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <functional>
#include <span>
#include <vector>

namespace descent {

/// Texts that grow by a token a step, side by side, each in a row of its own.
class GrowingTexts {
public:
    virtual ~GrowingTexts() = default;
    /// Appends a token to every text and scores what may come next.
    /// newest   int64 [rows]
    /// returns  float [rows, vocabulary], logits, on any device; a token that may not come has -infinity
    virtual at::Tensor next(const at::Tensor& newest) = 0;
    /// From now on row i is what rows[i] was, int64 [new rows]: texts are left or go on in several ways.
    virtual void select(const at::Tensor& rows) = 0;
};

struct BeamOptions {
    std::int64_t width = 1;     ///< beginnings kept of each text; 1 is greedy: the likeliest token every time
    double lengthPenalty = 0.6; ///< alpha of arXiv:1609.08144, equation 14; 0 favours short texts
    std::int32_t begin = 0, end = 0;
};

/// A text that was found.
struct Hypothesis {
    std::vector<std::int32_t> tokens; ///< without begin and end
    double score = 0;                 ///< log probability, nats, divided by the length penalty
    bool ended = false;               ///< false: it was cut at its limit
};

/// The likeliest text of each row. A text ends when `width` of its beginnings have ended among the `width` best, or at its
/// limit; then the best of those that ended is taken, else the best beginning.
/// limits  most tokens of each text, the end among them, at least 1
/// Calls `interrupted` before each step; when it says yes, what is best so far comes back.
std::vector<Hypothesis> beamSearch(GrowingTexts& texts, std::span<const std::int64_t> limits, const BeamOptions& options,
                                   const std::function<bool()>& interrupted = {});

}
