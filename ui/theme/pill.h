// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QColor>
#include <QRectF>
#include <QString>

class QPainter;

namespace descent {

/// A state in a table's cell: a dot and a word on a ground of their colour, at the left, in the middle of the height.
void paintPill(QPainter& painter, const QRectF& cell, const QString& text, const QColor& color);

}
