// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/report/report_builder.h"

#include <QObject>
#include <QSizeF>
#include <QTextFormat>
#include <QTextObjectInterface>

namespace descent {

/// A chart within a text document: painted as vectors where the text has come to. The character it stands for has `type` as its object
/// type and the chart's place among the charts as its property `index`.
class ChartInText : public QObject, public QTextObjectInterface
{
    Q_OBJECT
    Q_INTERFACES(QTextObjectInterface)
public:
    static constexpr int type = QTextFormat::UserObject + 1, index = QTextFormat::UserProperty + 1;
    /// charts: must outlive this.
    ChartInText(const std::vector<ReportChart>& charts, const QSizeF& size);
    QSizeF intrinsicSize(QTextDocument* document, int at, const QTextFormat& format) override;
    void drawObject(QPainter* painter, const QRectF& rect, QTextDocument* document, int at, const QTextFormat& format) override;

private:
    const std::vector<ReportChart>& m_charts;
    const QSizeF m_size;
};

}
