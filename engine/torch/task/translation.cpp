// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/metrics/bleu.h"
#include "engine/torch/task/classification.h"
#include "engine/torch/task/task_program.h"
#include "engine/torch/task/translator.h"
#include "engine/torch/train/options.h"

#include <ATen/ATen.h>
#include <torch/utils.h>

#include <algorithm>

namespace descent {

namespace {

using namespace std::chrono_literals;

/// Cross entropy over the tokens that are no padding: their mean, or their sum.
/// logits   float [batch, steps, vocabulary]
/// targets  int64 [batch, steps]
at::Tensor tokenLoss(const at::Tensor& logits, const at::Tensor& targets, at::Reduction::Reduction reduction, double labelSmoothing)
{
    return at::cross_entropy_loss(logits.flatten(0, 1), targets.flatten(), {}, reduction, Tokenizer::padding, labelSmoothing);
}

/// How the next token is guessed, and BLEU of what is written without help. On validation some texts are written greedily,
/// so that an epoch is judged within seconds; on test all are, with the recipe's beam.
class TranslationJudge : public Judge {
public:
    TranslationJudge(const Translator& translator, const TranslationOptions& options, bool onTest, const Samples& samples, at::Device device)
        : m_translator{translator}, m_options{options}, m_onTest{onTest}, m_samples{samples},
          m_loss{at::zeros({}, at::TensorOptions{at::kDouble}.device(device))},
          m_right{at::zeros({}, at::TensorOptions{at::kLong}.device(device))},
          m_tokens{at::zeros({}, at::TensorOptions{at::kLong}.device(device))}
    {
    }

    void take(GraphNetwork& network, const Batch& batch) override
    {
        // The scores of a whole batch for every word would be hundreds of megabytes.
        constexpr std::int64_t mostLogits = 8 << 20;
        const std::int64_t count = batch.size(), vocabulary = m_translator.preparation().target.vocabularySize();
        const std::int64_t some = std::max<std::int64_t>(1, mostLogits / (vocabulary * batch.targets.size(1)));
        for (std::int64_t start = 0; start < count; start += some) {
            const std::int64_t size = std::min(some, count - start);
            const at::Tensor targets = batch.targets.narrow(0, start, size);
            const at::Tensor logits =
                network.forward({batch.inputs[0].narrow(0, start, size), batch.inputs[1].narrow(0, start, size)});
            m_loss += tokenLoss(logits, targets, at::Reduction::Sum, 0);
            const at::Tensor counts = targets != Tokenizer::padding;
            m_right += ((logits.argmax(2) == targets) & counts).sum();
            m_tokens += counts.sum();
        }
        write(network, batch);
    }

    std::map<std::string, double> figures() override
    {
        const auto tokens = static_cast<double>(m_tokens.item<std::int64_t>());
        if (tokens == 0)
            return {};
        std::map<std::string, double> figures{{"loss", m_loss.item<double>() / tokens},
                                              {"token-accuracy", static_cast<double>(m_right.item<std::int64_t>()) / tokens}};
        const bool lowerCase = m_translator.preparation().target.options().lowerCase;
        figures["bleu"] = corpusBleu(m_written, m_references, lowerCase).score;
        std::int64_t equal = 0;
        for (std::size_t i = 0; i < m_written.size(); ++i)
            equal += m_written[i] == m_references[i];
        figures["exact-match"] = static_cast<double>(equal) / static_cast<double>(m_written.size());
        return figures;
    }

private:
    void write(GraphNetwork& network, const Batch& batch)
    {
        const std::int64_t left = m_options.bleuSentences - static_cast<std::int64_t>(m_written.size());
        const std::int64_t count = m_onTest ? batch.size() : std::min(batch.size(), left);
        if (count <= 0)
            return;
        const auto found = m_translator.search(network, batch.inputs[0].narrow(0, 0, count), m_onTest ? m_options.beamWidth : 1,
                                               m_options.lengthPenalty);
        for (std::int64_t i = 0; i < count; ++i) {
            m_written.push_back(m_translator.written(found[static_cast<std::size_t>(i)]));
            // As a person wrote it: what the tokenizer makes of it would be easier to meet.
            m_references.push_back(m_samples.targets.texts[static_cast<std::size_t>(batch.rows[static_cast<std::size_t>(i)])]);
        }
    }

    const Translator& m_translator;
    const TranslationOptions m_options;
    const bool m_onTest;
    const Samples& m_samples;
    at::Tensor m_loss, m_right, m_tokens;
    std::vector<std::string> m_written, m_references;
};

class TranslationProgram : public TaskProgram {
public:
    explicit TranslationProgram(const TaskContext& context)
        : m_data{context.request.data},
          m_options{translationOptions(context.request.recipe.task.parameters)},
          m_labelSmoothing{trainingOptions(context.request.recipe.training).labelSmoothing},
          m_device{context.device},
          m_translator{context.request.network, std::dynamic_pointer_cast<const TranslationPreparation>(m_data->task), context.device}
    {
    }

    at::Tensor loss(const at::Tensor& outputs, const Batch& batch) const override
    {
        return tokenLoss(outputs, batch.targets, at::Reduction::Mean, m_labelSmoothing);
    }

    std::optional<double> lossWeight(const Batch& batch) const override
    {
        return (batch.targets != Tokenizer::padding).sum().item<double>();
    }

    std::pair<std::string, at::Tensor> batchFigure(const at::Tensor& outputs, const Batch& batch) const override
    {
        constexpr std::int64_t looked = 16; // of all, finding the likeliest word would cost a hundredth of the step
        const std::int64_t count = std::min(looked, batch.size());
        const at::Tensor targets = batch.targets.narrow(0, 0, count), counts = targets != Tokenizer::padding;
        const at::Tensor right = (outputs.narrow(0, 0, count).argmax(2) == targets) & counts;
        return {"token-accuracy", right.sum().to(at::kFloat) / counts.sum()};
    }

    std::unique_ptr<Judge> judge(const std::map<std::string, double>& chosen) const override
    {
        const bool onTest = !chosen.empty();
        const Dataset& dataset = *m_data->dataset;
        return std::make_unique<TranslationJudge>(m_translator, m_options, onTest,
                                                  onTest && m_data->split.ownTest ? *dataset.test : dataset.train, m_device);
    }

    std::vector<LivePreview> previews() const override
    {
        return {{2s, [this](GraphNetwork& network, std::int64_t step) -> Preview { return look(network, step); }}};
    }

    Answer answer(GraphNetwork& network, const Question& question, const AskControl& control) const override
    {
        const auto* asked = std::get_if<TranslationQuestion>(&question);
        if (!asked)
            return TaskProgram::answer(network, question, control);
        TranslationAnswer answer{m_translator.translate(network, asked->texts, asked->beamWidth > 0 ? asked->beamWidth : m_options.beamWidth,
                                                        m_options.lengthPenalty, [&] { return control.stop.stop_requested(); })};
        if (control.stop.stop_requested())
            throw Cancelled{};
        return answer;
    }

private:
    /// A few held-back texts, always the same ones.
    TranslationPreview look(GraphNetwork& network, std::int64_t step) const
    {
        constexpr std::size_t shown = 5;
        const torch::NoGradGuard guard;
        const bool wasTraining = network.is_training();
        network.eval();
        const std::vector<std::int64_t>& rows = m_data->split.validation;
        const Samples& samples = m_data->dataset->train;
        std::vector<std::string> sources, references;
        for (std::size_t i = 0; i < std::min(shown, rows.size()); ++i) {
            const auto row = static_cast<std::size_t>(rows[i * rows.size() / std::min(shown, rows.size())]);
            sources.push_back(std::get<Texts>(samples.inputs).texts[row]);
            references.push_back(samples.targets.texts[row]);
        }
        // A network that knows nothing yet writes on and on: what has not ended by then is shown as far as it is.
        const auto until = std::chrono::steady_clock::now() + 60ms;
        TranslationPreview preview{.step = step};
        if (step > 0)
            preview.texts = m_translator.translate(network, sources, 1, m_options.lengthPenalty,
                                                   [until] { return std::chrono::steady_clock::now() > until; });
        preview.texts.resize(sources.size());
        for (std::size_t i = 0; i < sources.size(); ++i) {
            preview.texts[i].source = sources[i];
            preview.texts[i].reference = references[i];
        }
        network.train(wasTraining);
        return preview;
    }

    std::shared_ptr<const PreparedData> m_data;
    const TranslationOptions m_options;
    const double m_labelSmoothing;
    const at::Device m_device;
    const Translator m_translator;
};

}

std::unique_ptr<TaskProgram> translationProgram(const TaskContext& context)
{
    return std::make_unique<TranslationProgram>(context);
}

}
