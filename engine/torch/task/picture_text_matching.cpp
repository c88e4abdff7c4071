// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/task/pictures_and_more.h"
#include "engine/torch/task/matching_loss.h"
#include "engine/torch/task/preview.h"
#include "engine/torch/task/sample_answers.h"
#include "engine/torch/task/task_program.h"

#include <ATen/ATen.h>
#include <algorithm>
#include <torch/utils.h>

namespace descent {

namespace {

using namespace std::chrono_literals;

constexpr std::size_t shownProbes = 8, shownFound = 3, captionsToChooseFrom = 200;

/// The classes in words, ready for the network.
struct Prompts {
    at::Tensor ids;  // int64 [classes, steps]; undefined where samples have no classes
    at::Tensor seen; // bool [classes]: there were pictures of the class to learn from

    /// float [classes, width]; the network in evaluation mode.
    at::Tensor vectors(GraphNetwork& network) const { return network.valueOf("text", {at::Tensor{}, ids}); }
};

Prompts promptsOf(const PreparedData& data, at::Device device)
{
    const auto& captions = dynamic_cast<const CaptionPreparation&>(*data.task);
    if (captions.prompts.empty())
        return {};
    const auto classes = static_cast<std::int64_t>(captions.prompts.size());
    Prompts prompts{at::empty({classes, captions.longest}, at::kLong), at::empty({classes}, at::kBool)};
    for (std::int64_t i = 0; i < classes; ++i) {
        const auto& ids = captions.prompts[static_cast<std::size_t>(i)];
        std::copy(ids.begin(), ids.end(), prompts.ids.data_ptr<std::int64_t>() + i * captions.longest);
        prompts.seen.data_ptr<bool>()[i] = captions.seen[static_cast<std::size_t>(i)];
    }
    return {prompts.ids.to(device), prompts.seen.to(device)};
}

std::vector<double> toDoubles(const at::Tensor& values)
{
    const at::Tensor host = values.to(at::kCPU, at::kDouble).contiguous();
    return {host.const_data_ptr<double>(), host.const_data_ptr<double>() + host.numel()};
}

at::Tensor shareOf(const at::Tensor& right)
{
    return right.to(at::kDouble).mean();
}

/// recall-1, recall-5 (the right caption among all of these samples), picture-recall-1, picture-recall-5; where there are
/// classes zero-shot-accuracy, and unseen-accuracy over those that were never learnt from, by their words among all classes;
/// loss (of batches as they come).
class MatchingJudge : public Judge {
public:
    MatchingJudge(const Prompts& prompts, double temperature) : m_prompts{prompts}, m_temperature{temperature} {}

    void take(GraphNetwork& network, const Batch& batch) override
    {
        const at::Tensor outputs = network.forward(batch.inputs);
        m_pictures.push_back(outputs.select(1, 0));
        m_texts.push_back(outputs.select(1, 1));
        m_targets.push_back(batch.targets);
        const at::Tensor loss = contrastiveLoss(m_pictures.back(), m_texts.back(), batch.targets.select(1, 0), m_temperature)
            * static_cast<double>(batch.size());
        m_loss = m_loss.defined() ? m_loss + loss : loss;
        if (m_prompts.ids.defined() && !m_classes.defined())
            m_classes = m_prompts.vectors(network);
    }

    std::map<std::string, double> figures() override
    {
        if (m_pictures.empty())
            return {};
        const at::Tensor pictures = at::cat(m_pictures), texts = at::cat(m_texts), targets = at::cat(m_targets);
        const at::Tensor captions = targets.select(1, 0), classes = targets.select(1, 1);
        const at::Tensor forPicture = ranksOfOwn(pictures, texts, captions), forText = ranksOfOwn(texts, pictures, captions);
        std::map<std::string, double> figures{{"loss", m_loss.item<double>() / static_cast<double>(pictures.size(0))},
                                              {"recall-1", shareOf(forPicture < 1).item<double>()},
                                              {"recall-5", shareOf(forPicture < 5).item<double>()},
                                              {"picture-recall-1", shareOf(forText < 1).item<double>()},
                                              {"picture-recall-5", shareOf(forText < 5).item<double>()}};
        if (!m_classes.defined())
            return figures;
        const at::Tensor right = pictures.mm(m_classes.t()).argmax(1) == classes;
        figures["zero-shot-accuracy"] = shareOf(right).item<double>();
        const at::Tensor unseen = m_prompts.seen.index_select(0, classes).logical_not();
        if (unseen.any().item<bool>())
            figures["unseen-accuracy"] = shareOf(right.masked_select(unseen)).item<double>();
        return figures;
    }

private:
    const Prompts& m_prompts;
    const double m_temperature;
    std::vector<at::Tensor> m_pictures, m_texts, m_targets;
    at::Tensor m_loss;    // double scalar, sum
    at::Tensor m_classes; // float [classes, width]
};

class PictureTextMatchingProgram : public TaskProgram {
public:
    explicit PictureTextMatchingProgram(const TaskContext& context)
        : m_data{context.request.data},
          m_samples{context.trainSamples},
          m_temperature{realOf(context.request.task.schema, context.request.recipe.task.parameters, "temperature")},
          m_prompt{textOf(context.request.task.schema, context.request.recipe.task.parameters, "prompt")},
          m_prompts{promptsOf(*m_data, context.device)}
    {
    }

    at::Tensor loss(const at::Tensor& outputs, const Batch& batch) const override
    {
        return contrastiveLoss(outputs.select(1, 0), outputs.select(1, 1), batch.targets.select(1, 0), m_temperature);
    }

    std::pair<std::string, at::Tensor> batchFigure(const at::Tensor& outputs, const Batch& batch) const override
    {
        return {"recall-1", shareOf(ranksOfOwn(outputs.select(1, 0), outputs.select(1, 1), batch.targets.select(1, 0)) < 1)};
    }

    std::unique_ptr<Judge> judge(const std::map<std::string, double>&) const override
    {
        return std::make_unique<MatchingJudge>(m_prompts, m_temperature);
    }

    Answer answer(GraphNetwork& network, const Question& question, const AskControl& control) const override
    {
        const auto* words = std::get_if<WordsQuestion>(&question);
        if (!words)
            return TaskProgram::answer(network, question, control);
        std::vector<std::string> captions;
        for (const std::string& word : words->words)
            captions.push_back(words->areCaptions ? word : classInWords(m_prompt, word));
        const auto& preparation = dynamic_cast<const CaptionPreparation&>(*m_data->task);
        WordsAnswer answer;
        for (const std::string& caption : captions) {
            const std::vector<std::string> pieces = preparation.words.split(caption);
            const std::vector<std::int32_t> tokens = preparation.words.encode(caption);
            for (std::size_t i = 0; i < tokens.size(); ++i)
                if (tokens[i] == Tokenizer::unknown && std::find(answer.unknown.begin(), answer.unknown.end(), pieces[i]) == answer.unknown.end())
                    answer.unknown.push_back(pieces[i]);
        }
        const SampleArray ids = captionIds(preparation, captions);
        const auto& values = *std::get<SampleArray::Ids>(ids.values);
        const at::Tensor texts = at::tensor(values, at::kLong).view({static_cast<std::int64_t>(captions.size()), preparation.longest});
        const std::vector<std::int64_t> first{0};
        const at::Tensor picture =
            askedPictures({&words->picture, 1}, std::get<PicturesAndMore>(m_data->dataset->train.inputs).pictures, m_data->pictures, m_samples.device())
                .gather(first)
                .inputs.front();
        const std::vector<at::Tensor> inputs{picture, texts.to(m_samples.device())};
        const at::Tensor cosines = network.valueOf("picture", inputs).mm(network.valueOf("text", inputs).t()).squeeze(0);
        const at::Tensor probabilities = (cosines / m_temperature).softmax(0);
        answer.cosines = toDoubles(cosines);
        answer.probabilities = toDoubles(probabilities);
        return answer;
    }

    std::vector<LivePreview> previews() const override
    {
        return {{1500ms, [this](GraphNetwork& network, std::int64_t step) -> Preview { return look(network, step); }}};
    }

private:
    MatchPreview look(GraphNetwork& network, std::int64_t step) const
    {
        const torch::NoGradGuard guard;
        const auto& both = std::get<PicturesAndMore>(m_data->dataset->train.inputs);
        const auto& validation = m_data->split.validation;
        const std::vector<std::int64_t> rows(
            validation.begin(), validation.begin() + static_cast<std::ptrdiff_t>(std::min(captionsToChooseFrom, validation.size())));
        const at::Tensor outputs = outputsOf(network, m_samples.gather(rows).inputs);
        const std::int64_t shown = std::min<std::int64_t>(shownProbes, outputs.size(0));
        const at::Tensor scores = outputs.select(1, 0).narrow(0, 0, shown).mm(outputs.select(1, 1).t()).to(at::kCPU, at::kFloat).contiguous();
        MatchPreview preview{.step = step, .channels = both.pictures.channels, .height = both.pictures.height, .width = both.pictures.width};
        for (std::int64_t i = 0; i < shown; ++i) {
            const std::int64_t row = rows[static_cast<std::size_t>(i)];
            const std::string& own = both.captions->texts[static_cast<std::size_t>(row)];
            MatchPreview::Probe probe{.name = own, .pixels = both.pictures.picture(row)};
            std::vector<std::pair<float, std::int64_t>> nearest;
            for (std::int64_t j = 0; j < scores.size(1); ++j)
                nearest.emplace_back(scores.const_data_ptr<float>()[i * scores.size(1) + j], rows[static_cast<std::size_t>(j)]);
            std::sort(nearest.begin(), nearest.end(), std::greater<>{});
            for (const auto& [score, other] : nearest) {
                const std::string& caption = both.captions->texts[static_cast<std::size_t>(other)];
                const bool isThere = std::any_of(probe.found.begin(), probe.found.end(), [&](const auto& one) { return one.name == caption; });
                if (!isThere && probe.found.size() < shownFound)
                    probe.found.push_back({.name = caption, .score = score, .right = caption == own});
            }
            preview.probes.push_back(std::move(probe));
        }
        return preview;
    }

    const std::shared_ptr<const PreparedData> m_data;
    const DeviceSamples& m_samples;
    const double m_temperature;
    const std::string m_prompt;
    const Prompts m_prompts;
};

}

std::unique_ptr<TaskProgram> pictureTextMatchingProgram(const TaskContext& context)
{
    return std::make_unique<PictureTextMatchingProgram>(context);
}

}
