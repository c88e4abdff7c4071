// SPDX-License-Identifier: GPL-3.0-or-later
// How the charts of a SummaryBoard are arranged: added, moved, removed, taken back, and laid out.
#include "ui/compare/summary_board.h"

#include "ui/summary/chart_card.h"
#include "ui/summary/chart_view.h"

#include <QGridLayout>
#include <QScrollArea>
#include <QTimer>

#include <algorithm>
#include <utility>

namespace descent {

namespace {

constexpr int narrow = 860; // below that, charts side by side are too small to read

}

std::vector<ChartSpec> SummaryBoard::charts() const
{
    std::vector<ChartSpec> charts;
    for (const ChartCard* card : m_cards)
        charts.push_back(card->spec());
    return charts;
}

void SummaryBoard::addChart(ChartKind kind)
{
    addChart(suggestedChart(kind, *m_summary.table, m_summary.explanation, m_summary.figure));
}

void SummaryBoard::addChart(const ChartSpec& chart)
{
    std::vector<ChartSpec> charts = this->charts();
    charts.push_back(chart);
    arrange(std::move(charts));
    m_cards.back()->view()->setFocus();
    // Where it stands is only known when it has been laid out.
    QTimer::singleShot(0, m_cards.back(), [this, card = m_cards.back()] { m_scroll->ensureWidgetVisible(card); });
}

void SummaryBoard::arrange(std::vector<ChartSpec> charts)
{
    m_undo.push_back({this->charts(), m_layouts.last});
    m_layouts.last = charts;
    showCharts(charts);
    Q_EMIT layoutsChanged(m_layouts);
}

void SummaryBoard::undo()
{
    if (m_undo.empty())
        return;
    const Arrangement before = std::move(m_undo.back());
    m_undo.pop_back();
    m_layouts.last = before.last;
    showCharts(before.charts);
    Q_EMIT layoutsChanged(m_layouts);
}

/// Cards are kept where their chart is, and where one of its kind may serve: brushes and focus stay with them.
void SummaryBoard::showCharts(const std::vector<ChartSpec>& charts)
{
    std::vector<ChartCard*> left = std::exchange(m_cards, {}), cards(charts.size());
    const auto takeCard = [&](std::size_t place, auto&& fits) {
        const auto found = std::find_if(left.begin(), left.end(), fits);
        if (cards[place] || found == left.end())
            return;
        cards[place] = *found;
        left.erase(found);
    };
    for (std::size_t i = 0; i < charts.size(); ++i)
        takeCard(i, [&](const ChartCard* card) { return card->spec() == charts[i]; });
    for (std::size_t i = 0; i < charts.size(); ++i)
        takeCard(i, [&](const ChartCard* card) { return card->spec().kind == charts[i].kind; });
    for (ChartCard* card : left) {
        m_brushes.erase(card);
        card->hide();
        card->deleteLater();
    }
    for (std::size_t i = 0; i < charts.size(); ++i) {
        if (!cards[i])
            cards[i] = makeCard(charts[i].kind);
        ChartInput input = inputFor(cards[i]);
        input.spec = charts[i];
        cards[i]->setInput(std::move(input));
    }
    m_cards = std::move(cards);
    layOut();
    feed();
}

void SummaryBoard::layOut()
{
    m_columns = width() < narrow ? 1 : 2;
    while (QLayoutItem* item = m_grid->takeAt(0))
        delete item; // the place alone; the card is the board's
    int row = 0, column = 0;
    for (std::size_t i = 0; i < m_cards.size(); ++i) {
        ChartCard* card = m_cards[i];
        const bool isLast = i + 1 == m_cards.size();
        // Nobody is left alone in half a row.
        const bool isWide = m_columns == 1 || card->isWide() || (column == 0 && (isLast || m_cards[i + 1]->isWide()));
        m_grid->addWidget(card, row, column, 1, isWide ? 2 : 1);
        card->show();
        column = isWide ? 0 : (column + 1) % 2;
        row += column == 0;
    }
    m_grid->setColumnStretch(0, 1);
    m_grid->setColumnStretch(1, 1);
    for (std::size_t i = 1; i < m_cards.size(); ++i) // Tab goes as the eye does
        setTabOrder(m_cards[i - 1]->view(), m_cards[i]->view());
}

void SummaryBoard::resizeEvent(QResizeEvent* event)
{
    QWidget::resizeEvent(event);
    if ((width() < narrow ? 1 : 2) != m_columns)
        layOut();
}

void SummaryBoard::moveCard(ChartCard* card, int to)
{
    const auto from = static_cast<int>(indexOf(card));
    if (to < 0 || to >= static_cast<int>(m_cards.size()) || to == from)
        return;
    std::vector<ChartSpec> charts = this->charts();
    const ChartSpec moving = charts[static_cast<std::size_t>(from)];
    charts.erase(charts.begin() + from);
    charts.insert(charts.begin() + to, moving);
    arrange(std::move(charts));
}

void SummaryBoard::drag(ChartCard* card, const QPoint& global, bool dropped)
{
    int target = -1;
    for (std::size_t i = 0; i < m_cards.size(); ++i) {
        ChartCard* one = m_cards[i];
        const bool isHit = one->rect().contains(one->mapFromGlobal(global));
        one->setDropTarget(isHit && one != card && !dropped);
        if (isHit)
            target = static_cast<int>(i);
    }
    if (dropped && target >= 0)
        moveCard(card, target);
}

void SummaryBoard::remove(ChartCard* card)
{
    const QString title = chartTitle(card->spec(), *m_summary.table);
    std::vector<ChartSpec> charts = this->charts();
    charts.erase(charts.begin() + static_cast<std::ptrdiff_t>(indexOf(card)));
    arrange(std::move(charts));
    Q_EMIT undoOffered(tr("Removed: %1").arg(title), [this] { undo(); });
}

}
