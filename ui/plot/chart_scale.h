// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

#include <vector>

namespace descent {

/// An axis from its first to its last value. Both above 0 where it is logarithmic.
struct ChartScale {
    double from = 0, to = 1;
    bool isLog = false;
    double share(double value) const; ///< 0 at `from`, 1 at `to`; NaN for what a logarithm has no place for
    double value(double share) const;
    bool operator==(const ChartScale&) const = default;
};

/// `scale` with its ends moved: zoomed by `factor` (below 1: closer) around the value at `share`, or pushed by a share of its length.
ChartScale zoomed(const ChartScale& scale, double factor, double share);
ChartScale pushed(const ChartScale& scale, double share);

/// What the numbers along an axis are.
enum class AxisNumbers {
    plain,
    seconds, ///< written as a clock counts: 1:05
    wall,    ///< seconds since 1970, written as the time of day here
};

struct ChartTick {
    double at = 0; ///< a value
    QString label;
};
/// About `wanted` places with round numbers; powers of ten on a logarithmic axis that spans some.
std::vector<ChartTick> chartTicks(const ChartScale& scale, AxisNumbers numbers, int wanted);

/// A value along an axis as a person reads it alone.
QString axisValue(double value, AxisNumbers numbers);

}
