// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/run/preview.h"
#include "engine/torch/data/device_samples.h"
#include "engine/torch/nn/graph_network.h"

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace descent {

/// Looks into a network while it learns: norms of weights and gradients, how far a step moves the weights, units that are dead;
/// and, while somebody watches, layer by layer with histograms. It takes its time so seldom that it costs a quarter of a per cent at most.
class Insight {
public:
    using Clock = std::chrono::steady_clock;
    Insight(GraphNetwork& network, const NetworkSpec& spec); ///< both outlive it

    bool isDue(Clock::time_point now) const { return now >= m_next; }
    /// Between the backward pass and the optimizer's step.
    void beforeStep();
    struct Figures {
        std::map<std::string, double> series; ///< "gradient-norm", "weight-norm", "update-ratio", "dead-units"
        std::optional<LayerReport> layers;    ///< while watched
    };
    /// After it. `batch`: what was learnt from; a few of its samples go through the network once more.
    Figures afterStep(const Batch& batch, std::int64_t step, bool watched);

private:
    struct Parameter {
        at::Tensor tensor;
        at::Tensor before; ///< some of its values as they were before the step
        double gradientNorm = 0;
    };
    struct Layer {
        std::string name;
        std::size_t position = 0; ///< in the spec
        bool isRelu = false;
        std::int64_t unitDimension = -1; ///< of its output
        std::vector<Parameter> parameters;
    };
    void lookAtActivations(const Batch& batch, bool watched, std::vector<double>& dead, std::vector<LayerReport::Histogram>& histograms);

    GraphNetwork& m_network;
    std::vector<Layer> m_layers;
    bool m_hasRelu = false;
    Clock::time_point m_next{}, m_began{};
};

}
