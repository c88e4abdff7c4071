// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/run/run_event.h"

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace descent {

/// Collects a run's metric points and gives them on in blocks, so that an observer is called a few dozen times a second and
/// not at every step. Losses stay on the device until a block of them is read back: the trainer never waits for one.
class MetricLog {
public:
    MetricLog(RunObserver& observer, c10::Device device);

    void addLoss(std::int64_t step, double seconds, const at::Tensor& loss); ///< scalar float on the device
    void add(std::string series, std::int64_t step, double seconds, double value);

    /// Reads back what waits on the device and gives all points to the observer.
    void flush();
    /// The first step whose loss was NaN or infinite, as far as losses have been read back.
    std::optional<std::int64_t> firstBadStep() const { return m_firstBadStep; }

private:
    void readBack();
    void take(std::int64_t step, double seconds, double loss);

    RunObserver& m_observer;
    const bool m_onHost;
    at::Tensor m_waiting; // float [block] on the device
    std::vector<std::pair<std::int64_t, double>> m_waitingSteps;
    MetricsLogged m_points;
    std::optional<std::int64_t> m_firstBadStep;
};

}
