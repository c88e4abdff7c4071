// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/summary/figure_axis.h"

#include <algorithm>
#include <cmath>

namespace descent {

namespace {

/// 1, 2 or 5 times a power of ten, not below `least`.
double roundStep(double least)
{
    const double power = std::pow(10, std::floor(std::log10(least)));
    for (const double factor : {1.0, 2.0, 5.0})
        if (factor * power >= least * (1 - 1e-9))
            return factor * power;
    return 10 * power;
}

}

FigureAxis axisOf(const FigureColumn& column, bool logarithmic, double margin)
{
    FigureAxis axis;
    if (!column.isNumber) {
        axis.scale = FigureAxis::Scale::levels;
        axis.levels = levelsOf(column);
        axis.low = -0.5;
        axis.high = std::max(1.0, static_cast<double>(axis.levels.names.size())) - 0.5;
        return axis;
    }
    double low = INFINITY, high = -INFINITY;
    for (const double value : column.numbers) {
        low = std::fmin(low, value);
        high = std::fmax(high, value);
    }
    if (low > high)
        return axis;
    axis.scale = logarithmic && low > 0 ? FigureAxis::Scale::logarithmic : FigureAxis::Scale::linear;
    const bool isLog = axis.scale == FigureAxis::Scale::logarithmic;
    double from = isLog ? std::log10(low) : low, to = isLog ? std::log10(high) : high;
    if (from == to) { // one value stands in the middle
        const double room = isLog ? 0.5 : std::max(std::abs(from) * 0.1, 1e-9);
        from -= room;
        to += room;
    } else {
        const double room = margin * (to - from);
        from -= room;
        to += room;
    }
    axis.low = isLog ? std::pow(10, from) : from;
    axis.high = isLog ? std::pow(10, to) : to;
    return axis;
}

double placeOn(const FigureAxis& axis, double value)
{
    if (axis.scale != FigureAxis::Scale::logarithmic)
        return (value - axis.low) / (axis.high - axis.low);
    return value > 0 ? std::log(value / axis.low) / std::log(axis.high / axis.low) : std::nan("");
}

double placeOn(const FigureAxis& axis, const FigureColumn& column, std::size_t run)
{
    if (axis.scale != FigureAxis::Scale::levels)
        return column.isNumber ? placeOn(axis, column.numbers[run]) : std::nan("");
    const std::size_t level = axis.levels.of[run];
    return level == ColumnLevels::none ? std::nan("") : placeOn(axis, static_cast<double>(level));
}

double valueAt(const FigureAxis& axis, double place)
{
    return axis.scale == FigureAxis::Scale::logarithmic ? axis.low * std::pow(axis.high / axis.low, place) : axis.low + place * (axis.high - axis.low);
}

std::vector<AxisTick> ticksOf(const FigureAxis& axis, int wanted)
{
    std::vector<AxisTick> ticks;
    const double count = std::max(1, wanted);
    const auto add = [&](double value) {
        const double place = placeOn(axis, value);
        if (place > -1e-6 && place < 1 + 1e-6)
            ticks.push_back({place, value});
    };
    if (axis.scale == FigureAxis::Scale::levels) {
        const std::size_t levels = axis.levels.names.size(), each = static_cast<std::size_t>(std::ceil(static_cast<double>(levels) / count));
        for (std::size_t i = 0; i < levels; i += std::max<std::size_t>(1, each))
            add(static_cast<double>(i));
        return ticks;
    }
    if (axis.scale == FigureAxis::Scale::linear || axis.high / axis.low < 4) { // a narrow logarithm has hardly a power of ten in it
        const double step = roundStep((axis.high - axis.low) / count);
        for (double at = std::ceil(axis.low / step - 1e-9); at * step <= axis.high + step * 1e-9; ++at)
            add(at == 0 ? 0 : at * step);
        return ticks;
    }
    const double decades = std::log10(axis.high / axis.low);
    const int each = std::max(1, static_cast<int>(std::ceil(decades / count)));
    for (int power = static_cast<int>(std::floor(std::log10(axis.low))); power <= static_cast<int>(std::ceil(std::log10(axis.high))); ++power) {
        if (power % each != 0)
            continue;
        for (const double factor : {1.0, 2.0, 5.0})
            if (factor == 1 || decades * 3 <= count * 1.5)
                add(factor * std::pow(10, power));
    }
    return ticks;
}

}
