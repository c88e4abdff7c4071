// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/history/group_band.h"

#include "engine/core/metrics/significance.h"

#include <algorithm>
#include <optional>

namespace descent {

namespace {

std::vector<double> commonGrid(const std::vector<std::vector<CurveCell>>& curves, std::size_t most)
{
    std::vector<double> grid;
    for (const auto& curve : curves)
        for (const CurveCell& cell : curve)
            grid.push_back(cell.x);
    std::ranges::sort(grid);
    grid.erase(std::unique(grid.begin(), grid.end()), grid.end());
    if (grid.size() <= most || most < 2)
        return grid;
    const double from = grid.front(), step = (grid.back() - from) / static_cast<double>(most - 1);
    const double to = grid.back();
    grid.resize(most);
    for (std::size_t i = 0; i < most; ++i)
        grid[i] = std::min(to, from + step * static_cast<double>(i));
    return grid;
}

/// Of a curve at `x`, which does not fall from call to call: `at` is where the last one was found.
std::optional<double> valueAt(const std::vector<CurveCell>& curve, double x, std::size_t& at)
{
    while (at + 1 < curve.size() && curve[at + 1].x <= x)
        ++at;
    if (curve.empty() || x < curve.front().x || x > curve.back().x)
        return std::nullopt;
    if (at + 1 == curve.size())
        return curve[at].value;
    const double share = (x - curve[at].x) / (curve[at + 1].x - curve[at].x);
    return curve[at].value + share * (curve[at + 1].value - curve[at].value);
}

BandPoint bandAt(double x, const std::vector<double>& values, BandKind kind)
{
    const MeanInterval interval = meanInterval(values);
    BandPoint point{.x = x, .mean = interval.mean, .low = interval.mean, .high = interval.mean, .count = static_cast<int>(values.size())};
    if (kind == BandKind::range) {
        const auto [low, high] = std::ranges::minmax(values);
        point.low = low;
        point.high = high;
    } else if (values.size() > 1) {
        point.low = kind == BandKind::interval ? interval.low : interval.mean - interval.deviation;
        point.high = kind == BandKind::interval ? interval.high : interval.mean + interval.deviation;
    }
    return point;
}

}

std::vector<BandPoint> meanWithBand(const std::vector<std::vector<CurveCell>>& curves, BandKind kind, std::size_t most)
{
    std::vector<BandPoint> band;
    std::vector<std::size_t> places(curves.size(), 0);
    std::vector<double> values;
    for (const double x : commonGrid(curves, most)) {
        values.clear();
        for (std::size_t i = 0; i < curves.size(); ++i)
            if (const auto value = valueAt(curves[i], x, places[i]))
                values.push_back(*value);
        if (!values.empty())
            band.push_back(bandAt(x, values, kind));
    }
    return band;
}

}
