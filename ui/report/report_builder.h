// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/summary/report.h"
#include "engine/core/summary/selection_summary.h"
#include "ui/theme/theme.h"

#include <QByteArray>
#include <QSizeF>
#include <QString>

#include <functional>

class QPainter;

namespace descent {

/// A picture as a value: any thread may paint it, on the ground and in the colours that it is given. It writes its title itself.
struct ReportChart {
    QString title;
    std::function<void(QPainter&, const QSizeF&, const ColorTokens&)> paint;
};
/// All that a report may hold.
struct ReportMaterial {
    SelectionSummary summary;
    std::vector<ReportChart> charts;                   ///< in the order wanted
    std::vector<std::pair<QString, QString>> runNotes; ///< a run's name, what a person noted
};
/// What of it a person wants, with words above.
struct ReportChoice {
    QString title, notes; ///< notes: plain text, lines stay lines
    bool verdict = true, figures = true, settings = true, runNotes = true;
};

// Any thread.

/// All but the pictures themselves: each of the charts has its place and its caption.
Report makeReport(const ReportMaterial& material, const ReportChoice& choice);
/// One file, with the charts as SVG in light and dark.
QByteArray reportHtml(const ReportMaterial& material, const ReportChoice& choice);
/// On pages of A4, with the charts as vectors.
QByteArray reportPdf(const ReportMaterial& material, const ReportChoice& choice);

}
