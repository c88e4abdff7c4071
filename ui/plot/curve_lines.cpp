// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/plot/curve_lines.h"

#include <QLineF>

#include <algorithm>
#include <cmath>
#include <optional>

namespace descent {

namespace {

bool isPlace(const QPointF& point)
{
    return std::isfinite(point.x()) && std::isfinite(point.y());
}

/// The part within the area; nothing where it runs by. Liang and Barsky, doi:10.1145/357332.357333
std::optional<QLineF> cut(const QPointF& from, const QPointF& to, const QRectF& area)
{
    const QPointF along = to - from;
    double first = 0, last = 1;
    const auto narrow = [&](double direction, double room) { // room: to the edge, from the inside
        if (direction == 0)
            return room >= 0;
        const double at = room / direction;
        (direction < 0 ? first : last) = direction < 0 ? std::max(first, at) : std::min(last, at);
        return first <= last;
    };
    if (!narrow(-along.x(), from.x() - area.left()) || !narrow(along.x(), area.right() - from.x()) || !narrow(-along.y(), from.y() - area.top())
        || !narrow(along.y(), area.bottom() - from.y()))
        return std::nullopt;
    return QLineF{from + first * along, last == 1 ? to : from + last * along};
}

}

std::vector<QPolygonF> linesWithin(std::span<const QPointF> points, const QRectF& area)
{
    std::vector<QPolygonF> lines;
    bool goesOn = false; // the last line ends at the point before
    for (std::size_t i = 0; i < points.size(); ++i) {
        const QPointF& point = points[i];
        if (!isPlace(point)) {
            goesOn = false;
            continue;
        }
        if (i == 0 || !isPlace(points[i - 1])) {
            goesOn = area.contains(point);
            if (goesOn)
                lines.push_back(QPolygonF{{point}});
            continue;
        }
        const std::optional<QLineF> part = cut(points[i - 1], point, area);
        if (!part) {
            goesOn = false;
            continue;
        }
        if (!goesOn)
            lines.push_back(QPolygonF{{part->p1()}});
        lines.back() << part->p2();
        goesOn = part->p2() == point;
    }
    return lines;
}

}
