// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>

namespace descent {

/// What a point's place along x tells.
enum class AlongX {
    step,
    epoch,
    relative, ///< seconds of training, without pauses
    wall,     ///< the time of day: seconds since 1970, UTC
};

/// Where the points of a run stand along x.
struct CurveAxis {
    AlongX along = AlongX::step;
    double stepsPerEpoch = 1;
    double startedAt = 0; ///< of the run, seconds since 1970
    double at(std::int64_t step, double seconds) const;
    bool operator==(const CurveAxis&) const = default;
};

/// The part of x that a picture shows, and the columns of pixels it has for it. Ends of a logarithmic one are above 0.
struct CurveRange {
    double from = 0, to = 1;
    bool isLog = false;
    std::int64_t columns = 1;
    double place(double x) const; ///< in columns from the left edge; -infinity for what a logarithm has no place for
    double valueAt(double place) const;
    bool operator==(const CurveRange&) const = default;
};

}
