// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/summary/hint_list.h"

#include "ui/summary/column_text.h"
#include "ui/theme/theme.h"
#include "ui/theme/translated.h"

#include <QHelpEvent>
#include <QKeyEvent>
#include <QPainter>
#include <QToolTip>

#include <algorithm>
#include <cmath>

namespace descent {

namespace {

constexpr int rowHeight = 20, mostRows = 4;

bool isSure(const SettingHint& hint)
{
    return hint.association.pValue < 0.05;
}

}

HintList::HintList(QWidget* parent) : QWidget{parent}
{
    setFocusPolicy(Qt::StrongFocus);
    setAccessibleName(tr("Settings by how far they go along with the figure"));
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    setCursor(Qt::PointingHandCursor);
    connect(&Theme::instance(), &Theme::changed, this, qOverload<>(&QWidget::update));
}

void HintList::setHints(std::shared_ptr<const FigureTable> table, std::vector<SettingHint> hints)
{
    m_table = std::move(table);
    m_hints = std::move(hints);
    m_row = -1;
    setVisible(!m_hints.empty());
    updateGeometry();
    update();
}

int HintList::shown() const
{
    const int count = static_cast<int>(m_hints.size());
    return count <= mostRows ? count : mostRows - 1;
}

QSize HintList::sizeHint() const
{
    return {320, rowHeight * std::min(static_cast<int>(m_hints.size()), mostRows)};
}

QSize HintList::minimumSizeHint() const
{
    return {200, sizeHint().height()};
}

int HintList::rowAt(const QPoint& point) const
{
    const int row = point.y() / rowHeight;
    return row >= 0 && row < shown() ? row : -1;
}

void HintList::paintEvent(QPaintEvent*)
{
    const ColorTokens& colors = Theme::instance().colors();
    QPainter painter{this};
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setFont(Theme::font(TextStyle::caption));
    const QFontMetricsF metrics{painter.font()};
    const double name = width() * 0.36, room = metrics.horizontalAdvance(QStringLiteral("rank +0.00 · p = 0.00000"));
    for (int row = 0; row < shown(); ++row) {
        const SettingHint& hint = m_hints[static_cast<std::size_t>(row)];
        const QRectF line{0, static_cast<double>(row * rowHeight), static_cast<double>(width()), rowHeight};
        if (row == m_row && hasFocus()) {
            painter.setPen(Qt::NoPen);
            painter.setBrush(colors.accentSoft);
            painter.drawRoundedRect(line, 4, 4);
        }
        QString label = columnLabel(*m_table, hint.setting);
        if (!hint.together.empty())
            label = tr("%1 and %2 more").arg(label).arg(hint.together.size());
        painter.setPen(isSure(hint) ? colors.text : colors.muted);
        painter.drawText(QRectF{4, line.top(), name - 8, rowHeight}, Qt::AlignLeft | Qt::AlignVCenter, metrics.elidedText(label, Qt::ElideMiddle, name - 8));
        const QRectF track{name, line.center().y() - 4, std::max(20.0, width() - name - room - 14), 8};
        painter.setPen(Qt::NoPen);
        painter.setBrush(colors.grid);
        painter.drawRoundedRect(track, 4, 4);
        const bool isKnown = !std::isnan(hint.association.pValue);
        if (isKnown) {
            painter.setBrush(isSure(hint) ? colors.accent : colors.muted);
            painter.drawRoundedRect(QRectF{track.left(), track.top(), std::max(4.0, track.width() * hint.association.strength), track.height()}, 4, 4);
        }
        const QString p = hint.association.pValue < 0.001 ? QStringLiteral("p < 0.001") : QStringLiteral("p = %1").arg(hint.association.pValue, 0, 'g', 2);
        const QString way = hint.measure != SettingHint::Measure::spearman ? tr("best %1").arg(QString::fromStdString(hint.bestLevel))
            : hint.association.direction > 0                               ? tr("rises")
                                                                           : tr("falls");
        const QString said = !isKnown ? tr("cannot be told") : isSure(hint) ? QStringLiteral("%1 · %2").arg(way, p) : tr("no more than chance");
        const QRectF words{width() - room - 4, line.top(), room, rowHeight};
        painter.setPen(colors.muted);
        painter.drawText(words, Qt::AlignLeft | Qt::AlignVCenter,
                         metrics.elidedText(said, Qt::ElideRight, room));
    }
    if (const std::size_t more = m_hints.size() - static_cast<std::size_t>(shown()); more > 0) {
        const int sure = static_cast<int>(std::count_if(m_hints.begin() + shown(), m_hints.end(), isSure));
        painter.setPen(colors.muted);
        painter.drawText(QRectF{4, static_cast<double>(shown() * rowHeight), width() - 8.0, rowHeight}, Qt::AlignLeft | Qt::AlignVCenter,
                         sure > 0 ? tr("+%1 more, of which %2 beyond chance").arg(more).arg(sure) : tr("+%1 more, none beyond chance").arg(more));
    }
}

bool HintList::event(QEvent* event)
{
    if (event->type() == QEvent::ToolTip) {
        const auto* help = static_cast<QHelpEvent*>(event);
        const int row = rowAt(help->pos());
        QStringList words;
        const std::size_t first = row < 0 ? static_cast<std::size_t>(shown()) : static_cast<std::size_t>(row), last = row < 0 ? m_hints.size() : first + 1;
        for (std::size_t i = first; i < last; ++i) {
            words << translated(m_hints[i].sentence);
            for (const std::string& other : m_hints[i].together)
                words << tr("%1 changes together with it and cannot be told apart").arg(QString::fromStdString(other));
        }
        QToolTip::showText(help->globalPos(), words.join(QLatin1Char('\n')), this);
        return true;
    }
    if (event->type() == QEvent::FocusIn || event->type() == QEvent::FocusOut)
        update();
    return QWidget::event(event);
}

void HintList::say(int row)
{
    if (row >= 0)
        Q_EMIT settingChosen(QString::fromStdString(m_hints[static_cast<std::size_t>(row)].setting));
}

void HintList::mousePressEvent(QMouseEvent* event)
{
    m_row = rowAt(event->position().toPoint());
    say(m_row);
    update();
}

void HintList::keyPressEvent(QKeyEvent* event)
{
    if (event->key() == Qt::Key_Down || event->key() == Qt::Key_Up) {
        m_row = std::clamp(m_row + (event->key() == Qt::Key_Down ? 1 : -1), 0, std::max(0, shown() - 1));
        if (m_row < shown())
            setAccessibleDescription(translated(m_hints[static_cast<std::size_t>(m_row)].sentence));
        update();
    } else if ((event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter) && m_row >= 0) {
        say(m_row);
    } else {
        QWidget::keyPressEvent(event);
    }
}

}
