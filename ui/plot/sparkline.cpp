// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/plot/sparkline.h"

#include <QPainter>
#include <QPainterPath>

#include <algorithm>
#include <cmath>

namespace descent {

void paintSparkline(QPainter& painter, const QRectF& rect, const std::vector<float>& values, const QColor& color)
{
    double least = INFINITY, most = -INFINITY; // of finite values: others are left out, wherever they came from
    for (const float value : values)
        if (std::isfinite(value)) {
            least = std::min<double>(least, value);
            most = std::max<double>(most, value);
        }
    if (least > most)
        return;
    const double span = most > least ? most - least : 1;
    QPolygonF line;
    for (std::size_t i = 0; i < values.size(); ++i) {
        const double x = values.size() == 1 ? 0.5 : static_cast<double>(i) / static_cast<double>(values.size() - 1);
        if (std::isfinite(values[i]))
            line << QPointF{rect.left() + x * rect.width(), rect.bottom() - (values[i] - least) / span * rect.height()};
    }
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    QPainterPath area;
    area.addPolygon(line);
    area.lineTo(line.last().x(), rect.bottom());
    area.lineTo(line.first().x(), rect.bottom());
    QColor fill = color;
    fill.setAlpha(34);
    painter.fillPath(area, fill);
    painter.setPen(QPen{color, 1.5, Qt::SolidLine, Qt::RoundCap, Qt::RoundJoin});
    painter.drawPolyline(line);
    painter.restore();
}

}
