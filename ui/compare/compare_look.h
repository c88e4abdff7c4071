// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/history/curve_axis.h"
#include "engine/core/history/group_band.h"
#include "engine/core/history/metric_direction.h"
#include "engine/core/store/run_store.h"

#include <QString>
#include <QStringList>

#include <map>
#include <string>
#include <vector>

namespace descent {

/// A short text that a person put at a point of a run's curve; it stands there whatever x tells.
struct CurveNote {
    QString metric; ///< the chart
    RunId run = 0;
    std::int64_t step = 0;
    double seconds = 0; ///< of training
    QString text;
    bool operator==(const CurveNote&) const = default;
};

/// How a person wants to see curves: what a layout remembers under its name.
struct CompareLook {
    AlongX along = AlongX::step;
    double smoothing = 0.6;
    bool isLogX = false, isLogY = false, clipsOutliers = false, showsTraining = true;
    std::vector<std::string> groupBy; ///< fields; runs that have the same under all of them are drawn as their mean. Empty: each by itself
    BandKind band = BandKind::range;
    int columns = 2;     ///< charts beside each other
    QString filter;      ///< a regular expression over the charts' names; empty: all
    QStringList pinned;  ///< metrics, in their order: before all others
    QStringList hidden;
    QStringList order;   ///< of the others, those that a person has moved; the rest follow
    std::vector<CurveNote> notes;
    bool operator==(const CompareLook&) const = default;
};

QByteArray toJson(const CompareLook& look);
/// What is missing or makes no sense stays at its default.
CompareLook lookFromJson(const QByteArray& json);

/// The looks in the studio's settings: the present one, and those with names.
class CompareLayouts {
public:
    explicit CompareLayouts(QString settingsFile) : m_file{std::move(settingsFile)} {} ///< empty: nothing is remembered
    CompareLook current() const;
    void setCurrent(const CompareLook& look);
    QStringList names() const;
    CompareLook named(const QString& name) const;
    void save(const QString& name, const CompareLook& look);
    void remove(const QString& name);
    Directions directions() const;          ///< as a person said; whatever the layout
    void setDirections(const Directions& directions);

private:
    QString m_file;
};

}
