// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>

namespace descent {

/// How quickly a training goes, by its last seconds.
class Pace {
public:
    /// Where the measure begins: a run that goes on has steps behind it.
    void begin(double seconds, std::int64_t step, std::int64_t samples);
    /// Now and then; `seconds` are those of training.
    void look(double seconds, std::int64_t step, std::int64_t samples);

    double samplesPerSecond() const { return m_samplesPerSecond; } ///< 0: not known yet
    double secondsPerStep() const { return m_secondsPerStep; }     ///< 0: not known yet

private:
    double m_seconds = 0, m_samplesPerSecond = 0, m_secondsPerStep = 0;
    std::int64_t m_step = 0, m_samples = 0; // where the running measure began
};

}
