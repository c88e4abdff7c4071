// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/data/history_preparation.h"
#include "engine/core/run/preview.h"
#include "engine/torch/nn/graph_network.h"

#include <memory>
#include <vector>

namespace descent {

/// A few held-back people, always the same ones, and what the network says of them after each event: each history is read again
/// and again, every time up to a later event, as if the others had not happened yet.
class HistoryLook {
public:
    /// positive: the class whose probability is the risk. Needs data prepared for record-classification.
    HistoryLook(std::shared_ptr<const PreparedData> data, std::int64_t positive, at::Device device);
    HistoryPreview look(GraphNetwork& network, std::int64_t step, double threshold) const;

private:
    std::shared_ptr<const PreparedData> m_data;
    HistoryPreview m_frame;           // everything but step, threshold and probabilities
    std::vector<at::Tensor> m_inputs; // of all beginnings of all people, one after the other
};

}
