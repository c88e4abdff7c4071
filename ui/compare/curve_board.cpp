// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/compare/curve_board.h"

#include "ui/compare/chart_content.h"
#include "ui/plot/curve_chart.h"
#include "ui/plot/metric_text.h"
#include "ui/theme/theme.h"
#include "ui/theme/widgets.h"

#include <QGridLayout>
#include <QKeyEvent>
#include <QRegularExpression>
#include <QScrollBar>

#include <algorithm>

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
