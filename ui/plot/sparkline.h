// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QColor>
#include <QRectF>

#include <vector>

class QPainter;

namespace descent {

/// A curve as small as a word: the values spread over `rect`, from least to greatest.
void paintSparkline(QPainter& painter, const QRectF& rect, const std::vector<float>& values, const QColor& color);

}
