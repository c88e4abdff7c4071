// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/summary/chart_export.h"

#include "ui/plot/picture_file.h"

#include <QFontMetricsF>
#include <QPainter>

namespace descent {

QString fileName(QString title, const QString& format)
{
    for (const QChar bad : QStringLiteral("/\\:*?\"<>|"))
        title.replace(bad, QLatin1Char('-'));
    return title + QLatin1Char('.') + format;
}

void paintTitledChart(QPainter& painter, const QSizeF& size, const QString& title, const ChartInput& input)
{
    constexpr double margin = 16;
    painter.fillRect(QRectF{QPointF{}, size}, input.colors.surface);
    QRectF area = QRectF{QPointF{}, size}.adjusted(margin, margin, -margin, -margin);
    painter.setFont(Theme::font(TextStyle::heading));
    const QFontMetricsF metrics{painter.font()};
    painter.setPen(input.colors.text);
    painter.drawText(QRectF{area.left(), area.top(), area.width(), metrics.height()}, Qt::AlignLeft | Qt::AlignVCenter,
                     metrics.elidedText(title, Qt::ElideRight, area.width()));
    area.setTop(area.top() + metrics.height() + 8);
    ChartInput printed = input;
    printed.isPrinted = true;
    paintChart(painter, area, printed);
}

QImage chartImage(const QString& title, const ChartInput& input)
{
    return picture(exportedSize, [&](QPainter& painter) { paintTitledChart(painter, exportedSize, title, input); });
}

QByteArray exportedChart(ChartFormat format, const QString& title, const ChartInput& input)
{
    if (format == ChartFormat::csv)
        return chartCsv(input);
    const PictureFormat picture = format == ChartFormat::png ? PictureFormat::png : format == ChartFormat::svg ? PictureFormat::svg : PictureFormat::pdf;
    return pictureFile(picture, exportedSize, title, [&](QPainter& painter) { paintTitledChart(painter, exportedSize, title, input); });
}

}
