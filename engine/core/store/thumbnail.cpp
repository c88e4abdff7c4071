// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/store/thumbnail.h"

#include <cmath>

namespace descent {

void Thumbnail::add(double value)
{
    if (!std::isfinite(value))
        return;
    pendingSum += value;
    if (++pendingCount < stride)
        return;
    bins.push_back(static_cast<float>(pendingSum / static_cast<double>(pendingCount)));
    pendingSum = 0;
    pendingCount = 0;
    if (bins.size() < capacity)
        return;
    for (std::size_t i = 0; i < capacity / 2; ++i)
        bins[i] = 0.5f * bins[2 * i] + 0.5f * bins[2 * i + 1]; // halved first: the sum of two floats may overflow
    bins.resize(capacity / 2);
    stride *= 2;
}

std::vector<float> Thumbnail::values() const
{
    std::vector<float> values = bins;
    if (pendingCount > 0)
        values.push_back(static_cast<float>(pendingSum / static_cast<double>(pendingCount)));
    return values;
}

}
