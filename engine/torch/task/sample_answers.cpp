// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/torch/task/sample_answers.h"

#include "engine/core/data/picture_array.h"
#include "engine/torch/task/preview.h"

#include <ATen/ATen.h>
#include <algorithm>
#include <numeric>
#include <stdexcept>

namespace descent {

namespace {

DeviceSamples samplesOf(std::shared_ptr<const Dataset> dataset, SampleArray inputs, std::int64_t count, const PicturePreparation& pictures,
                        at::Device device)
{
    auto data = std::make_shared<PreparedData>();
    data->dataset = std::move(dataset);
    data->train.inputs = {std::move(inputs)};
    data->train.targets = sampleArray(std::vector<std::int64_t>(static_cast<std::size_t>(count)), {});
    data->pictures = pictures;
    return {std::move(data), DeviceSamples::Part::train, device};
}

}

DeviceSamples askedSamples(SampleArray inputs, std::int64_t count, at::Device device)
{
    return samplesOf(std::make_shared<const Dataset>(), std::move(inputs), count, {}, device);
}

DeviceSamples askedPictures(std::span<const Picture> pictures, const PictureArray& like, const PicturePreparation& preparation, at::Device device)
{
    auto dataset = std::make_shared<Dataset>();
    dataset->train.inputs = broughtTo(like, pictures);
    const auto& held = std::get<PictureArray>(dataset->train.inputs);
    SampleArray array{.values = &held, .shape = {held.channels, held.height, held.width}};
    return samplesOf(std::move(dataset), std::move(array), held.count, preparation, device);
}

SamplesAnswer answerSamples(GraphNetwork& network, const DeviceSamples& samples, std::int64_t count, const AskControl& control,
                            const std::function<at::Tensor(const at::Tensor&)>& told)
{
    constexpr std::int64_t mostValues = 32 << 20; // of the widest layer
    const std::int64_t batch = std::clamp<std::int64_t>(mostValues / std::max<std::int64_t>(1, network.widestSample()), 1, 4096);
    SamplesAnswer answer;
    for (std::int64_t at = 0; at < count; at += batch) {
        if (control.stop.stop_requested())
            throw Cancelled{};
        std::vector<std::int64_t> rows(static_cast<std::size_t>(std::min(batch, count - at)));
        std::iota(rows.begin(), rows.end(), at);
        const at::Tensor host = told(outputsOf(network, samples.gather(rows).inputs)).to(at::kCPU, at::kFloat).contiguous();
        answer.width = host.size(1);
        answer.values.insert(answer.values.end(), host.const_data_ptr<float>(), host.const_data_ptr<float>() + host.numel());
        if (control.progress)
            control.progress(static_cast<double>(at + std::ssize(rows)) / static_cast<double>(count));
    }
    return answer;
}

std::optional<SamplesAnswer> answerOfSamples(GraphNetwork& network, const PreparedData& learnt, const Question& question, at::Device device,
                                             const AskControl& control, const std::function<at::Tensor(const at::Tensor&)>& told)
{
    if (const auto* rows = std::get_if<RowsQuestion>(&question)) {
        if (rows->features <= 0 || rows->values.size() % static_cast<std::size_t>(rows->features) != 0)
            throw std::invalid_argument{"rows of another width than they say"};
        const auto count = static_cast<std::int64_t>(rows->values.size()) / rows->features;
        return answerSamples(network, askedSamples(sampleArray(rows->values, {rows->features}), count, device), count, control, told);
    }
    if (const auto* asked = std::get_if<PicturesQuestion>(&question)) {
        const auto* like = std::get_if<PictureArray>(&learnt.dataset->train.inputs);
        if (!like)
            throw std::invalid_argument{"this network did not learn from pictures alone"};
        const DeviceSamples samples = askedPictures(asked->pictures, *like, learnt.pictures, device);
        return answerSamples(network, samples, std::ssize(asked->pictures), control, told);
    }
    return std::nullopt;
}

}
