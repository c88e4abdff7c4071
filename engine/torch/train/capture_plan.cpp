// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/torch/train/capture_plan.h"

namespace descent {

bool canBeCaptured(const CaptureConditions& conditions)
{
    return conditions.onGpu && conditions.wanted && !obstacleTo(conditions);
}

std::optional<Text> obstacleTo(const CaptureConditions& conditions)
{
    if (!conditions.onGpu || !conditions.wanted)
        return std::nullopt;
    if (conditions.severalProcesses)
        return text("steps are not captured as a graph: several processes train together");
    if (conditions.scalesLoss)
        return text("steps are not captured as a graph: float16 has its loss scaled");
    if (conditions.mixesPictures)
        return text("steps are not captured as a graph: pictures are mixed");
    if (conditions.accumulates)
        return text("steps are not captured as a graph: they accumulate several batches");
    return std::nullopt;
}

CapturePlan::Way CapturePlan::next(const Sizes& sizes)
{
    if (m_gaveUp)
        return Way::eager;
    if (m_captured)
        return sizes == m_sizes ? Way::replay : Way::eager;
    if (sizes != m_sizes) {
        m_sizes = sizes;
        m_warm = 0;
    }
    if (m_warm < warmUpSteps) {
        ++m_warm;
        return Way::warmUp;
    }
    m_captured = true;
    return Way::capture;
}

}
