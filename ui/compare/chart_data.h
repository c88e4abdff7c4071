// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/store/run_store.h"
#include "ui/history/run_history.h"
#include "ui/plot/curve_plot.h"

#include <QString>

#include <string>
#include <vector>

namespace descent {

/// What a point's place along x tells.
enum class AlongX { step, epoch, time };

/// One chart of the Compare page: the series whose name begins with `metric` + "/", of all chosen runs.
struct ChartData {
    std::string metric;
    std::vector<Curve> curves;
};

struct ChartOptions {
    AlongX x = AlongX::step;
    double smoothing = 0.6;            ///< of training curves; validation is drawn as it is
    bool showTraining = true, showValidation = true;
    bool operator==(const ChartOptions&) const = default;
};

/// A run as the page knows it.
struct ComparedRun {
    RunSummary summary;
    QColor color;
    const RunCurves* curves = nullptr; ///< null: not arrived yet
};

/// Charts in the order loss, primary metric, then the others by name. Curve::id is the run's.
std::vector<ChartData> makeCharts(const std::vector<ComparedRun>& runs, const ChartOptions& options);

/// Index of the best of `values` (NaN left out); -1 when there is none or all are equal.
int bestIndex(const std::vector<double>& values, bool higherIsBetter);

}
