// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/plot/vector_file.h"

#include <QBuffer>
#include <QPainter>
#include <QPdfWriter>
#include <QSvgGenerator>

namespace descent {

QByteArray vectorFile(VectorFormat format, const QSize& size, const QString& title, const std::function<void(QPainter&)>& paint)
{
    QByteArray bytes;
    QBuffer buffer{&bytes};
    buffer.open(QIODevice::WriteOnly);
    if (format == VectorFormat::svg) {
        QSvgGenerator generator;
        generator.setOutputDevice(&buffer);
        generator.setSize(size);
        generator.setViewBox(QRect{QPoint{0, 0}, size});
        generator.setTitle(title);
        QPainter painter{&generator};
        paint(painter);
    } else {
        QPdfWriter writer{&buffer};
        constexpr int pointsPerInch = 72;
        writer.setResolution(pointsPerInch);
        writer.setPageSize(QPageSize{QSizeF{size}, QPageSize::Point});
        writer.setPageMargins({});
        writer.setCreator(QStringLiteral("Descent"));
        writer.setTitle(title);
        QPainter painter{&writer};
        paint(painter);
    }
    return bytes;
}

}
