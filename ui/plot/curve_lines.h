// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QPolygonF>
#include <QRectF>

#include <span>
#include <vector>

namespace descent {

/// What of a line through these points lies within `area`, as lines of at least one point: cut where it leaves, parted where a point is not
/// finite. For files of lines, which know no clip that every program heeds (QSvgGenerator writes none).
std::vector<QPolygonF> linesWithin(std::span<const QPointF> points, const QRectF& area);

}
