// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/run/question.h"
#include "engine/torch/data/device_samples.h"
#include "engine/torch/nn/graph_network.h"

#include <functional>

namespace descent {

/// Samples that a person brings, given out as those of the training are.
DeviceSamples askedSamples(SampleArray inputs, std::int64_t count, at::Device device);
/// Pictures of any size are brought to that of `like`, the dataset's, and prepared as those were.
DeviceSamples askedPictures(std::span<const Picture> pictures, const PictureArray& like, const PicturePreparation& preparation, at::Device device);

/// Reads the samples in batches; `told` turns outputs, float [batch, width], into what is answered. Throws Cancelled.
SamplesAnswer answerSamples(GraphNetwork& network, const DeviceSamples& samples, std::int64_t count, const AskControl& control,
                            const std::function<at::Tensor(const at::Tensor&)>& told);

/// What pictures and tables have in common: PicturesQuestion and RowsQuestion; none for another question.
/// Throws std::invalid_argument where rows are not whole, or of another kind than was learnt from.
std::optional<SamplesAnswer> answerOfSamples(GraphNetwork& network, const PreparedData& learnt, const Question& question, at::Device device,
                                             const AskControl& control, const std::function<at::Tensor(const at::Tensor&)>& told);

}
