// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/torch/task/box_augmentation.h"
#include "engine/torch/task/detected_boxes.h"
#include "engine/torch/task/detection_loss.h"
#include "engine/torch/task/preview.h"
#include "engine/torch/task/task_program.h"

#include <ATen/ATen.h>
#include <algorithm>
#include <cmath>
#include <torch/utils.h>

namespace descent {

namespace {

using namespace std::chrono_literals;

constexpr std::size_t previewPictures = 6;
constexpr double shownScore = 0.3;

/// What is there, from a batch's targets on the host: [batch, most, boxColumns].
std::vector<std::vector<TrueBox>> trueBoxes(const at::Tensor& targets)
{
    const at::Tensor host = targets.to(at::kCPU, at::kFloat).contiguous();
    const auto* value = host.const_data_ptr<float>();
    std::vector<std::vector<TrueBox>> truth(static_cast<std::size_t>(host.size(0)));
    for (auto& boxes : truth)
        for (std::int64_t i = 0; i < host.size(1); ++i, value += boxColumns)
            if (value[4] >= 0)
                boxes.push_back({value[0], value[1], value[2], value[3], static_cast<std::int32_t>(value[4]), value[5] > 0});
    return truth;
}

/// loss, map50 (average precision at overlap 0.5, mean over the classes) and map (the mean over overlaps 0.5 to 0.95)
class DetectionJudge : public Judge {
public:
    DetectionJudge(std::int64_t classes, at::Device device)
        : m_classes{classes}, m_loss{at::zeros({}, at::TensorOptions{at::kDouble}.device(device))}
    {
    }

    void take(GraphNetwork& network, const Batch& batch) override
    {
        const at::Tensor& pictures = batch.inputs.front();
        const at::Tensor map = network.forward(batch.inputs);
        m_loss += detectionLoss(map, batch.targets, strideOf(pictures.size(3), map.size(3))) * static_cast<double>(batch.size());
        m_count += batch.size();
        m_found.push_back(detectionCandidates(map, pictures.size(2), pictures.size(3), m_options.most));
        m_truth.push_back(batch.targets);
    }

    std::map<std::string, double> figures() override
    {
        if (m_count == 0)
            return {};
        std::vector<PictureBoxes> pictures;
        for (std::size_t i = 0; i < m_found.size(); ++i) {
            auto found = boxesFrom(m_found[i], m_options);
            auto truth = trueBoxes(m_truth[i]);
            for (std::size_t k = 0; k < found.size(); ++k)
                pictures.push_back({std::move(found[k]), std::move(truth[k])});
        }
        const DetectionFigures figures = detectionFigures(pictures, m_classes);
        const auto known = [](double value) { return std::isnan(value) ? 0.0 : value; }; // no box in this part
        return {{"loss", m_loss.item<double>() / static_cast<double>(m_count)},
                {"map50", known(figures.averagePrecision50)},
                {"map", known(figures.averagePrecision)}};
    }

private:
    const std::int64_t m_classes;
    const DetectionOptions m_options{.leastScore = 0.01};
    std::int64_t m_count = 0;
    at::Tensor m_loss; // double scalar, sum
    std::vector<at::Tensor> m_found, m_truth;
};

/// Some held-back pictures with what is found on them.
class PicturesWithBoxes {
public:
    PicturesWithBoxes(std::shared_ptr<const PreparedData> data, const DeviceSamples& samples) : m_data{std::move(data)}, m_samples{samples}
    {
        const auto& rows = m_data->split.validation;
        m_rows.assign(rows.begin(), rows.begin() + static_cast<std::ptrdiff_t>(std::min(previewPictures, rows.size())));
    }

    DetectionPreview look(GraphNetwork& network, std::int64_t step) const
    {
        const Samples& train = m_data->dataset->train;
        const auto& pictures = std::get<PictureArray>(train.inputs);
        const auto found = detectedBoxes(outputsOf(network, m_samples.gather(m_rows).inputs), pictures.height, pictures.width,
                                         {.leastScore = shownScore});
        DetectionPreview preview{.step = step};
        for (std::size_t i = 0; i < m_rows.size(); ++i) {
            preview.pictures.push_back({.index = m_rows[i],
                                        .pixels = pictures.picture(m_rows[i]),
                                        .channels = pictures.channels,
                                        .height = pictures.height,
                                        .width = pictures.width,
                                        .found = found[i],
                                        .truth = train.targets.boxes[static_cast<std::size_t>(m_rows[i])]});
        }
        return preview;
    }

private:
    std::shared_ptr<const PreparedData> m_data;
    const DeviceSamples& m_samples;
    std::vector<std::int64_t> m_rows;
};

class DetectionProgram : public TaskProgram {
public:
    explicit DetectionProgram(const TaskContext& context)
        : m_data{context.request.data},
          m_preparation{dynamic_cast<const DetectionPreparation&>(*m_data->task)},
          m_device{context.device},
          m_pictures{std::make_shared<PicturesWithBoxes>(m_data, context.trainSamples)}
    {
    }

    at::Tensor loss(const at::Tensor& outputs, const Batch& batch) const override
    {
        return detectionLoss(outputs, batch.targets, strideOf(batch.inputs.front().size(3), outputs.size(3)));
    }

    std::unique_ptr<Judge> judge(const std::map<std::string, double>&) const override
    {
        return std::make_unique<DetectionJudge>(m_data->brief.outputs, m_device);
    }

    std::vector<LivePreview> previews() const override
    {
        return {{1000ms, [pictures = m_pictures](GraphNetwork& network, std::int64_t step) -> Preview { return pictures->look(network, step); }}};
    }

    Batch augmented(Batch batch, Random& random) const override
    {
        at::Tensor& pictures = batch.inputs.front();
        const std::int64_t height = pictures.size(2), width = pictures.size(3);
        std::vector<PictureMove> moves;
        for (std::int64_t i = 0; i < batch.size(); ++i)
            moves.push_back(drawMove(m_preparation, height, width, random));
        if (std::any_of(moves.begin(), moves.end(), [](const PictureMove& move) { return move != PictureMove{}; })) {
            pictures = movedPictures(pictures, moves);
            batch.targets = movedBoxes(batch.targets, moves, height, width);
        }
        if (m_preparation.light > 0)
            pictures = relit(pictures, m_preparation.light, random);
        return batch;
    }

    Answer answer(GraphNetwork& network, const Question& question, const AskControl& control) const override
    {
        const auto* asked = std::get_if<DetectionQuestion>(&question);
        return asked ? Answer{found(network, *asked)} : TaskProgram::answer(network, question, control);
    }

private:
    /// The picture is brought to the size that was learnt, as reading the dataset does: scaled to fit, in the left upper corner.
    DetectionAnswer found(GraphNetwork& network, const DetectionQuestion& question) const
    {
        const auto& learnt = std::get<PictureArray>(m_data->dataset->train.inputs);
        const Picture& given = question.picture;
        if (given.pixels.empty())
            throw std::invalid_argument{"there is no picture in the question"};
        const double scale = std::min(static_cast<double>(learnt.height) / static_cast<double>(given.height),
                                      static_cast<double>(learnt.width) / static_cast<double>(given.width));
        const auto scaled = [scale](std::int64_t side) {
            return std::max<std::int64_t>(1, std::lround(scale * static_cast<double>(side)));
        };
        const Picture shrunk = withChannels(resized(given, scaled(given.height), scaled(given.width)), learnt.channels);
        const PicturePreparation& preparation = m_data->pictures;
        at::Tensor pixels = at::from_blob(const_cast<std::uint8_t*>(shrunk.pixels.data()),
                                          {1, shrunk.channels, shrunk.height, shrunk.width}, at::kByte)
                                .to(m_device)
                                .to(at::kFloat)
                                .div_(255);
        const auto channel = [&](const std::vector<double>& values) {
            return at::tensor(values, at::TensorOptions{at::kFloat}.device(m_device)).view({1, -1, 1, 1});
        };
        pixels = at::constant_pad_nd(pixels, {0, learnt.width - shrunk.width, 0, learnt.height - shrunk.height}, paddingGrey / 255.0);
        pixels = (pixels - channel(preparation.statistics.mean)) / channel(preparation.statistics.deviation);
        const auto boxes = detectedBoxes(outputsOf(network, {pixels}), learnt.height, learnt.width,
                                         {.leastScore = question.leastScore, .overlap = question.overlap});
        DetectionAnswer answer{.classNames = m_data->dataset->train.targets.classNames};
        for (DetectedBox box : boxes.front()) {
            const auto back = [](float place, std::int64_t from, std::int64_t to) {
                return std::min(place * static_cast<float>(to) / static_cast<float>(from), static_cast<float>(to));
            };
            box.left = back(box.left, shrunk.width, given.width);
            box.right = back(box.right, shrunk.width, given.width);
            box.top = back(box.top, shrunk.height, given.height);
            box.bottom = back(box.bottom, shrunk.height, given.height);
            if (box.left < box.right && box.top < box.bottom) // else it lay in the padding
                answer.boxes.push_back(box);
        }
        return answer;
    }

    const std::shared_ptr<const PreparedData> m_data;
    const DetectionPreparation& m_preparation;
    const at::Device m_device;
    const std::shared_ptr<const PicturesWithBoxes> m_pictures;
};

}

std::unique_ptr<TaskProgram> detectionProgram(const TaskContext& context)
{
    return std::make_unique<DetectionProgram>(context);
}

}
