// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/summary/chart_export.h"

#include <QFrame>

#include <functional>

class QHBoxLayout;
class QMenu;

namespace descent {

class ChartView;
class ElidedLabel;
class FieldPicker;
class PaintThread;

/// A chart with what changes it: pickers of its columns, options, export, full screen, removal. Its title is what it is dragged by.
class ChartCard : public QFrame
{
    Q_OBJECT
public:
    ChartCard(ChartKind kind, PaintThread& painter, QWidget* parent = nullptr); ///< `painter` outlives it
    void setInput(ChartInput input);
    ChartView* view() const { return m_view; }
    const ChartSpec& spec() const;
    bool isWide() const { return spec().kind == ChartKind::parallel; }
    void setDropTarget(bool is);      ///< another card would take this one's place

Q_SIGNALS:
    void specChosen(const descent::ChartSpec& spec);
    void brushesChanged(const std::map<std::string, std::pair<double, double>>& brushes);
    void removed();
    void moved(int by);               ///< places forwards or backwards
    void dragged(const QPoint& global, bool dropped);
    void fullScreenChosen();
    void exportChosen(descent::ChartFormat format);
    void copyChosen();

protected:
    bool eventFilter(QObject* watched, QEvent* event) override; // the title is dragged
    void paintEvent(QPaintEvent* event) override;

private:
    void addPickers();
    FieldPicker* addPicker(const QString& caption, std::string ChartSpec::*field, bool numbersOnly, const QString& none = {});
    void addButtons();
    void fillOptions(QMenu& menu);
    void change(const std::function<void(ChartSpec&)>& edit);

    ChartView* m_view = nullptr;
    ElidedLabel* m_title = nullptr;
    QHBoxLayout* m_head = nullptr;
    FieldPicker* m_axes = nullptr;
    struct Picker {
        FieldPicker* widget = nullptr;
        std::string ChartSpec::*field = nullptr;
        bool numbersOnly = false;
        QString none;                 // what "" is called; empty: it is no choice
    };
    std::vector<Picker> m_pickers;
    std::shared_ptr<const FigureTable> m_offered; // whose columns the pickers offer
    QPoint m_pressed;
    bool m_isDragged = false, m_isTarget = false;
};

}
