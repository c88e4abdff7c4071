// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/torch/task/text_writer.h"

#include "engine/core/text/utf8.h"
#include "engine/torch/task/task_program.h"
#include "engine/torch/train/options.h"

#include <ATen/ATen.h>
#include <algorithm>
#include <cmath>
#include <torch/utils.h>

namespace descent {

namespace {

using namespace std::chrono_literals;

/// Of scores [batch, steps, tokens] against the tokens that came, padding left out.
at::Tensor nextTokenLoss(const at::Tensor& scores, const at::Tensor& targets, at::Reduction::Reduction reduction, double smoothing = 0)
{
    return at::cross_entropy_loss(scores.flatten(0, 1), targets.flatten(), {}, reduction, Tokenizer::padding, smoothing);
}

/// Characters that each token begins, so that a part's tokens sum to its characters also where a token ends within one.
at::Tensor charactersOf(const Tokenizer& tokenizer, at::Device device)
{
    std::vector<std::int64_t> counts;
    for (std::int32_t token = 0; token < tokenizer.vocabularySize(); ++token) {
        const std::string& piece = tokenizer.piece(token);
        counts.push_back(token == Tokenizer::unknown     ? 1
                             : token < Tokenizer::specialTokens ? 0
                                                                : std::count_if(piece.begin(), piece.end(), [](char c) {
                                                                      return (static_cast<unsigned char>(c) & 0xC0) != 0x80;
                                                                  }));
    }
    return rowsTensor(counts, device);
}

/// loss (nats a token), perplexity (its exponential) and bits-per-character, all over every token given.
class LanguageJudge : public Judge {
public:
    LanguageJudge(at::Tensor characters, at::Device device)
        : m_characters{std::move(characters)},
          m_loss{at::zeros({}, at::TensorOptions{at::kDouble}.device(device))},
          m_counts{at::zeros({2}, at::TensorOptions{at::kLong}.device(device))}
    {
    }
    void take(GraphNetwork& network, const Batch& batch) override
    {
        m_loss += nextTokenLoss(network.forward(batch.inputs), batch.targets, at::Reduction::Sum);
        m_counts += at::stack({(batch.targets != Tokenizer::padding).sum(), m_characters.index_select(0, batch.targets.flatten()).sum()});
    }
    std::map<std::string, double> figures() override
    {
        const at::Tensor counts = m_counts.to(at::kCPU);
        const auto tokens = static_cast<double>(counts[0].item<std::int64_t>());
        const auto characters = static_cast<double>(counts[1].item<std::int64_t>());
        if (tokens == 0)
            return {};
        const double nats = m_loss.item<double>();
        return {{"loss", nats / tokens},
                {"perplexity", std::exp(nats / tokens)},
                {"bits-per-character", nats / std::log(2.0) / std::max(1.0, characters)}};
    }

private:
    const at::Tensor m_characters; // int64 [vocabulary]
    at::Tensor m_loss;             // double scalar, sum in nats
    at::Tensor m_counts;           // int64 [2]: tokens, characters
};

class LanguageModellingProgram : public TaskProgram {
public:
    explicit LanguageModellingProgram(const TaskContext& context)
        : m_data{context.request.data},
          m_preparation{dynamic_cast<const LanguagePreparation&>(*m_data->task)},
          m_device{context.device},
          m_smoothing{trainingOptions(context.request.recipe.training).labelSmoothing},
          m_characters{charactersOf(m_preparation.tokenizer, context.device)},
          m_random{derivedSeed(static_cast<std::uint64_t>(context.request.recipe.seed), "writing")}
    {
        const Schema& schema = context.request.task.schema;
        const Parameters& settings = context.request.recipe.task.parameters;
        m_sampling = {.temperature = realOf(schema, settings, "temperature"),
                      .topK = integerOf(schema, settings, "topK"),
                      .topP = realOf(schema, settings, "topP")};
        m_prompt = textOf(schema, settings, "prompt");
        if (m_prompt.empty()) { // a line of the validation part
            const std::string& beginning = m_preparation.validationBeginning;
            // The part may begin within a line: the next whole one, where there is one.
            const std::size_t cut = beginning.find('\n');
            const std::size_t line = beginning.find_first_not_of("\n\r ", cut == std::string::npos ? 0 : cut);
            constexpr std::size_t longestPrompt = 48;
            std::string_view taken = line == std::string::npos ? std::string_view{} : std::string_view{beginning}.substr(line, longestPrompt);
            taken = taken.substr(0, std::min(taken.find('\n'), taken.size()));
            m_prompt = taken.substr(0, wholeCharacters(taken));
        }
    }

    at::Tensor loss(const at::Tensor& outputs, const Batch& batch) const override
    {
        return nextTokenLoss(outputs, batch.targets, at::Reduction::Mean, m_smoothing);
    }
    std::optional<double> lossWeight(const Batch& batch) const override
    {
        return (batch.targets != Tokenizer::padding).sum().item<double>();
    }
    std::pair<std::string, at::Tensor> batchFigure(const at::Tensor& outputs, const Batch& batch) const override
    {
        const at::Tensor nats = nextTokenLoss(outputs, batch.targets, at::Reduction::Sum);
        return {"bits-per-character",
                nats / (m_characters.index_select(0, batch.targets.flatten()).sum().clamp_min(1) * std::log(2.0))};
    }
    std::unique_ptr<Judge> judge(const std::map<std::string, double>&) const override
    {
        return std::make_unique<LanguageJudge>(m_characters, m_device);
    }
    std::vector<LivePreview> previews() const override
    {
        return {{100ms, [this](GraphNetwork& network, std::int64_t step) -> Preview { return writeOn(network, step); }}};
    }
    Answer answer(GraphNetwork& network, const Question& question, const AskControl& control) const override
    {
        if (const auto* continuation = std::get_if<ContinuationQuestion>(&question))
            return continued(network, m_preparation, *continuation, control, m_device);
        return TaskProgram::answer(network, question, control);
    }

private:
    /// A few tokens more at each look, so that a look is cheap and one sees the writing get better; then anew.
    WrittenText writeOn(GraphNetwork& network, std::int64_t step) const
    {
        constexpr int tokensALook = 16;
        constexpr std::size_t longestText = 600;
        const torch::NoGradGuard guard;
        const bool wasTraining = network.is_training();
        network.eval();
        const std::vector<std::int32_t> prompt = promptTokens(m_preparation.tokenizer, m_prompt);
        if (m_written.size() < prompt.size() || m_written.size() > prompt.size() + longestText)
            m_written = prompt;
        TextWriter writer{network, m_preparation, m_written, m_device};
        for (int i = 0; i < tokensALook; ++i)
            writer.next(m_sampling, m_random);
        m_written = writer.tokens();
        network.train(wasTraining);
        std::string text = m_preparation.tokenizer.decode(std::span{m_written}.subspan(prompt.size()));
        text.resize(wholeCharacters(text));
        return {.step = step, .prompt = m_preparation.tokenizer.decode(prompt), .text = std::move(text)};
    }

    const std::shared_ptr<const PreparedData> m_data; // keeps m_preparation
    const LanguagePreparation& m_preparation;
    const at::Device m_device;
    const double m_smoothing;
    const at::Tensor m_characters;
    SamplingOptions m_sampling;
    std::string m_prompt;
    mutable Random m_random; // of the text shown; touches nothing that is learnt
    mutable std::vector<std::int32_t> m_written;
};

}

std::unique_ptr<TaskProgram> languageModellingProgram(const TaskContext& context)
{
    return std::make_unique<LanguageModellingProgram>(context);
}

}
