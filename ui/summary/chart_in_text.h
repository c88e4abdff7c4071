// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/summary/report_builder.h"

#include <QObject>
#include <QSizeF>
#include <QTextFormat>
#include <QTextObjectInterface>

namespace descent {

/// A chart within a text document: painted as vectors where the text has come to. The character it stands for has `type` as its object
/// type and the chart's place in the material as its property `index`.
class ChartInText : public QObject, public QTextObjectInterface
{
    Q_OBJECT
    Q_INTERFACES(QTextObjectInterface)
public:
    static constexpr int type = QTextFormat::UserObject + 1, index = QTextFormat::UserProperty + 1;
    /// material: must outlive this.
    ChartInText(const ReportMaterial& material, const QSizeF& size);
    QSizeF intrinsicSize(QTextDocument* document, int at, const QTextFormat& format) override;
    void drawObject(QPainter* painter, const QRectF& rect, QTextDocument* document, int at, const QTextFormat& format) override;

private:
    const ReportMaterial& m_material;
    const QSizeF m_size;
};

}
