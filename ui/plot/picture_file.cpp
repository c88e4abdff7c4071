// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/plot/picture_file.h"

#include <QBuffer>
#include <QPainter>
#include <QPdfWriter>
#include <QSvgGenerator>

namespace descent {

QImage picture(const QSize& size, const std::function<void(QPainter&)>& paint)
{
    QImage image{size * pngRatio, QImage::Format_ARGB32_Premultiplied};
    image.setDevicePixelRatio(pngRatio);
    QPainter painter{&image};
    paint(painter);
    return image;
}

QByteArray pictureFile(PictureFormat format, const QSize& size, const QString& title, const std::function<void(QPainter&)>& paint)
{
    QByteArray bytes;
    QBuffer buffer{&bytes};
    buffer.open(QIODevice::WriteOnly);
    if (format == PictureFormat::png) {
        picture(size, paint).save(&buffer, "PNG");
    } else if (format == PictureFormat::svg) {
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
