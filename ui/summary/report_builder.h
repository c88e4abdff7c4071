// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/summary/report.h"
#include "ui/summary/summary_chart.h"
#include "ui/summary/summary_strip.h"

#include <QByteArray>
#include <QStringList>

namespace descent {

/// All that a report may hold.
struct ReportMaterial {
    SelectionSummary summary;
    std::vector<std::pair<QString, ChartInput>> charts; ///< with their titles
    std::vector<std::pair<QString, QString>> runNotes;  ///< a run's name, what a person noted
};
/// What of it a person wants.
struct ReportChoice {
    QString title, notes;      ///< notes: plain text, lines stay lines
    bool verdict = true, figures = true, settings = true, runNotes = true;
    std::vector<bool> charts;  ///< one a chart of the material
};

// Any thread.

/// With pictures as SVG, in light and dark.
Report makeReport(const ReportMaterial& material, const ReportChoice& choice);
/// The same on pages of A4, with the charts as vectors.
QByteArray reportPdf(const ReportMaterial& material, const ReportChoice& choice);

}
