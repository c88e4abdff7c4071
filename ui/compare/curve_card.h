// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/compare/chart_filling.h"

#include <QFrame>

class QToolButton;

namespace descent {

class PaintThread;
class CurveChart;
class ElidedLabel;

/// One chart of the board: its title, what there is to say about it, pin, menu and full size.
class CurveCard : public QFrame
{
    Q_OBJECT
public:
    CurveCard(const std::string& metric, PaintThread& painter, QWidget* parent = nullptr);

    const std::string& metric() const { return m_metric; }
    CurveChart* chart() const { return m_chart; }
    void take(const ChartFilling& filling, ChartContent content); ///< content: of the filling
    void setNotes(std::vector<ChartNote> notes);
    void setPinned(bool pinned);
    void setAlone(bool alone); ///< it fills the page

Q_SIGNALS:
    void pinToggled(bool pinned);
    void aloneToggled(bool alone);
    void menuWanted(const QPoint& at); ///< on the screen

protected:
    void contextMenuEvent(QContextMenuEvent* event) override;

private:
    void tell();

    const std::string m_metric;
    CurveChart* m_chart = nullptr;
    ElidedLabel* m_note = nullptr;
    QToolButton *m_pin = nullptr, *m_alone = nullptr;
    ChartFilling m_filling;
};

}
