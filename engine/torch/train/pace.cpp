// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/torch/train/pace.h"

#include <algorithm>

namespace descent {

void Pace::begin(double seconds, std::int64_t step, std::int64_t samples)
{
    m_seconds = seconds;
    m_step = step;
    m_samples = samples;
}

void Pace::look(double seconds, std::int64_t step, std::int64_t samples)
{
    constexpr double leastWindow = 0.2, window = 2; // seconds
    const double passed = seconds - m_seconds;
    if (passed > leastWindow) {
        m_samplesPerSecond = static_cast<double>(samples - m_samples) / passed;
        m_secondsPerStep = passed / static_cast<double>(std::max<std::int64_t>(1, step - m_step));
    }
    if (passed > window)
        begin(seconds, step, samples);
}

}
