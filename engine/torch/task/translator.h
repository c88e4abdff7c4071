// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/run/translated_text.h"
#include "engine/core/task/translation.h"
#include "engine/torch/nn/graph_network.h"
#include "engine/torch/task/beam_search.h"

#include <functional>
#include <memory>
#include <span>
#include <string>
#include <vector>

namespace descent {

/// Writes texts with a network of two token inputs: the source is encoded once, then each step reads the newest token alone.
/// All calls want `network` in evaluation mode and no gradients.
class Translator {
public:
    Translator(const NetworkSpec& spec, std::shared_ptr<const TranslationPreparation> preparation, at::Device device);

    const TranslationPreparation& preparation() const { return *m_preparation; }

    /// source  int64 [batch, steps] on the device, padded with 0
    std::vector<Hypothesis> search(GraphNetwork& network, const at::Tensor& source, std::int64_t beamWidth, double lengthPenalty,
                                   const std::function<bool()>& interrupted = {}) const;

    /// Texts of any length, several at a time, with where the network looked.
    std::vector<TranslatedText> translate(GraphNetwork& network, std::span<const std::string> texts, std::int64_t beamWidth,
                                          double lengthPenalty, const std::function<bool()>& interrupted = {}) const;

    std::string written(const Hypothesis& hypothesis) const { return m_preparation->target.decode(hypothesis.tokens); }

private:
    void addAttention(GraphNetwork& network, const std::vector<std::int64_t>& source, const Hypothesis& hypothesis,
                      TranslatedText& translation) const;

    std::vector<std::string> m_encoded; // layers that are known once the source is read
    std::string m_head;
    std::shared_ptr<const TranslationPreparation> m_preparation;
    at::Device m_device;
};

}
