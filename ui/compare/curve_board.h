// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/compare/curve_card.h"
#include "ui/compare/compare_look.h"
#include "ui/plot/paint_thread.h"

#include <QScrollArea>
#include <QTimer>

class QGridLayout;
class QLabel;

namespace descent {

/// The charts in their grid: pinned ones first, those that the filter names, one alone where a person wants it to fill the page.
/// What is done on one of them is done on all: range, crosshair, highlight. Shows and asks; knows no store.
class CurveBoard : public QScrollArea
{
    Q_OBJECT
public:
    explicit CurveBoard(QWidget* parent = nullptr);
    ~CurveBoard() override;

    void setMetrics(const std::vector<std::string>& metrics); ///< the charts there are
    void setLook(const CompareLook& look);                    ///< order, filter, columns, notes, what x tells
    void take(const ChartFilling& filling);
    void highlight(qint64 id);
    void showAll();                                           ///< of x
    /// Those that can be seen, or nearly.
    std::vector<WantedChart> wanted() const;
    const std::optional<ChartScale>& range() const { return m_range; }
    std::vector<CurveCard*> shownCards() const;               ///< in their order
    CurveCard* aloneCard() const { return m_alone; }
    void setAlone(CurveCard* card);                           ///< null: all

Q_SIGNALS:
    void wantedChanged();                                     ///< other charts, another width or range
    void aloneChanged(bool alone);
    void highlighted(qint64 id);
    void lookEdited(const descent::CompareLook& look);        ///< pinned, hidden, moved, a note
    void exportWanted(const QString& metric, const QString& format); ///< png, svg, pdf, csv; copy: to the clipboard

protected:
    void resizeEvent(QResizeEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;

private:
    CurveCard* makeCard(const std::string& metric);
    QStringList order() const;   ///< of all charts, without those hidden or filtered out
    void layOut();
    void showMenu(CurveCard& card, const QPoint& at);
    void move(const QString& metric, int by);
    void askNote(CurveCard& card, double x);

    PaintThread m_painter;
    CompareLook m_look;
    std::vector<std::string> m_metrics;
    std::vector<CurveCard*> m_cards; // children of m_body
    CurveCard* m_alone = nullptr;
    std::optional<ChartScale> m_range;
    QTimer m_changed;                // collects what happens between two frames
    QWidget* m_body = nullptr;
    QGridLayout* m_grid = nullptr;
    QLabel* m_nothing = nullptr;
};

}
