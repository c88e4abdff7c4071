// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/run/preview.h"
#include "engine/core/task/forecasting.h"
#include "engine/torch/data/device_samples.h"
#include "engine/torch/nn/graph_network.h"

#include <memory>
#include <vector>

namespace descent {

/// A few windows of the validation part, always the same ones, spread over its time and over the columns.
class ForecastWindows {
public:
    ForecastWindows(std::shared_ptr<const PreparedData> data, const DeviceSamples& samples);
    ForecastPreview look(GraphNetwork& network, std::int64_t step) const;

private:
    /// One window's shown target of float [windows, horizon, targets].
    std::vector<float> inOwnUnit(const at::Tensor& forecasts, std::int64_t window) const;

    std::shared_ptr<const PreparedData> m_data;
    const ForecastPreparation& m_preparation; // of m_data
    std::vector<std::int64_t> m_rows, m_targets; // of each window: where it begins, which target is shown
    Batch m_batch;
    ForecastPreview m_frame; // all but the forecasts
};

}
