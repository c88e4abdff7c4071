// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QImage>
#include <QSize>
#include <QString>

#include <functional>

class QPainter;

namespace descent {

// A chart as another program gets it. Any thread may ask.

enum class PictureFormat { png, svg, pdf };

inline constexpr QSize exportedSize{900, 520}; ///< pixels of the SVG, points of the PDF's page; of a PNG to be multiplied
inline constexpr double pngRatio = 2;          ///< as sharp as a display that is called sharp

/// pngRatio pixels a unit.
QImage picture(const QSize& size, const std::function<void(QPainter&)>& paint);
/// SVG and PDF are files of lines, not of pixels, as far as `paint` paints lines.
QByteArray pictureFile(PictureFormat format, const QSize& size, const QString& title, const std::function<void(QPainter&)>& paint);

}
