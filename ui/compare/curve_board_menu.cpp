// SPDX-License-Identifier: GPL-3.0-or-later
// What the menu of a chart on a CurveBoard does.
#include "ui/compare/curve_board.h"

#include "ui/plot/curve_chart.h"
#include "ui/plot/metric_text.h"

#include <QInputDialog>
#include <QMenu>

#include <algorithm>
#include <cmath>

namespace descent {

void CurveBoard::showMenu(CurveCard& card, const QPoint& at)
{
    const QString metric = QString::fromStdString(card.metric());
    auto* menu = new QMenu{this};
    menu->setAttribute(Qt::WA_DeleteOnClose);
    for (const char* format : {"png", "svg", "pdf", "csv"})
        menu->addAction(tr("Export as %1…").arg(QString::fromLatin1(format).toUpper()), this, [this, metric, format] { Q_EMIT exportWanted(metric, QString::fromLatin1(format)); });
    menu->addAction(tr("Copy picture"), this, [this, metric] { Q_EMIT exportWanted(metric, QStringLiteral("copy")); });
    menu->addSeparator();
    const QPoint inside = card.chart()->mapFromGlobal(at);
    const double share = (inside.x() - chartArea(card.chart()->size()).left()) / chartArea(card.chart()->size()).width();
    const double x = card.chart()->content().x.value(share > 0 && share < 1 ? share : 0.5);
    menu->addAction(tr("Add a note here… (N)"), this, [this, &card, x] { askNote(card, x); })->setEnabled(m_look.groupBy.empty());
    const auto isHere = [metric](const CurveNote& note) { return note.metric == metric; };
    menu->addAction(tr("Remove the notes"), this, [this, isHere] {
            CompareLook look = m_look;
            std::erase_if(look.notes, isHere);
            Q_EMIT lookEdited(look);
        })->setEnabled(std::ranges::any_of(m_look.notes, isHere));
    menu->addSeparator();
    menu->addAction(tr("Move earlier"), this, [this, metric] { move(metric, -1); });
    menu->addAction(tr("Move later"), this, [this, metric] { move(metric, 1); });
    menu->addAction(tr("Hide this chart"), this, [this, metric] {
        CompareLook look = m_look;
        look.hidden << metric;
        Q_EMIT lookEdited(look);
    });
    menu->addAction(tr("Show everything (0)"), this, &CurveBoard::showAll);
    menu->popup(at);
}

/// Among the pinned ones, or among the others.
void CurveBoard::move(const QString& metric, int by)
{
    CompareLook look = m_look;
    QStringList shown = order();
    const bool isPinned = look.pinned.contains(metric);
    shown.removeIf([&](const QString& one) { return look.pinned.contains(one) != isPinned; });
    const auto from = shown.indexOf(metric), to = from + by;
    if (to < 0 || to >= shown.size())
        return;
    shown.move(from, to);
    (isPinned ? look.pinned : look.order) = shown;
    Q_EMIT lookEdited(look);
}

void CurveBoard::askNote(CurveCard& card, double x)
{
    const std::vector<ChartCurve>& curves = *card.chart()->content().curves;
    if (!m_look.groupBy.empty() || curves.empty())
        return;
    // It belongs to the run that is highlighted, else to the first, at its point nearest to the place.
    auto curve = std::ranges::find(curves, card.chart()->content().highlighted, &ChartCurve::id);
    if (curve == curves.end())
        curve = curves.begin();
    if (curve->raw.empty())
        return;
    const SeriesPoint point = *std::ranges::min_element(curve->raw, {}, [&](const SeriesPoint& one) { return std::abs(curve->xOf(one) - x); });
    auto* dialog = new QInputDialog{window()};
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setWindowTitle(tr("Note"));
    dialog->setLabelText(tr("At step %1 of %2:").arg(point.step).arg(curve->name));
    connect(dialog, &QInputDialog::textValueSelected, this,
            [this, note = CurveNote{QString::fromStdString(card.metric()), curve->id, point.step, point.seconds, {}}](const QString& text) mutable {
                note.text = text.trimmed();
                if (note.text.isEmpty())
                    return;
                CompareLook look = m_look;
                look.notes.push_back(note);
                Q_EMIT lookEdited(look);
            });
    dialog->open();
}

}
