// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/compare/curve_card.h"

#include "ui/plot/curve_chart.h"
#include "ui/plot/metric_text.h"
#include "ui/theme/icons.h"
#include "ui/theme/theme.h"
#include "ui/theme/widgets.h"

#include <QContextMenuEvent>
#include <QHBoxLayout>
#include <QLocale>
#include <QToolButton>

namespace descent {

CurveCard::CurveCard(const std::string& metric, PaintThread& painter, QWidget* parent) : QFrame{parent}, m_metric{metric}
{
    setProperty("card", true);
    setMinimumHeight(250);
    auto* layout = new QVBoxLayout{this};
    layout->setContentsMargins(Theme::space1, Theme::space2, Theme::space2, Theme::space2);
    layout->setSpacing(2);
    auto* top = new QHBoxLayout;
    top->setContentsMargins(Theme::space3, 0, 0, 0);
    top->setSpacing(2);
    auto* title = makeLabel(metricLabel(metric), "heading");
    title->setToolTip(QString::fromStdString(metric));
    m_note = new ElidedLabel;
    m_note->setProperty("role", "caption");
    m_note->setAlignment(Qt::AlignRight | Qt::AlignVCenter);
    top->addWidget(title);
    top->addSpacing(Theme::space2);
    top->addWidget(m_note, 1);
    const auto button = [&](const QString& icon, const QString& tip, const QString& name) {
        auto* one = new QToolButton;
        one->setProperty("kind", "ghost");
        one->setToolTip(tip);
        one->setAccessibleName(tip);
        one->setFocusPolicy(Qt::StrongFocus);
        one->setObjectName(name);
        setThemedIcon(one, icon);
        top->addWidget(one);
        return one;
    };
    m_pin = button(QStringLiteral("pin"), tr("Pin: before all others, also next time"), QStringLiteral("pin"));
    m_pin->setCheckable(true);
    m_alone = button(QStringLiteral("expand"), tr("Fill the page (F11, back with Esc)"), QStringLiteral("alone"));
    m_alone->setCheckable(true);
    auto* menu = button(QStringLiteral("more"), tr("Export, copy, note, move, hide"), QStringLiteral("chartMenu"));
    layout->addLayout(top);
    m_chart = new CurveChart{painter};
    m_chart->setObjectName(QStringLiteral("chart-") + QString::fromStdString(metric));
    layout->addWidget(m_chart, 1);
    connect(m_pin, &QToolButton::clicked, this, &CurveCard::pinToggled);
    connect(m_alone, &QToolButton::clicked, this, &CurveCard::aloneToggled);
    connect(menu, &QToolButton::clicked, this, [this, menu] { Q_EMIT menuWanted(menu->mapToGlobal(QPoint{0, menu->height()})); });
    connect(m_chart, &CurveChart::rangeChosen, this, &CurveCard::tell);
}

void CurveCard::take(const ChartFilling& filling, ChartContent content)
{
    m_filling = filling;
    m_chart->setContent(std::move(content));
    tell();
}

void CurveCard::setNotes(std::vector<ChartNote> notes)
{
    if (notes == m_chart->content().notes)
        return;
    ChartContent content = m_chart->content();
    content.notes = std::move(notes);
    m_chart->setContent(std::move(content));
}

void CurveCard::tell()
{
    QStringList said;
    if (m_filling.curves && m_filling.curves->empty())
        said << tr("None of the drawn runs has this series");
    if (m_filling.outside > 0) {
        const QString count = QLocale{QLocale::English}.toString(static_cast<qulonglong>(m_filling.outside));
        said << (m_filling.isCounted ? tr("%1 points lie outside").arg(count) : tr("About %1 points lie outside").arg(count));
    }
    if (m_filling.isWithoutPlace)
        said << tr("Values at or below 0 have no place here");
    if (m_chart->chosenX())
        said << tr("Zoomed: double click or 0 shows everything");
    m_note->setText(said.join(QStringLiteral(" · ")));
}

void CurveCard::setPinned(bool pinned)
{
    m_pin->setChecked(pinned);
}

void CurveCard::setAlone(bool alone)
{
    m_alone->setChecked(alone);
}

void CurveCard::contextMenuEvent(QContextMenuEvent* event)
{
    Q_EMIT menuWanted(event->globalPos());
}

}
