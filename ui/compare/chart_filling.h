// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/history/curve_reader.h"
#include "ui/plot/chart_picture.h"

#include <QColor>
#include <QString>

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace descent {

// What the Compare page wants to see, and the charts that come of it: plain values and functions, for the thread of a CurveFeed.

/// A run whose curves are wanted.
struct WantedRun {
    RunId id = 0;
    QString name;
    QColor color;
    double startedAt = 0;                          ///< seconds since 1970
    double stepsPerEpoch = 0;                      ///< where it is known; 0: the first validation figure tells
    std::int64_t step = 0;                         ///< reached, of one that has ended: when it is another, it has gone on meanwhile
    bool isRunning = false;
    int group = -1;                                ///< a place in CurveWishes::groups
    bool operator==(const WantedRun&) const = default;
};

struct WantedGroup {
    QString name;
    QColor color;
    bool operator==(const WantedGroup&) const = default;
};

struct WantedChart {
    std::string metric;
    int columns = 0;                               ///< of pixels
    bool operator==(const WantedChart&) const = default;
};

struct CurveWishes {
    std::vector<WantedRun> runs;
    std::vector<WantedGroup> groups;               ///< empty: each run has curves of its own
    BandKind band = BandKind::range;
    AlongX along = AlongX::step;
    double smoothing = 0.6;                        ///< of training curves; validation is drawn as it is
    bool isLogX = false, isLogY = false;
    bool clipsOutliers = false;                    ///< the axis runs over the central 90 % of the values
    bool showsTraining = true;
    std::optional<ChartScale> x;                   ///< the range a person chose; nothing: all
    std::vector<WantedChart> charts;               ///< the most wanted first
    bool operator==(const CurveWishes&) const = default;
};

/// What one chart shows.
struct ChartFilling {
    std::string metric;
    std::shared_ptr<const std::vector<ChartCurve>> curves;
    ChartScale x, y;
    std::vector<QPointF> gaps;
    std::optional<ChartBest> best;
    std::uint64_t outside = 0, points = 0;         ///< of `points` in the range, about so many lie above or below it
    bool isWithoutPlace = false;                   ///< on a logarithmic axis, some values at or below 0
    bool isCounted = true;                         ///< `outside` is not an estimate
};

/// How much there is of each run's series.
using RunExtents = std::map<RunId, std::map<std::string, SeriesExtent>>;

/// "loss/train" belongs to the chart "loss" and is of its training; what has no such end is a chart of its own.
struct SeriesPlace {
    std::string metric;
    enum class Part { training, validation, only } part = Part::only;
};
SeriesPlace placeOf(const std::string& series);

/// Where the points of a run stand, whose series these are.
CurveAxis axisOf(const WantedRun& run, const std::map<std::string, SeriesExtent>& extents, AlongX along);

/// The charts there are, in the order loss, the primary metrics, then the others by name.
std::vector<std::string> metricsOf(const RunExtents& extents, const std::vector<std::string>& primaryMetrics);

/// All that any run has along x, with a little room to the right while one goes on, so that not every new point moves the picture.
ChartScale fullRange(const CurveWishes& wishes, const RunExtents& extents);

/// Nothing when it became outdated meanwhile.
std::optional<ChartFilling> fillChart(CurveReader& reader, const CurveWishes& wishes, const WantedChart& chart, const RunExtents& extents,
                                      const std::function<bool()>& isOutdated);

}
