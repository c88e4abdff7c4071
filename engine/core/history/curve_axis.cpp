// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/history/curve_axis.h"

#include <cmath>
#include <limits>

namespace descent {

double CurveAxis::at(std::int64_t step, double seconds) const
{
    switch (along) {
    case AlongX::step: return static_cast<double>(step);
    case AlongX::epoch: return static_cast<double>(step) / stepsPerEpoch;
    case AlongX::relative: return seconds;
    case AlongX::wall: return startedAt + seconds;
    }
    return 0;
}

double CurveRange::place(double x) const
{
    const auto width = static_cast<double>(columns);
    if (!isLog)
        return (x - from) / (to - from) * width;
    return x > 0 ? std::log(x / from) / std::log(to / from) * width : -std::numeric_limits<double>::infinity();
}

double CurveRange::valueAt(double place) const
{
    const double share = place / static_cast<double>(columns);
    return isLog ? from * std::pow(to / from, share) : from + (to - from) * share;
}

}
