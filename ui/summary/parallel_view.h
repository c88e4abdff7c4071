// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/summary/chart_view.h"
#include "ui/summary/parallel_layout.h"

namespace descent {

/// Parallel coordinates to take hold of: dragging along an axis brushes it, a click on it clears its brush, a title dragged moves its axis,
/// a double click on it turns the axis round. Delete clears all brushes.
class ParallelView : public ChartView
{
    Q_OBJECT
public:
    using ChartView::ChartView;
    ParallelLayout layoutOfAxes() const; ///< of what is shown

Q_SIGNALS:
    void brushesChanged(const std::map<std::string, std::pair<double, double>>& brushes);
    void axesArranged(const std::vector<std::string>& axes, const std::vector<std::string>& flipped);

protected:
    void mousePressEvent(QMouseEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;
    void mouseDoubleClickEvent(QMouseEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void paintEvent(QPaintEvent* event) override;

private:
    std::string nameAt(int axis) const;      // "": other columns have come meanwhile, and it is none of them
    int titleAt(const QPointF& point) const; // -1: none
    void moveAxis(int from, int to);

    enum class Hold { nothing, axis, title } m_hold = Hold::nothing;
    int m_axis = -1;
    QPointF m_pressed, m_pointer;
    bool m_dragged = false;
};

}
