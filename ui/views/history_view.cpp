// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/history_view.h"

#include "ui/theme/theme.h"

#include <QHelpEvent>
#include <QLocale>
#include <QPainter>
#include <QPainterPath>
#include <QToolTip>

#include <algorithm>
#include <cmath>

namespace descent {

namespace {

constexpr int positiveColor = 1;                 // the place in the series palette that the score histogram gives it too
constexpr int firstGroupColor = 2, ownColors = 5; // places after those of the classes
constexpr int nameWidth = 96, riskWidth = 44, markHeight = 9, gap = 8, leastBand = 44;

int lineHeight()
{
    return QFontMetrics{Theme::font(TextStyle::caption)}.height() + 4;
}

}

QColor groupColor(std::int32_t group)
{
    const Theme& theme = Theme::instance();
    return group < ownColors ? theme.seriesColor(firstGroupColor + group) : theme.colors().muted;
}

HistoryView::HistoryView(QWidget* parent) : QWidget{parent}
{
    setObjectName(QStringLiteral("historyView"));
    setMinimumHeight(2 * lineHeight() + gap + 2 * leastBand);
    setMouseTracking(true);
    connect(&Theme::instance(), &Theme::changed, this, qOverload<>(&QWidget::update));
}

void HistoryView::setClassNames(std::vector<std::string> names)
{
    m_classNames = std::move(names);
    update();
}

void HistoryView::setPreview(const HistoryPreview& preview)
{
    m_preview = preview;
    m_days = 1;
    QStringList told;
    for (const HistoryPreview::Person& person : preview.people) {
        if (!person.events.empty())
            m_days = std::max(m_days, person.events.back().day);
        if (!person.risk.empty())
            told << tr("%1: risk %2 %").arg(QString::fromStdString(person.name)).arg(std::lround(100 * person.risk.back().probability));
    }
    setAccessibleDescription(told.join(QStringLiteral(", ")));
    update();
}

void HistoryView::clear()
{
    m_preview = {};
    update();
}

std::size_t HistoryView::shownPeople() const
{
    const int room = (height() - 2 * lineHeight() - gap) / leastBand;
    return std::min(m_preview.people.size(), static_cast<std::size_t>(std::max(1, room)));
}

QRectF HistoryView::band(std::size_t person) const
{
    const double top = lineHeight() + gap, bottom = height() - lineHeight();
    const double each = (bottom - top) / static_cast<double>(std::max<std::size_t>(1, shownPeople()));
    return {static_cast<double>(nameWidth), top + each * static_cast<double>(person), width() - nameWidth - riskWidth - 1.0, each - gap};
}

double HistoryView::across(const QRectF& band, float day) const
{
    return band.left() + 3 + (band.width() - 6) * day / m_days;
}

QString HistoryView::textAt(const QPointF& position) const
{
    constexpr double reach = 5;
    for (std::size_t i = 0; i < shownPeople(); ++i) {
        const QRectF place = band(i);
        if (!place.contains(position))
            continue;
        const HistoryPreview::Event* nearest = nullptr;
        double distance = reach;
        for (const HistoryPreview::Event& event : m_preview.people[i].events)
            if (const double away = std::abs(across(place, event.day) - position.x()); away < distance) {
                nearest = &event;
                distance = away;
            }
        if (nearest)
            return tr("Day %1: %2").arg(QLocale{}.toString(std::lround(nearest->day)), QString::fromStdString(nearest->what));
    }
    return {};
}

bool HistoryView::event(QEvent* event)
{
    if (event->type() != QEvent::ToolTip)
        return QWidget::event(event);
    const auto* help = static_cast<QHelpEvent*>(event);
    const QString text = textAt(help->pos());
    QToolTip::showText(help->globalPos(),
                       text.isEmpty() ? tr("What happened to some held-back people, and the risk the network sees after each event.\n"
                                           "Past the dashed line a person is taken for one of the rarer class.")
                                      : text,
                       this);
    return true;
}

void HistoryView::paintLegend(QPainter& painter) const
{
    const QFontMetrics metrics = painter.fontMetrics();
    const int line = lineHeight();
    int x = 0;
    for (std::size_t i = 0; i < m_preview.groups.size(); ++i) {
        const bool others = static_cast<int>(i) >= ownColors;
        const QString name = others                ? tr("others")
            : m_preview.groups[i].empty() ? tr("no group")
                                          : QString::fromStdString(m_preview.groups[i]);
        const QString shown = metrics.elidedText(name, Qt::ElideRight, 110);
        const int needed = 13 + metrics.horizontalAdvance(shown) + 14;
        if (x + needed > width())
            break;
        painter.setPen(Qt::NoPen);
        painter.setBrush(groupColor(static_cast<std::int32_t>(i)));
        painter.drawEllipse(QPointF{x + 4.0, line / 2.0}, 4, 4);
        painter.setPen(Theme::instance().colors().text);
        painter.drawText(QRect{x + 13, 0, needed, line}, Qt::AlignLeft | Qt::AlignVCenter, shown);
        x += needed;
        if (others)
            break;
    }
}

void HistoryView::paintPerson(QPainter& painter, const HistoryPreview::Person& person, const QRectF& band) const
{
    const Theme& theme = Theme::instance();
    const QFontMetrics metrics = painter.fontMetrics();
    const bool positive = person.truth == m_preview.positiveClass;
    const QColor color = theme.seriesColor(positive ? positiveColor : 0);

    const double middle = band.center().y();
    const auto truth = static_cast<std::size_t>(person.truth);
    const QString label = truth < m_classNames.size() ? QString::fromStdString(m_classNames[truth]) : QString{};
    painter.setPen(theme.colors().text);
    painter.drawText(QRectF{0, middle - metrics.height(), nameWidth - 8.0, static_cast<double>(metrics.height())}, Qt::AlignLeft | Qt::AlignVCenter,
                     metrics.elidedText(QString::fromStdString(person.name), Qt::ElideMiddle, nameWidth - 8));
    painter.setPen(color);
    painter.drawText(QRectF{0, middle, nameWidth - 8.0, static_cast<double>(metrics.height())}, Qt::AlignLeft | Qt::AlignVCenter,
                     metrics.elidedText(label, Qt::ElideRight, nameWidth - 8));

    const QRectF curve{band.left(), band.top(), band.width(), band.height() - markHeight - 3};
    const auto up = [&](double probability) { return curve.bottom() - curve.height() * std::clamp(probability, 0.0, 1.0); };
    painter.setPen(QPen{theme.colors().grid, 1});
    painter.drawLine(curve.bottomLeft(), curve.bottomRight());
    painter.setPen(QPen{theme.colors().border, 1, Qt::DashLine});
    painter.drawLine(QPointF{curve.left(), up(m_preview.threshold)}, QPointF{curve.right(), up(m_preview.threshold)});
    if (!person.risk.empty()) {
        // Risk stays what it is until the next event: steps, not slopes.
        QPainterPath line{QPointF{across(band, person.risk.front().day), up(person.risk.front().probability)}};
        for (const HistoryPreview::Risk& point : person.risk) {
            line.lineTo(across(band, point.day), line.currentPosition().y());
            line.lineTo(across(band, point.day), up(point.probability));
        }
        QPainterPath area = line;
        area.lineTo(area.currentPosition().x(), curve.bottom());
        area.lineTo(across(band, person.risk.front().day), curve.bottom());
        area.closeSubpath();
        QColor soft = color;
        soft.setAlphaF(0.18F);
        painter.fillPath(area, soft);
        painter.setBrush(Qt::NoBrush);
        painter.setPen(QPen{color, 1.6});
        painter.drawPath(line);
        painter.setPen(theme.colors().text);
        painter.drawText(QRectF{width() - riskWidth + 0.0, middle - metrics.height() / 2.0, riskWidth - 2.0, static_cast<double>(metrics.height())},
                         Qt::AlignRight | Qt::AlignVCenter, tr("%1 %").arg(std::lround(100 * person.risk.back().probability)));
    }
    for (const HistoryPreview::Event& event : person.events) {
        painter.setPen(QPen{groupColor(event.group), 2});
        const double x = across(band, event.day);
        painter.drawLine(QPointF{x, band.bottom() - markHeight}, QPointF{x, band.bottom()});
    }
}

void HistoryView::paintEvent(QPaintEvent*)
{
    if (m_preview.people.empty())
        return;
    QPainter painter{this};
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setFont(Theme::font(TextStyle::caption));
    paintLegend(painter);
    for (std::size_t i = 0; i < shownPeople(); ++i)
        paintPerson(painter, m_preview.people[i], band(i));
    const QRectF any = band(0);
    const QRectF axis{any.left(), static_cast<double>(height() - lineHeight()), any.width(), static_cast<double>(lineHeight())};
    painter.setPen(Theme::instance().colors().muted);
    painter.drawText(axis, Qt::AlignLeft | Qt::AlignVCenter, tr("first event"));
    constexpr float month = 30.44F, year = 365.25F;
    const QString span = m_days >= 2 * year ? tr("%1 years").arg(QLocale{}.toString(m_days / year, 'f', 1))
        : m_days >= 3 * month              ? tr("%1 months").arg(std::lround(m_days / month))
                                           : tr("%1 days").arg(std::lround(m_days));
    painter.drawText(axis, Qt::AlignRight | Qt::AlignVCenter, span);
}

}
