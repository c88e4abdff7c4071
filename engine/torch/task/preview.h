// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/run/run_event.h"
#include "engine/torch/data/device_samples.h"
#include "engine/torch/nn/graph_network.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

namespace descent {

/// Outputs in evaluation mode, without gradients; the network is left in the mode it was in.
at::Tensor outputsOf(GraphNetwork& network, const std::vector<at::Tensor>& inputs);

/// What the network says of a few held-back samples, always the same ones, every class among them where there is room.
class SamplePreview {
public:
    SamplePreview(std::shared_ptr<const PreparedData> data, const DeviceSamples& samples);
    PredictionPreview look(GraphNetwork& network, std::int64_t step) const;

private:
    std::shared_ptr<const PreparedData> m_data;
    const DeviceSamples& m_samples;
    std::vector<std::int64_t> m_rows;
};

/// Class probabilities over the plane, for data of two numeric columns; nothing for any other.
class SurfacePreview {
public:
    static std::optional<SurfacePreview> forData(const PreparedData& data, at::Device device);
    DecisionSurface look(GraphNetwork& network, std::int64_t step) const;

private:
    DecisionSurface m_frame; // everything but step and probabilities
    at::Tensor m_grid;       // float [height * width, 2], prepared as the network's inputs are
};

}
