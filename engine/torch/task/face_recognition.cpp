// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/task/face_recognition.h"

#include "engine/core/metrics/faces.h"
#include "engine/torch/task/face_losses.h"
#include "engine/torch/task/sample_answers.h"
#include "engine/torch/task/task_program.h"

#include <ATen/ATen.h>
#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>
#include <torch/utils.h>

namespace descent {

namespace {

using namespace std::chrono_literals;

constexpr std::size_t shownProbes = 8, shownFound = 3;
constexpr std::size_t previewPictures = 120; // enough for a curve, few enough to be looked at every few seconds
constexpr std::int64_t embeddedAtOnce = 256;

template <typename T>
std::vector<T> toVector(const at::Tensor& tensor)
{
    const at::Tensor host = tensor.to(at::kCPU).contiguous();
    return {host.const_data_ptr<T>(), host.const_data_ptr<T>() + host.numel()};
}

/// float [rows, width] on the device.
at::Tensor embeddingsOf(GraphNetwork& network, const DeviceSamples& samples, std::span<const std::int64_t> rows,
                        const std::stop_token& stop = {})
{
    const torch::NoGradGuard guard;
    const bool wasTraining = network.is_training();
    network.eval();
    std::vector<at::Tensor> parts;
    for (std::size_t at = 0; at < rows.size(); at += embeddedAtOnce) {
        if (stop.stop_requested())
            throw Cancelled{};
        parts.push_back(network.valueOf("embedding", samples.gather(rows.subspan(at, std::min<std::size_t>(embeddedAtOnce, rows.size() - at))).inputs));
    }
    network.train(wasTraining);
    return at::cat(parts);
}

/// The figures of faceFigures(); a network that has come apart has none.
class FaceJudge : public Judge {
public:
    void take(GraphNetwork& network, const Batch& batch) override
    {
        m_embeddings.push_back(network.valueOf("embedding", batch.inputs));
        m_people.push_back(batch.targets);
    }
    std::map<std::string, double> figures() override
    {
        if (m_embeddings.empty())
            return {};
        const at::Tensor embeddings = at::cat(m_embeddings).to(at::kFloat);
        FaceFigures figures;
        if (embeddings.isfinite().all().item<bool>())
            figures = faceFigures(toVector<float>(embeddings), toVector<std::int64_t>(at::cat(m_people)), embeddings.size(1));
        else
            figures = {.accuracy = {.mean = NAN}, .threshold = NAN, .auc = NAN, .equalErrorRate = NAN, .trueAccepts100 = NAN,
                       .trueAccepts1000 = NAN, .rank1 = NAN};
        return {{"verification-accuracy", figures.accuracy.mean},
                {"auc", figures.auc},
                {"equal-error-rate", figures.equalErrorRate},
                {"accepted-at-1-in-100", figures.trueAccepts100},
                {"accepted-at-1-in-1000", figures.trueAccepts1000},
                {"rank-1", figures.rank1},
                {"threshold", figures.threshold}};
    }

private:
    std::vector<at::Tensor> m_embeddings, m_people;
};

/// Pictures of people kept back, and what becomes of them.
class FacePreviews {
public:
    FacePreviews(std::shared_ptr<const PreparedData> data, const DeviceSamples& samples) : m_data{std::move(data)}, m_samples{samples}
    {
        // Whole people, until there are enough: a picture alone has no mate.
        std::map<std::int64_t, std::vector<std::int64_t>> rowsOf;
        for (const std::int64_t row : m_data->split.validation)
            rowsOf[classOf(row)].push_back(row);
        for (const auto& [person, rows] : rowsOf) {
            if (m_rows.size() >= previewPictures)
                break;
            m_gallery.push_back(m_rows.size());
            if (rows.size() > 1 && m_probes.size() < shownProbes)
                m_probes.push_back(m_rows.size() + 1 + m_probes.size() % (rows.size() - 1));
            m_rows.insert(m_rows.end(), rows.begin(), rows.end());
        }
        for (const std::int64_t row : m_rows)
            m_people.push_back(classOf(row));
    }

    /// Looks once for both previews of a step.
    void look(GraphNetwork& network, std::int64_t step)
    {
        if (step == m_step)
            return;
        m_step = step;
        const at::Tensor embeddings = embeddingsOf(network, m_samples, m_rows);
        m_width = embeddings.size(1);
        m_finite = embeddings.isfinite().all().item<bool>();
        m_embeddings = toVector<float>(embeddings.to(at::kFloat));
        m_figures = m_finite ? faceFigures(m_embeddings, m_people, m_width) : FaceFigures{};
    }

    MatchPreview matches() const
    {
        const auto& pictures = std::get<PictureArray>(m_data->dataset->train.inputs);
        MatchPreview preview{.step = m_step, .channels = pictures.channels, .height = pictures.height, .width = pictures.width};
        preview.threshold = m_figures.threshold;
        if (!m_finite)
            return preview;
        for (const std::size_t probe : m_probes) {
            MatchPreview::Probe shown{.name = nameOf(probe), .pixels = pixelsOf(probe)};
            std::vector<std::pair<float, std::size_t>> scores;
            for (const std::size_t enrolled : m_gallery)
                scores.emplace_back(cosine(embeddingAt(probe), embeddingAt(enrolled)), enrolled);
            const std::size_t count = std::min(shownFound, scores.size());
            std::partial_sort(scores.begin(), scores.begin() + static_cast<std::ptrdiff_t>(count), scores.end(), std::greater<>{});
            for (std::size_t i = 0; i < count; ++i)
                shown.found.push_back({.name = nameOf(scores[i].second),
                                       .pixels = pixelsOf(scores[i].second),
                                       .score = scores[i].first,
                                       .right = m_people[scores[i].second] == m_people[probe]});
            preview.probes.push_back(std::move(shown));
        }
        return preview;
    }

    RocPreview curve() const
    {
        RocPreview preview{.step = m_step, .areaUnderCurve = m_figures.auc, .equalErrorRate = m_figures.equalErrorRate, .accuracy = m_figures.accuracy.mean};
        for (const RocPoint& point : m_figures.roc) {
            preview.falseAccepts.push_back(static_cast<float>(point.falsePositiveRate));
            preview.trueAccepts.push_back(static_cast<float>(point.truePositiveRate));
        }
        return preview;
    }

private:
    std::int64_t classOf(std::int64_t row) const { return m_data->dataset->train.targets.classes[static_cast<std::size_t>(row)]; }
    std::string nameOf(std::size_t i) const { return m_data->dataset->train.targets.classNames[static_cast<std::size_t>(m_people[i])]; }
    std::vector<std::uint8_t> pixelsOf(std::size_t i) const
    {
        return std::get<PictureArray>(m_data->dataset->train.inputs).picture(m_rows[i]);
    }
    std::span<const float> embeddingAt(std::size_t i) const
    {
        return std::span{m_embeddings}.subspan(i * static_cast<std::size_t>(m_width), static_cast<std::size_t>(m_width));
    }

    const std::shared_ptr<const PreparedData> m_data;
    const DeviceSamples& m_samples;
    std::vector<std::int64_t> m_rows, m_people; // of the pictures that are looked at
    std::vector<std::size_t> m_gallery, m_probes; // among them
    std::int64_t m_step = -1, m_width = 0;
    bool m_finite = false;
    std::vector<float> m_embeddings;
    FaceFigures m_figures;
};

class FaceRecognitionProgram : public TaskProgram {
public:
    explicit FaceRecognitionProgram(const TaskContext& context)
        : m_data{context.request.data},
          m_samples{context.trainSamples},
          m_device{context.device},
          m_triplets{textOf(context.request.task.schema, context.request.recipe.task.parameters, "loss") == "triplet"},
          m_margin{realOf(context.request.task.schema, context.request.recipe.task.parameters, "margin")},
          m_scale{realOf(context.request.task.schema, context.request.recipe.task.parameters, "scale")},
          m_picturesOfEach{static_cast<std::size_t>(
              integerOf(context.request.task.schema, context.request.recipe.task.parameters, "picturesOfEach"))},
          m_previews{std::make_shared<FacePreviews>(m_data, m_samples)}
    {
        const auto& people = *std::get<SampleArray::Ids>(m_data->train.targets.values);
        m_rowsOf.resize(static_cast<std::size_t>(dynamic_cast<const FacePreparation&>(*m_data->task).learnt));
        for (const std::int64_t row : m_data->split.train)
            m_rowsOf[static_cast<std::size_t>(people[static_cast<std::size_t>(row)])].push_back(row);
    }

    at::Tensor loss(const at::Tensor& outputs, const Batch& batch) const override
    {
        return m_triplets ? hardestTripletLoss(outputs, batch.targets, m_margin)
                          : arcFaceLoss(outputs, batch.targets, m_margin, m_scale);
    }

    std::pair<std::string, at::Tensor> batchFigure(const at::Tensor& outputs, const Batch& batch) const override
    {
        if (m_triplets)
            return {};
        return {"accuracy", (outputs.argmax(1) == batch.targets).to(at::kFloat).mean()};
    }

    std::unique_ptr<Judge> judge(const std::map<std::string, double>&) const override { return std::make_unique<FaceJudge>(); }

    std::vector<LivePreview> previews() const override
    {
        return {{2000ms,
                 [previews = m_previews](GraphNetwork& network, std::int64_t step) -> Preview {
                     previews->look(network, step);
                     return previews->matches();
                 }},
                {2000ms, [previews = m_previews](GraphNetwork& network, std::int64_t step) -> Preview {
                     previews->look(network, step);
                     return previews->curve();
                 }}};
    }

    /// Triplets need mates: the batch gets other pictures, several of each of some people. Mirroring and shifting at random
    /// are not for them.
    Batch augmented(Batch batch, Random& random) const override
    {
        if (!m_triplets)
            return batch;
        const auto size = static_cast<std::size_t>(batch.size());
        std::vector<std::int64_t> rows;
        for (int tries = 0; rows.size() < size && tries < 1000; ++tries) {
            std::vector<std::int64_t> own = m_rowsOf[random.below(m_rowsOf.size())];
            if (own.size() < 2)
                continue;
            random.shuffle(std::span<std::int64_t>{own});
            own.resize(std::min({own.size(), m_picturesOfEach, size - rows.size()}));
            rows.insert(rows.end(), own.begin(), own.end());
        }
        return rows.empty() ? batch : m_samples.gather(rows);
    }

    Answer answer(GraphNetwork& network, const Question& question, const AskControl& control) const override
    {
        if (const auto* faces = std::get_if<FaceQuestion>(&question))
            return embedded(network, faces->pictures, control);
        if (!std::holds_alternative<HeldOutFacesQuestion>(question))
            return TaskProgram::answer(network, question, control);
        const at::Tensor embeddings = embeddingsOf(network, m_samples, m_data->split.validation, control.stop);
        FaceAnswer answer{.width = embeddings.size(1), .embeddings = toVector<float>(embeddings.to(at::kFloat))};
        for (const std::int64_t row : m_data->split.validation)
            answer.people.push_back(m_data->dataset->train.targets.classes[static_cast<std::size_t>(row)]);
        return answer;
    }

private:
    FaceAnswer embedded(GraphNetwork& network, std::span<const Picture> pictures, const AskControl& control) const
    {
        const auto& like = std::get<PictureArray>(m_data->dataset->train.inputs);
        const DeviceSamples samples = askedPictures(pictures, like, m_data->pictures, m_device);
        std::vector<std::int64_t> rows(pictures.size());
        std::iota(rows.begin(), rows.end(), std::int64_t{0});
        const at::Tensor embeddings = embeddingsOf(network, samples, rows, control.stop);
        return {.width = embeddings.size(1), .embeddings = toVector<float>(embeddings.to(at::kFloat))};
    }

    const std::shared_ptr<const PreparedData> m_data;
    const DeviceSamples& m_samples;
    const at::Device m_device;
    const bool m_triplets;
    const double m_margin, m_scale;
    const std::size_t m_picturesOfEach;
    std::vector<std::vector<std::int64_t>> m_rowsOf; // of each person who is learnt from
    const std::shared_ptr<FacePreviews> m_previews;
};

}

std::unique_ptr<TaskProgram> faceRecognitionProgram(const TaskContext& context)
{
    return std::make_unique<FaceRecognitionProgram>(context);
}

}
