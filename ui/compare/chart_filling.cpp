// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/compare/chart_filling.h"

#include "engine/core/history/smoothing.h"
#include "engine/core/task/task.h"
#include "ui/plot/metric_text.h"

#include <QCoreApplication>

#include <algorithm>
#include <cmath>
#include <limits>
#include <set>

namespace descent {

namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();
constexpr std::size_t fewDots = 40;     // points of a validation curve that are marked
constexpr std::size_t fewDashes = 150, fewRuns = 10; // points of a training curve that is dashed, and runs
constexpr std::size_t mostCells = 1000; // of a group's mean
constexpr double roomStep = 1.02;       // a running run's picture is laid out anew when it has grown by 2 %

/// The lowest and highest value of what is drawn.
struct Extremes {
    double low = infinity, high = -infinity;
    void take(double value, bool isLog)
    {
        if (!std::isfinite(value) || (isLog && value <= 0))
            return;
        low = std::min(low, value);
        high = std::max(high, value);
    }
};

/// A little more than from the lowest to the highest.
ChartScale withMargins(const Extremes& extremes, bool isLog)
{
    if (extremes.low > extremes.high)
        return isLog ? ChartScale{0.1, 1, true} : ChartScale{0, 1, false};
    if (isLog) {
        const double high = std::max(extremes.high, extremes.low * 1.01), margin = std::pow(high / extremes.low, 0.05);
        return {extremes.low / margin, high * margin, true};
    }
    const double margin = extremes.high > extremes.low ? 0.06 * (extremes.high - extremes.low) : std::max(std::abs(extremes.high) * 0.1, 1e-12);
    if (extremes.low == 0 && extremes.high == 0)
        return {-0.5, 0.5, false};
    return {extremes.low - margin, extremes.high + margin, false};
}

bool isInside(const ChartScale& x, double value)
{
    return value >= x.from && value <= x.to;
}

/// One chart while it is being filled.
class Filling {
public:
    Filling(CurveReader& reader, const CurveWishes& wishes, const WantedChart& chart, const RunExtents& extents, const std::function<bool()>& isOutdated)
        : m_reader{reader}, m_wishes{wishes}, m_chart{chart}, m_extents{extents}, m_isOutdated{isOutdated}
    {
        m_filling.metric = chart.metric;
        m_filling.x = wishes.x.value_or(fullRange(wishes, extents));
    }

    std::optional<ChartFilling> filled()
    {
        for (const char* part : {"/train", "/validation", ""}) {
            if (std::string_view{part} == "/train" && !m_wishes.showsTraining)
                continue;
            if (!(m_wishes.groups.empty() ? addRuns(part) : addGroups(part)))
                return std::nullopt;
        }
        finish();
        return std::move(m_filling);
    }

private:
    std::optional<PreparedCurve> read(const WantedRun& run, const std::string& series, const SeriesExtent& extent, const CurveAxis& axis, std::size_t cells)
    {
        const bool isTraining = placeOf(series).part == SeriesPlace::Part::training;
        std::optional<PreparedCurve> curve = m_reader.read({.run = run.id,
                                                            .series = series,
                                                            .axis = axis,
                                                            .range = {m_filling.x.from, m_filling.x.to, m_filling.x.isLog, m_chart.columns},
                                                            .smoothing = isTraining ? m_wishes.smoothing : 0,
                                                            .isLogY = m_wishes.isLogY,
                                                            .cells = cells},
                                                           extent, m_isOutdated);
        if (curve)
            m_filling.points += curve->inRange;
        return curve;
    }
    const SeriesExtent* extentOf(const WantedRun& run, const std::string& series) const
    {
        const auto known = m_extents.find(run.id);
        if (known == m_extents.end())
            return nullptr;
        const auto found = known->second.find(series);
        return found == known->second.end() ? nullptr : &found->second;
    }
    QString named(const QString& name, const std::string& part) const
    {
        return part == "/train" ? QCoreApplication::translate("ChartFilling", "%1 (training)").arg(name) : name;
    }
    void note(ChartCurve curve)
    {
        for (const SeriesPoint& point : curve.shown())
            if (isInside(m_filling.x, curve.xOf(point)))
                m_extremes.take(point.value, m_wishes.isLogY);
        m_filling.isWithoutPlace = m_filling.isWithoutPlace || (m_wishes.isLogY && std::ranges::find(curve.raw, -infinity, &SeriesPoint::value) != curve.raw.end());
        for (const BandPoint& point : curve.band) {
            m_extremes.take(point.low, m_wishes.isLogY);
            m_extremes.take(point.high, m_wishes.isLogY);
        }
        m_curves.push_back(std::move(curve));
    }

    bool addRuns(const std::string& part)
    {
        const std::string series = m_chart.metric + part;
        for (const WantedRun& run : m_wishes.runs) {
            const SeriesExtent* extent = extentOf(run, series);
            if (!extent)
                continue;
            const CurveAxis axis = axisOf(run, m_extents.at(run.id), m_wishes.along);
            std::optional<PreparedCurve> prepared = read(run, series, *extent, axis, 0);
            if (!prepared)
                return false;
            m_sample.insert(m_sample.end(), prepared->sample.begin(), prepared->sample.end());
            const bool isValidation = part == "/validation";
            note({.id = run.id,
                  .name = named(run.name, part),
                  .color = run.color,
                  .axis = axis,
                  .raw = std::move(prepared->raw),
                  .smooth = std::move(prepared->smooth),
                  .isMinor = part == "/train",
                  .isDashed = part == "/train" && prepared->inRange <= fewDashes && m_wishes.runs.size() <= fewRuns, // else dashes are a comb
                  .hasDots = (isValidation && extent->points <= fewDots) || extent->points == 1});
        }
        return true;
    }

    /// The mean of each group, as a curve along x itself.
    bool addGroups(const std::string& part)
    {
        const std::string series = m_chart.metric + part;
        const std::size_t cells = std::min<std::size_t>(mostCells, static_cast<std::size_t>(m_chart.columns));
        for (std::size_t group = 0; group < m_wishes.groups.size(); ++group) {
            std::vector<std::vector<CurveCell>> members;
            for (const WantedRun& run : m_wishes.runs) {
                const SeriesExtent* extent = run.group == static_cast<int>(group) ? extentOf(run, series) : nullptr;
                if (!extent)
                    continue;
                std::optional<PreparedCurve> prepared = read(run, series, *extent, axisOf(run, m_extents.at(run.id), m_wishes.along), cells);
                if (!prepared)
                    return false;
                if (!prepared->cells.empty())
                    members.push_back(std::move(prepared->cells));
            }
            if (members.empty())
                continue;
            ChartCurve curve{.id = static_cast<qint64>(group),
                             .name = named(QCoreApplication::translate("ChartFilling", "%1 (mean of %2)").arg(m_wishes.groups[group].name).arg(members.size()), part),
                             .color = m_wishes.groups[group].color,
                             .axis = {AlongX::relative},
                             .band = meanWithBand(members, m_wishes.band, mostCells),
                             .isMinor = part == "/train"};
            for (const BandPoint& point : curve.band) {
                curve.raw.push_back({0, point.mean, point.x});
                m_sample.push_back(point.mean);
            }
            if (members.size() < 2)
                curve.band.clear();
            note(std::move(curve));
        }
        return true;
    }

    void finish()
    {
        m_filling.y = withMargins(m_extremes, m_wishes.isLogY);
        if (m_wishes.clipsOutliers) {
            if (m_wishes.isLogY)
                std::erase_if(m_sample, [](double value) { return value <= 0; });
            std::erase_if(m_sample, [](double value) { return !std::isfinite(value); });
            const std::size_t known = m_sample.size();
            const CentralRange range = centralRange(std::move(m_sample));
            if (known > 0) {
                m_filling.y = withMargins({range.low, range.high}, m_wishes.isLogY);
                m_filling.isCounted = known == m_filling.points;
                m_filling.outside = m_filling.points * range.outside / known;
            }
        }
        markBest();
        m_filling.gaps = gapsOf(m_curves);
        m_filling.curves = std::make_shared<const std::vector<ChartCurve>>(std::move(m_curves));
    }

    /// Of validation, where there is some: a single batch may be lucky.
    void markBest()
    {
        const MetricKind* kind = findMetricKind(m_chart.metric);
        if (!kind)
            return;
        const bool hasValidation = std::ranges::any_of(m_curves, [](const ChartCurve& curve) { return !curve.isMinor; });
        double best = kind->higherIsBetter ? -infinity : infinity;
        for (const ChartCurve& curve : m_curves) {
            if (hasValidation && curve.isMinor)
                continue;
            for (const SeriesPoint& point : curve.shown()) {
                if (!std::isfinite(point.value) || !isInside(m_filling.x, curve.xOf(point)) || (kind->higherIsBetter ? point.value <= best : point.value >= best))
                    continue;
                best = point.value;
                m_filling.best = ChartBest{curve.xOf(point), best, metricValue(m_chart.metric, best), curve.color};
            }
        }
    }

    CurveReader& m_reader;
    const CurveWishes& m_wishes;
    const WantedChart& m_chart;
    const RunExtents& m_extents;
    const std::function<bool()>& m_isOutdated;
    ChartFilling m_filling;
    std::vector<ChartCurve> m_curves;
    std::vector<double> m_sample;
    Extremes m_extremes;
};

}

SeriesPlace placeOf(const std::string& series)
{
    for (const auto& [end, part] : {std::pair{std::string_view{"/train"}, SeriesPlace::Part::training}, {"/validation", SeriesPlace::Part::validation}})
        if (series.ends_with(end) && series.size() > end.size())
            return {series.substr(0, series.size() - end.size()), part};
    return {series, SeriesPlace::Part::only};
}

CurveAxis axisOf(const WantedRun& run, const std::map<std::string, SeriesExtent>& extents, AlongX along)
{
    double stepsPerEpoch = run.stepsPerEpoch;
    if (const auto loss = extents.find("loss/validation"); loss != extents.end())
        stepsPerEpoch = static_cast<double>(loss->second.first.step); // it stands at the end of the first epoch
    return {along, stepsPerEpoch > 0 ? stepsPerEpoch : 1, run.startedAt};
}

std::vector<std::string> metricsOf(const RunExtents& extents, const std::vector<std::string>& primaryMetrics)
{
    std::set<std::string> metrics;
    for (const auto& [run, series] : extents)
        for (const auto& [name, extent] : series)
            metrics.insert(placeOf(name).metric);
    std::vector<std::string> ordered{metrics.begin(), metrics.end()};
    std::ranges::stable_sort(ordered, {}, [&](const std::string& metric) {
        return metric == "loss" ? 0 : std::ranges::find(primaryMetrics, metric) != primaryMetrics.end() ? 1 : findMetricKind(metric) ? 2 : 3;
    });
    return ordered;
}

ChartScale fullRange(const CurveWishes& wishes, const RunExtents& extents)
{
    double from = infinity, to = -infinity;
    bool grows = false;
    for (const WantedRun& run : wishes.runs) {
        const auto known = extents.find(run.id);
        if (known == extents.end())
            continue;
        const CurveAxis axis = axisOf(run, known->second, wishes.along);
        for (const auto& [name, extent] : known->second) {
            const double first = axis.at(extent.first.step, extent.first.seconds), last = axis.at(extent.last.step, extent.last.seconds);
            from = std::min({from, first, last});
            to = std::max({to, first, last});
        }
        grows = grows || run.isRunning;
    }
    if (!(from <= to))
        return wishes.isLogX ? ChartScale{1, 10, true} : ChartScale{0, 1, false};
    if (grows && to > from)
        to = from + std::pow(roomStep, std::ceil(std::log(to - from) / std::log(roomStep)));
    to += (to - from) * 1e-9; // the last point is in the last column, not behind it
    if (wishes.isLogX) {
        if (from <= 0)
            from = std::min(wishes.along == AlongX::step ? 1.0 : to * 1e-4, to / 10);
        return from > 0 && to > from ? ChartScale{from, to, true} : ChartScale{1, 10, true};
    }
    return from < to ? ChartScale{from, to, false} : ChartScale{from - 0.5, from + 0.5, false};
}

std::optional<ChartFilling> fillChart(CurveReader& reader, const CurveWishes& wishes, const WantedChart& chart, const RunExtents& extents,
                                      const std::function<bool()>& isOutdated)
{
    return Filling{reader, wishes, chart, extents, isOutdated}.filled();
}

}
