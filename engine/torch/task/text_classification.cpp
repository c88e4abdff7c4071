// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/metrics/ranking.h"
#include "engine/core/task/text_settings.h"
#include "engine/torch/task/classification.h"
#include "engine/torch/task/sample_answers.h"

#include <ATen/ATen.h>
#include <algorithm>
#include <cmath>
#include <limits>
#include <torch/utils.h>

namespace descent {

namespace {

using namespace std::chrono_literals;

/// Beside what every classification has, with two classes auc: of the second one's scores.
class TextJudge : public ClassificationJudge {
public:
    TextJudge(std::int64_t classes, at::Device device) : ClassificationJudge{classes, device}, m_binary{classes == 2} {}
    void take(const at::Tensor& outputs, const Batch& batch) override
    {
        ClassificationJudge::take(outputs, batch);
        if (!m_binary)
            return;
        m_scores.push_back(outputs.select(1, 1) - outputs.select(1, 0));
        m_positives.push_back(batch.targets);
    }
    std::map<std::string, double> figures() override
    {
        std::map<std::string, double> figures = ClassificationJudge::figures();
        if (figures.empty() || !m_binary)
            return figures;
        const at::Tensor scores = at::cat(m_scores).to(at::kCPU, at::kFloat).contiguous();
        const at::Tensor positives = at::cat(m_positives).to(at::kCPU, at::kByte).contiguous();
        const auto count = static_cast<std::size_t>(scores.numel());
        const std::span values{scores.const_data_ptr<float>(), count};
        const bool finite = std::all_of(values.begin(), values.end(), [](float value) { return std::isfinite(value); });
        figures["auc"] = finite ? rocAuc(RankedScores{values, std::span{positives.const_data_ptr<std::uint8_t>(), count}})
                                : std::numeric_limits<double>::quiet_NaN();
        return figures;
    }

private:
    const bool m_binary;
    std::vector<at::Tensor> m_scores, m_positives;
};

class TextClassificationProgram : public ClassificationProgram {
public:
    explicit TextClassificationProgram(const TaskContext& context)
        : ClassificationProgram{context},
          m_data{context.request.data},
          m_tokenizer{dynamic_cast<const TextPreparation&>(*m_data->task).tokenizer},
          m_device{context.device}
    {
        // Texts of the validation part, the classes in turn, and not longer than what can be shown.
        constexpr std::size_t shown = 8, longestShown = 60;
        const Targets& targets = m_data->dataset->train.targets;
        const std::vector<std::int32_t>& lengths = m_data->train.inputs.front().lengths;
        std::vector<std::size_t> taken(targets.classNames.size());
        const std::size_t each = std::max<std::size_t>(1, shown / taken.size());
        for (const bool shortOnly : {true, false})
            for (const std::int64_t row : m_data->split.validation) {
                const auto i = static_cast<std::size_t>(row);
                const auto length = static_cast<std::size_t>(lengths[i]);
                if (m_rows.size() >= shown || (shortOnly && (length < 4 || length > longestShown)) || std::ranges::count(m_rows, row) > 0)
                    continue;
                std::size_t& ofClass = taken[static_cast<std::size_t>(targets.classes[i])];
                if (shortOnly && ofClass >= each)
                    continue;
                ++ofClass;
                m_rows.push_back(row);
            }
        m_batch = context.trainSamples.gather(m_rows);
    }

    std::unique_ptr<Judge> judge(const std::map<std::string, double>&) const override
    {
        return std::make_unique<TextJudge>(m_data->brief.outputs, m_device);
    }
    Answer answer(GraphNetwork& network, const Question& question, const AskControl& control) const override
    {
        const auto* asked = std::get_if<TextsQuestion>(&question);
        if (!asked)
            return TaskProgram::answer(network, question, control);
        const std::int64_t length = m_data->train.inputs.front().shape.front();
        const auto sequences = encodedTexts(m_tokenizer, asked->texts, static_cast<std::size_t>(length), {.stop = control.stop});
        const auto count = std::ssize(asked->texts);
        return answerSamples(network, askedSamples(paddedTokens(sequences, length), count, m_device), count, control,
                             [](const at::Tensor& outputs) { return outputs.softmax(1); });
    }
    std::vector<LivePreview> previews() const override
    {
        return {{500ms, [this](GraphNetwork& network, std::int64_t step) -> Preview { return look(network, step); }}};
    }

private:
    /// Each word in turn is replaced by the unknown one: what the likeliest class loses by it is the word's weight.
    /// "Understanding Neural Networks through Representation Erasure", arXiv:1612.08220
    TextPreview look(GraphNetwork& network, std::int64_t step) const
    {
        constexpr std::int64_t weighed = 60; // pieces of a text; a look stays cheap
        TextPreview preview{.step = step, .spaced = m_tokenizer.options().kind == TokenizerKind::word};
        const torch::NoGradGuard guard;
        const at::Tensor& ids = m_batch.inputs.front();
        const at::Tensor outputs = outputsOf(network, {ids});
        const at::Tensor probabilities = outputs.softmax(1).to(at::kCPU, at::kFloat).contiguous();
        const std::vector<std::string>& texts = std::get<Texts>(m_data->dataset->train.inputs).texts;
        for (std::size_t i = 0; i < m_rows.size(); ++i) {
            const auto at = static_cast<std::int64_t>(i);
            const auto row = static_cast<std::size_t>(m_rows[i]);
            const std::int64_t length = m_data->train.inputs.front().lengths[row], shown = std::min(length, weighed);
            TextPreview::Sentence sentence{.index = m_rows[i], .truth = m_data->dataset->train.targets.classes[row]};
            sentence.pieces = m_tokenizer.split(texts[row]);
            sentence.cut = std::ssize(sentence.pieces) > shown;
            sentence.pieces.resize(static_cast<std::size_t>(shown));
            const float* probability = probabilities.const_data_ptr<float>() + at * probabilities.size(1);
            sentence.probabilities.assign(probability, probability + probabilities.size(1));

            at::Tensor without = ids.narrow(0, at, 1).narrow(1, 0, length).repeat({shown, 1});
            without.diagonal().fill_(Tokenizer::unknown);
            const at::Tensor odds = logOdds(outputsOf(network, {without}), outputs[at].argmax());
            const at::Tensor whole = logOdds(outputs.narrow(0, at, 1), outputs[at].argmax());
            const at::Tensor lost = (whole - odds).to(at::kCPU, at::kFloat).contiguous();
            sentence.weights.assign(lost.const_data_ptr<float>(), lost.const_data_ptr<float>() + lost.numel());
            preview.sentences.push_back(std::move(sentence));
        }
        return preview;
    }

    /// ln(p / (1 - p)) of one class, [batch].
    static at::Tensor logOdds(const at::Tensor& outputs, const at::Tensor& one)
    {
        const at::Tensor others = outputs.index_fill(1, one.view({1}), -std::numeric_limits<double>::infinity());
        return outputs.index_select(1, one.view({1})).squeeze(1) - others.logsumexp(1);
    }

    const std::shared_ptr<const PreparedData> m_data;
    const Tokenizer& m_tokenizer; // of m_data
    const at::Device m_device;
    std::vector<std::int64_t> m_rows; // shown
    Batch m_batch;                    // of m_rows
};

}

std::unique_ptr<TaskProgram> textClassificationProgram(const TaskContext& context)
{
    return std::make_unique<TextClassificationProgram>(context);
}

}
