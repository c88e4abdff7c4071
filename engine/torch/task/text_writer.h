// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/run/question.h"
#include "engine/core/task/text_settings.h"
#include "engine/torch/nn/graph_network.h"

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace descent {

/// Writes on, token after token. A network that reads pieces sees each token once; when its context is full, it reads the
/// newer half again and goes on from there. The network must be in evaluation mode, without gradients, and unchanged between
/// calls of next(). "Language Models are Unsupervised Multitask Learners" (2019)
class TextWriter {
public:
    /// `beginning`: at least one token; of more than the context the last are read.
    TextWriter(GraphNetwork& network, const LanguagePreparation& preparation, std::vector<std::int32_t> beginning, at::Device device);
    std::int32_t next(const SamplingOptions& sampling, Random& random);
    const std::vector<std::int32_t>& tokens() const { return m_tokens; } ///< the beginning and all that was written

private:
    GraphNetwork& m_network;
    const LanguagePreparation& m_preparation;
    const at::Device m_device;
    std::vector<std::int32_t> m_tokens;
    std::size_t m_read = 0; // of m_tokens
    DecodingState m_memory;
};

/// The tokens of a prompt; of an empty one a line end, or whatever the vocabulary begins with.
std::vector<std::int32_t> promptTokens(const Tokenizer& tokenizer, std::string_view prompt);

/// What follows the prompt, told piece by piece in whole characters. Throws Cancelled.
ContinuationAnswer continued(GraphNetwork& network, const LanguagePreparation& preparation, const ContinuationQuestion& question,
                             const AskControl& control, at::Device device);

}
