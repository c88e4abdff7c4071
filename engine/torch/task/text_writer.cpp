// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/torch/task/text_writer.h"

#include "engine/core/text/utf8.h"

#include <ATen/ATen.h>
#include <algorithm>
#include <torch/utils.h>

namespace descent {

TextWriter::TextWriter(GraphNetwork& network, const LanguagePreparation& preparation, std::vector<std::int32_t> beginning,
                       at::Device device)
    : m_network{network}, m_preparation{preparation}, m_device{device}, m_tokens{std::move(beginning)}
{
}

std::int32_t TextWriter::next(const SamplingOptions& sampling, Random& random)
{
    const auto context = static_cast<std::size_t>(m_preparation.context);
    const std::size_t unread = m_tokens.size() - m_read;
    const bool pieces = m_network.readsPieces();
    if (!pieces || static_cast<std::size_t>(m_memory.written) + unread > context) {
        m_memory = {};
        const std::size_t kept = pieces && m_read > 0 ? std::max<std::size_t>(context / 2, 1) : context;
        m_read = m_tokens.size() - std::min(m_tokens.size(), kept);
    }
    const std::vector<std::int64_t> fresh(m_tokens.begin() + static_cast<std::ptrdiff_t>(m_read), m_tokens.end());
    const at::Tensor piece =
        at::from_blob(const_cast<std::int64_t*>(fresh.data()), {1, static_cast<std::int64_t>(fresh.size())}, at::kLong).to(m_device);
    const at::Tensor outputs = pieces ? m_network.forward(piece, m_memory) : m_network.forward(piece);
    const at::Tensor scores = outputs.select(1, outputs.size(1) - 1).to(at::kCPU, at::kFloat).contiguous();
    m_read = m_tokens.size();
    const std::span all{scores.const_data_ptr<float>(), static_cast<std::size_t>(scores.numel())};
    m_tokens.push_back(sampleToken(all, sampling, Tokenizer::specialTokens, random));
    return m_tokens.back();
}

std::vector<std::int32_t> promptTokens(const Tokenizer& tokenizer, std::string_view prompt)
{
    std::vector<std::int32_t> tokens = tokenizer.encode(prompt);
    if (tokens.empty())
        tokens = tokenizer.encode("\n");
    if (tokens.front() == Tokenizer::unknown && prompt.empty())
        tokens = {Tokenizer::specialTokens};
    return tokens;
}

ContinuationAnswer continued(GraphNetwork& network, const LanguagePreparation& preparation, const ContinuationQuestion& question,
                             const AskControl& control, at::Device device)
{
    const torch::NoGradGuard guard;
    network.eval();
    TextWriter writer{network, preparation, promptTokens(preparation.tokenizer, question.prompt), device};
    const std::size_t beginning = writer.tokens().size();
    Random random{derivedSeed(question.seed, "writing")};
    ContinuationAnswer answer;
    std::size_t told = 0;
    for (std::int64_t i = 0; i < question.length; ++i) {
        if (control.stop.stop_requested())
            throw Cancelled{};
        writer.next(question.sampling, random);
        answer.text = preparation.tokenizer.decode(std::span{writer.tokens()}.subspan(beginning));
        // A token may end within a character: its bytes wait for the rest.
        if (const std::size_t whole = wholeCharacters(answer.text); control.stream && whole > told) {
            control.stream(std::string_view{answer.text}.substr(told, whole - told));
            told = whole;
        }
        if (control.progress)
            control.progress(static_cast<double>(i + 1) / static_cast<double>(question.length));
    }
    if (control.stream && answer.text.size() > told)
        control.stream(std::string_view{answer.text}.substr(told));
    return answer;
}

}
