// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QSize>
#include <QString>

#include <functional>

class QPainter;

namespace descent {

enum class VectorFormat { svg, pdf };

/// A file of lines, not of pixels, with what `paint` paints on it. size: pixels of the SVG, points of the PDF's page. Any thread may ask.
QByteArray vectorFile(VectorFormat format, const QSize& size, const QString& title, const std::function<void(QPainter&)>& paint);

}
