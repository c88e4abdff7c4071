// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QColor>
#include <QString>
#include <QWidget>

#include <vector>

namespace descent {

/// The values under a crosshair, painted by hand: a label a curve would be dozens of widgets.
class Readout : public QWidget
{
    Q_OBJECT
public:
    struct Row {
        QString name, value;
        QColor color;
        bool isNearest = false;
        double number = 0;   ///< what the rows are ordered by
        double distance = 0; ///< of the curve from the pointer; infinite: there is none
    };
    explicit Readout(QWidget* parent);
    /// The highest first; of more than `most`, those around the nearest.
    void showRows(const QString& heading, std::vector<Row> rows, std::size_t most, const QPoint& beside);

    const std::vector<Row>& rows() const { return m_rows; }

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    QString m_heading;
    std::vector<Row> m_rows;
};

}
