// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/torch/task/translator.h"

#include "engine/core/network/sequence_pairs.h"
#include "engine/torch/data/device_samples.h"
#include "engine/torch/nn/operation.h"

#include <ATen/ATen.h>
#include <algorithm>
#include <limits>
#include <map>

namespace descent {

namespace {

using Values = std::map<std::string, at::Tensor, std::less<>>;

class NetworkTexts : public GrowingTexts {
public:
    NetworkTexts(GraphNetwork& network, const std::string& head, const std::vector<std::string>& encoded, const at::Tensor& source)
        : m_network{network}, m_head{head}, m_source{source}
    {
        const at::Tensor nothing = at::full({source.size(0), 1}, Tokenizer::begin, source.options());
        for (const std::string& layer : encoded) // what is known spares the next one its way
            m_known.emplace(layer, network.valueOf(layer, {m_source, nothing}, m_known));
    }

    at::Tensor next(const at::Tensor& newest) override
    {
        at::Tensor logits =
            m_network.valueOf(m_head, {m_source, newest.to(m_source.device()).unsqueeze(1)}, m_known, &m_state).select(1, 0);
        for (const std::int64_t never : {Tokenizer::padding, Tokenizer::unknown, Tokenizer::begin})
            logits.select(1, never).fill_(-std::numeric_limits<double>::infinity());
        return logits;
    }

    void select(const at::Tensor& rows) override
    {
        const at::Tensor onDevice = rows.to(m_source.device());
        m_source = m_source.index_select(0, onDevice);
        for (auto& [layer, value] : m_known)
            value = value.index_select(0, onDevice);
        m_state.select(onDevice);
    }

private:
    GraphNetwork& m_network;
    const std::string& m_head;
    at::Tensor m_source;
    Values m_known;
    DecodingState m_state;
};

/// Sums of columns and means of rows, so that shares of tokens become shares of words.
std::vector<float> byWords(const at::Tensor& attention, const std::vector<std::size_t>& targetStarts,
                           const std::vector<std::size_t>& sourceStarts)
{
    const auto shares = attention.accessor<float, 2>();
    const auto end = [](const std::vector<std::size_t>& starts, std::size_t i, std::int64_t count) {
        return i + 1 < starts.size() ? starts[i + 1] : static_cast<std::size_t>(count);
    };
    std::vector<float> words;
    for (std::size_t t = 0; t < targetStarts.size(); ++t)
        for (std::size_t s = 0; s < sourceStarts.size(); ++s) {
            float sum = 0;
            const std::size_t lastTarget = end(targetStarts, t, shares.size(0)), lastSource = end(sourceStarts, s, shares.size(1));
            for (std::size_t i = targetStarts[t]; i < lastTarget; ++i)
                for (std::size_t k = sourceStarts[s]; k < lastSource; ++k)
                    sum += shares[static_cast<std::int64_t>(i)][static_cast<std::int64_t>(k)];
            words.push_back(sum / static_cast<float>(lastTarget - targetStarts[t]));
        }
    return words;
}

/// Words as they are read, their tokens put together; the last token is the end.
std::vector<std::string> wordsOf(const Tokenizer& tokenizer, const std::vector<std::int32_t>& tokens, bool ended, std::vector<std::size_t>& starts)
{
    std::vector<std::string> pieces;
    for (const std::int32_t token : tokens)
        pieces.push_back(tokenizer.piece(token));
    starts = wordStarts(pieces, tokenizer.options().kind);
    std::vector<std::string> words;
    for (std::size_t i = 0; i < starts.size(); ++i) {
        const std::size_t last = i + 1 < starts.size() ? starts[i + 1] : tokens.size();
        words.push_back(tokenizer.decode(std::span{tokens}.subspan(starts[i], last - starts[i])));
        if (words.back().size() > 1 && words.back().front() == ' ')
            words.back().erase(0, 1);
    }
    if (ended) {
        starts.push_back(tokens.size());
        words.push_back(tokenizer.piece(Tokenizer::end));
    }
    return words;
}

}

Translator::Translator(const NetworkSpec& spec, std::shared_ptr<const TranslationPreparation> preparation, at::Device device)
    : m_encoded{encodedLayers(spec)}, m_head{spec.layers.back().name}, m_preparation{std::move(preparation)}, m_device{device}
{
}

std::vector<Hypothesis> Translator::search(GraphNetwork& network, const at::Tensor& source, std::int64_t beamWidth,
                                           double lengthPenalty, const std::function<bool()>& interrupted) const
{
    const at::Tensor lengths = (source != Tokenizer::padding).sum(1).cpu();
    std::vector<std::int64_t> limits;
    for (std::int64_t i = 0; i < lengths.size(0); ++i) // a text is seldom twice as long in other words
        limits.push_back(std::min(m_preparation->maximumLength, 2 * lengths[i].item<std::int64_t>() + 10));
    NetworkTexts texts{network, m_head, m_encoded, source};
    return beamSearch(texts, limits,
                      {.width = beamWidth, .lengthPenalty = lengthPenalty, .begin = Tokenizer::begin, .end = Tokenizer::end},
                      interrupted);
}

std::vector<TranslatedText> Translator::translate(GraphNetwork& network, std::span<const std::string> texts, std::int64_t beamWidth,
                                                  double lengthPenalty, const std::function<bool()>& interrupted) const
{
    constexpr std::size_t together = 64;
    std::vector<TranslatedText> translations;
    for (std::size_t start = 0; start < texts.size() && !(interrupted && interrupted()); start += together) {
        const auto some = texts.subspan(start, std::min(together, texts.size() - start));
        std::vector<std::vector<std::int64_t>> ids;
        std::size_t longest = 0;
        for (const std::string& text : some) {
            ids.push_back(m_preparation->sourceIds(text));
            longest = std::max(longest, ids.back().size());
        }
        std::vector<std::int64_t> padded;
        for (std::vector<std::int64_t> row : ids) {
            row.resize(longest, Tokenizer::padding);
            padded.insert(padded.end(), row.begin(), row.end());
        }
        const at::Tensor source =
            rowsTensor(padded, m_device).view({static_cast<std::int64_t>(some.size()), static_cast<std::int64_t>(longest)});
        const std::vector<Hypothesis> found = search(network, source, beamWidth, lengthPenalty, interrupted);
        for (std::size_t i = 0; i < some.size(); ++i) {
            TranslatedText translation{.source = some[i], .text = written(found[i]), .score = found[i].score, .ended = found[i].ended};
            translation.cut = std::ssize(m_preparation->source.encode(some[i])) >= m_preparation->maximumLength;
            addAttention(network, ids[i], found[i], translation);
            translations.push_back(std::move(translation));
        }
    }
    return translations;
}

void Translator::addAttention(GraphNetwork& network, const std::vector<std::int64_t>& source, const Hypothesis& hypothesis,
                              TranslatedText& translation) const
{
    std::vector<std::int64_t> read{Tokenizer::begin};
    read.insert(read.end(), hypothesis.tokens.begin(), hypothesis.tokens.end());
    if (!hypothesis.ended && !hypothesis.tokens.empty())
        read.pop_back(); // the last token was written and not read any more
    DecodingState state;
    state.keepsAttention = true;
    network.valueOf(m_head, {rowsTensor(source, m_device).unsqueeze(0), rowsTensor(read, m_device).unsqueeze(0)}, {}, &state);
    if (!state.attention.defined())
        return;
    const at::Tensor attention = state.attention.squeeze(0).to(at::kCPU, at::kFloat).contiguous();
    std::vector<std::size_t> sourceStarts, targetStarts;
    const std::vector<std::int32_t> sourceTokens{source.begin(), source.end() - 1}; // without the end
    translation.sourceWords = wordsOf(m_preparation->source, sourceTokens, true, sourceStarts);
    translation.targetWords = wordsOf(m_preparation->target, hypothesis.tokens, hypothesis.ended, targetStarts);
    translation.attention = byWords(attention, targetStarts, sourceStarts);
}

}
