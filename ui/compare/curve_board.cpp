// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/compare/curve_board.h"

#include "ui/compare/chart_content.h"
#include "ui/plot/curve_chart.h"
#include "ui/plot/metric_text.h"
#include "ui/theme/theme.h"
#include "ui/theme/widgets.h"

#include <QGridLayout>
#include <QInputDialog>
#include <QKeyEvent>
#include <QMenu>
#include <QRegularExpression>
#include <QScrollBar>

#include <algorithm>
#include <cmath>

namespace descent {

namespace {

constexpr int frameMs = 16;
constexpr int narrowChart = 300; // pixels; charts beside each other are not made narrower

}

CurveBoard::CurveBoard(QWidget* parent) : QScrollArea{parent}
{
    setWidgetResizable(true);
    setFrameShape(QFrame::NoFrame);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setFocusPolicy(Qt::NoFocus);
    m_body = new QWidget;
    m_body->setProperty("scrollBody", true);
    m_grid = new QGridLayout{m_body};
    m_grid->setContentsMargins(0, 0, 0, 0);
    m_grid->setSpacing(Theme::space3);
    m_nothing = makeLabel({}, "muted");
    m_nothing->setAlignment(Qt::AlignCenter);
    m_nothing->setWordWrap(true);
    setWidget(m_body);
    m_changed.setSingleShot(true);
    m_changed.setInterval(frameMs);
    connect(&m_changed, &QTimer::timeout, this, &CurveBoard::wantedChanged);
    connect(verticalScrollBar(), &QScrollBar::rangeChanged, this, [this](int, int most) {
        for (CurveCard* card : m_cards)
            card->chart()->setScrolled(most > 0);
    });
    connect(verticalScrollBar(), &QScrollBar::valueChanged, &m_changed, qOverload<>(&QTimer::start));
}

CurveBoard::~CurveBoard()
{
    delete takeWidget(); // the charts, before what draws them
}

CurveCard* CurveBoard::makeCard(const std::string& metric)
{
    auto* card = new CurveCard{metric, m_painter, m_body};
    CurveChart* chart = card->chart();
    const QString name = QString::fromStdString(metric);
    connect(chart, &CurveChart::columnsChanged, &m_changed, qOverload<>(&QTimer::start));
    connect(chart, &CurveChart::rangeChosen, this, [this](const std::optional<ChartScale>& x) {
        m_range = x;
        for (CurveCard* other : m_cards)
            other->chart()->setRange(x);
        if (!m_changed.isActive())
            m_changed.start(); // not put off by a drag that goes on
    });
    connect(chart, &CurveChart::hovered, this, [this, card](double x) {
        for (CurveCard* other : shownCards())
            if (other != card && !other->visibleRegion().isEmpty())
                other->chart()->showCrosshair(x);
    });
    connect(chart, &CurveChart::curveClicked, this, &CurveBoard::highlighted);
    connect(chart, &CurveChart::noteWanted, this, [this, card](double x) { askNote(*card, x); });
    connect(card, &CurveCard::menuWanted, this, [this, card](const QPoint& at) { showMenu(*card, at); });
    connect(card, &CurveCard::aloneToggled, this, [this, card](bool alone) { setAlone(alone ? card : nullptr); });
    connect(card, &CurveCard::pinToggled, this, [this, name](bool pinned) {
        CompareLook look = m_look;
        look.pinned.removeAll(name);
        if (pinned)
            look.pinned << name;
        Q_EMIT lookEdited(look);
    });
    return card;
}

void CurveBoard::setMetrics(const std::vector<std::string>& metrics)
{
    if (metrics == m_metrics)
        return;
    m_metrics = metrics;
    std::vector<CurveCard*> cards;
    for (const std::string& metric : metrics) {
        const auto known = std::ranges::find(m_cards, metric, &CurveCard::metric);
        cards.push_back(known == m_cards.end() ? makeCard(metric) : *known);
        cards.back()->chart()->setRange(m_range);
        cards.back()->chart()->setScrolled(verticalScrollBar()->maximum() > 0);
    }
    for (CurveCard* card : m_cards)
        if (std::ranges::find(cards, card) == cards.end()) {
            if (m_alone == card)
                setAlone(nullptr);
            card->deleteLater();
        }
    m_cards = std::move(cards);
    layOut();
}

void CurveBoard::setLook(const CompareLook& look)
{
    const bool isOtherX = look.along != m_look.along || look.isLogX != m_look.isLogX;
    m_look = look;
    if (isOtherX)
        showAll(); // a range of steps means nothing in seconds
    layOut();
    for (CurveCard* card : m_cards)
        card->setNotes(notesOf(m_look, card->metric(), *card->chart()->content().curves));
}

QStringList CurveBoard::order() const
{
    QStringList all;
    for (const std::string& metric : m_metrics)
        all << QString::fromStdString(metric);
    QStringList ordered;
    for (const QString& metric : m_look.pinned + m_look.order + all)
        if (all.contains(metric) && !ordered.contains(metric))
            ordered << metric;
    const QRegularExpression filter{m_look.filter, QRegularExpression::CaseInsensitiveOption};
    ordered.removeIf([&](const QString& metric) {
        const bool fits = !filter.isValid() || filter.match(metric).hasMatch() || filter.match(metricLabel(metric.toStdString())).hasMatch();
        return m_look.hidden.contains(metric) || !fits;
    });
    return ordered;
}

std::vector<CurveCard*> CurveBoard::shownCards() const
{
    std::vector<CurveCard*> shown;
    if (m_alone)
        return {m_alone};
    for (const QString& metric : order())
        if (const auto card = std::ranges::find(m_cards, metric.toStdString(), &CurveCard::metric); card != m_cards.end())
            shown.push_back(*card);
    return shown;
}

void CurveBoard::layOut()
{
    for (CurveCard* card : m_cards)
        m_grid->removeWidget(card);
    m_grid->removeWidget(m_nothing);
    const std::vector<CurveCard*> shown = shownCards();
    const int fitting = std::max(1, viewport()->width() / narrowChart);
    const int columns = std::clamp(static_cast<int>(shown.size()), 1, std::min(m_look.columns, fitting));
    for (int i = 0; i < static_cast<int>(shown.size()); ++i)
        m_grid->addWidget(shown[static_cast<std::size_t>(i)], i / columns, i % columns);
    for (int column = 0; column < 4; ++column)
        m_grid->setColumnStretch(column, column < columns ? 1 : 0);
    for (CurveCard* card : m_cards) {
        card->setVisible(std::ranges::find(shown, card) != shown.end());
        card->setPinned(m_look.pinned.contains(QString::fromStdString(card->metric())));
        card->setAlone(card == m_alone);
    }
    m_nothing->setVisible(shown.empty());
    if (shown.empty()) {
        m_nothing->setText(m_metrics.empty()            ? tr("These runs have written no curves yet.")
                               : m_look.filter.isEmpty() ? tr("All charts are hidden. “Layout” brings them back.")
                                                         : tr("No chart has a name that fits “%1”.").arg(m_look.filter));
        m_grid->addWidget(m_nothing, 0, 0);
    }
    m_changed.start();
}

void CurveBoard::take(const ChartFilling& filling)
{
    const auto card = std::ranges::find(m_cards, filling.metric, &CurveCard::metric);
    if (card == m_cards.end())
        return;
    (*card)->take(filling, contentOf(filling, m_look));
}

void CurveBoard::highlight(qint64 id)
{
    for (CurveCard* card : m_cards)
        card->chart()->highlight(id);
}

void CurveBoard::showAll()
{
    m_range.reset();
    for (CurveCard* card : m_cards)
        card->chart()->setRange(std::nullopt);
    m_changed.start();
}

std::vector<WantedChart> CurveBoard::wanted() const
{
    std::vector<WantedChart> charts;
    if (!isVisible())
        return charts;
    const QRect seen{0, verticalScrollBar()->value() - viewport()->height() / 2, viewport()->width(), 2 * viewport()->height()};
    for (const CurveCard* card : shownCards())
        if (card->geometry().intersects(seen) && card->chart()->width() > 0)
            charts.push_back({card->metric(), card->chart()->columns()});
    return charts;
}

void CurveBoard::setAlone(CurveCard* card)
{
    if (m_alone == card)
        return;
    m_alone = card;
    layOut();
    if (card)
        card->chart()->setFocus();
    Q_EMIT aloneChanged(card != nullptr);
}

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

void CurveBoard::resizeEvent(QResizeEvent* event)
{
    QScrollArea::resizeEvent(event);
    layOut();
}

void CurveBoard::keyPressEvent(QKeyEvent* event)
{
    if (event->key() == Qt::Key_Escape && m_alone) {
        setAlone(nullptr);
        return;
    }
    QScrollArea::keyPressEvent(event);
}

}
