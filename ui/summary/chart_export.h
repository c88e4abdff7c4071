// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/summary/summary_chart.h"

#include <QByteArray>
#include <QImage>
#include <QSizeF>

namespace descent {

enum class ChartFormat { png, svg, pdf, csv };
inline constexpr const char* chartFormatIds[]{"png", "svg", "pdf", "csv"};

/// A name as a file's: without what a folder would be taken for.
QString fileName(QString title, const QString& format);

// Any thread: everything is painted from values.

/// The chart under its title, on the surface of its colours.
void paintTitledChart(QPainter& painter, const QSizeF& size, const QString& title, const ChartInput& input);
/// As a file's content, with its title.
QByteArray exportedChart(ChartFormat format, const QString& title, const ChartInput& input);
QImage chartImage(const QString& title, const ChartInput& input);

}
