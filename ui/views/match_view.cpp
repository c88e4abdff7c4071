// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/match_view.h"

#include "ui/theme/theme.h"
#include "ui/views/data_views.h"

#include <QPainter>

#include <algorithm>
#include <cmath>

namespace descent {

namespace {

constexpr int gap = 8, padding = 8, picture = 52, found = 44, caption = 16;
constexpr int narrowestFaces = 232, narrowestCaptions = 300;

}

MatchView::MatchView(QWidget* parent) : QWidget{parent}
{
    QSizePolicy policy{QSizePolicy::Expanding, QSizePolicy::Preferred};
    policy.setHeightForWidth(true);
    setSizePolicy(policy);
    setObjectName(QStringLiteral("matchView"));
    connect(&Theme::instance(), &Theme::changed, this, qOverload<>(&QWidget::update));
}

void MatchView::setMatches(const MatchPreview& matches)
{
    const bool otherSize = matches.probes.size() != m_matches.probes.size();
    m_matches = matches;
    const auto right = std::count_if(m_matches.probes.begin(), m_matches.probes.end(),
                                     [](const auto& probe) { return !probe.found.empty() && probe.found.front().right; });
    setAccessibleDescription(tr("%1 of %2 held-back pictures are taken for the right one").arg(right).arg(m_matches.probes.size()));
    setToolTip(showsFaces() ? tr("On the left a picture of somebody the network has never learnt from, beside it the nearest of those it\n"
                                 "could be, with their cosines. Green is the right person; what is below the threshold counts as nobody.")
                            : tr("Beside each held-back picture the captions nearest to it, with their cosines. Green is its own."));
    if (otherSize)
        updateGeometry();
    update();
}

void MatchView::clear()
{
    m_matches = {};
    updateGeometry();
    update();
}

bool MatchView::showsFaces() const
{
    return !m_matches.probes.empty() && !m_matches.probes.front().found.empty() && !m_matches.probes.front().found.front().pixels.empty();
}

int MatchView::columns(int width) const
{
    return std::max(1, (width + gap) / ((showsFaces() ? narrowestFaces : narrowestCaptions) + gap));
}

QSize MatchView::tileSize(int width) const
{
    const int perRow = columns(width);
    return {(width - (perRow - 1) * gap) / perRow, 2 * padding + picture + (showsFaces() ? caption : 4)};
}

int MatchView::heightForWidth(int width) const
{
    if (m_matches.probes.empty())
        return 0;
    const int perRow = columns(width), rows = (static_cast<int>(m_matches.probes.size()) + perRow - 1) / perRow;
    return rows * (tileSize(width).height() + gap);
}

QSize MatchView::sizeHint() const
{
    return {2 * narrowestFaces + gap, heightForWidth(2 * narrowestFaces + gap)};
}

void MatchView::paintPicture(QPainter& painter, const QRect& box, const std::vector<std::uint8_t>& pixels) const
{
    if (pixels.empty())
        return;
    const QImage image = toImage(pixels, m_matches.channels, m_matches.height, m_matches.width);
    const QSize size = image.size().scaled(box.size(), Qt::KeepAspectRatio);
    painter.setRenderHint(QPainter::SmoothPixmapTransform, image.width() > box.width());
    painter.drawImage(QRect{QPoint{box.left() + (box.width() - size.width()) / 2, box.top() + (box.height() - size.height()) / 2}, size}, image);
}

void MatchView::paintFaces(QPainter& painter, const QRect& box, const MatchPreview::Probe& probe) const
{
    const ColorTokens& colors = Theme::instance().colors();
    paintPicture(painter, QRect{box.left() + padding + 4, box.top() + padding, picture, picture}, probe.pixels);
    const QFontMetrics metrics = painter.fontMetrics();
    painter.setPen(colors.muted);
    painter.drawText(QRect{box.left() + padding + 4, box.top() + padding + picture, picture + 10, caption}, Qt::AlignLeft | Qt::AlignVCenter,
                     metrics.elidedText(QString::fromStdString(probe.name), Qt::ElideRight, picture + 10));
    const int left = box.left() + padding + 4 + picture + 20;
    const int step = std::max(found + 6, std::min(found + 18, (box.right() - padding - left) / std::max(1, static_cast<int>(probe.found.size()))));
    for (std::size_t i = 0; i < probe.found.size(); ++i) {
        const MatchPreview::Found& one = probe.found[i];
        const QRect place{left + static_cast<int>(i) * step, box.top() + padding + (picture - found) / 2, found, found};
        // What is below the threshold is not taken for anybody: it stands back.
        const bool accepted = !(one.score < m_matches.threshold);
        painter.setOpacity(accepted ? 1 : 0.4);
        paintPicture(painter, place, one.pixels);
        painter.setOpacity(1);
        if (one.right || (i == 0 && accepted)) {
            painter.setPen(QPen{one.right ? colors.success : colors.danger, 2});
            painter.setBrush(Qt::NoBrush);
            painter.drawRect(QRectF{place}.adjusted(-1, -1, 1, 1));
        }
        painter.setPen(one.right ? colors.success : colors.muted);
        painter.drawText(QRect{place.left() - 6, box.top() + padding + picture, found + 12, caption}, Qt::AlignCenter,
                         QString::number(one.score, 'f', 2));
    }
}

void MatchView::paintCaptions(QPainter& painter, const QRect& box, const MatchPreview::Probe& probe) const
{
    const ColorTokens& colors = Theme::instance().colors();
    paintPicture(painter, QRect{box.left() + padding + 4, box.top() + padding + 2, picture, picture}, probe.pixels);
    const QFontMetrics metrics = painter.fontMetrics();
    const int left = box.left() + padding + 4 + picture + 10, scoreWidth = 34, room = box.right() - padding - left - scoreWidth;
    const int line = (box.height() - 2 * padding) / 3;
    for (std::size_t i = 0; i < std::min<std::size_t>(3, probe.found.size()); ++i) {
        const MatchPreview::Found& one = probe.found[i];
        const int top = box.top() + padding + static_cast<int>(i) * line;
        painter.setPen(one.right ? colors.success : i == 0 ? colors.danger : colors.muted);
        painter.drawText(QRect{left, top, scoreWidth, line}, Qt::AlignLeft | Qt::AlignVCenter, QString::number(one.score, 'f', 2));
        painter.setPen(one.right ? colors.text : colors.muted);
        painter.drawText(QRect{left + scoreWidth, top, room, line}, Qt::AlignLeft | Qt::AlignVCenter,
                         metrics.elidedText(QString::fromStdString(one.name), Qt::ElideRight, room));
    }
}

void MatchView::paintEvent(QPaintEvent*)
{
    QPainter painter{this};
    painter.setRenderHint(QPainter::Antialiasing);
    const ColorTokens& colors = Theme::instance().colors();
    painter.setFont(Theme::font(TextStyle::caption));
    const QSize tile = tileSize(width());
    const int perRow = columns(width());
    for (std::size_t i = 0; i < m_matches.probes.size(); ++i) {
        const MatchPreview::Probe& probe = m_matches.probes[i];
        const QRect box{static_cast<int>(i) % perRow * (tile.width() + gap), static_cast<int>(i) / perRow * (tile.height() + gap), tile.width(),
                        tile.height()};
        const bool right = !probe.found.empty() && probe.found.front().right && !(probe.found.front().score < m_matches.threshold);
        painter.setPen(Qt::NoPen);
        painter.setBrush(colors.raised);
        painter.drawRoundedRect(box, 7, 7);
        painter.setBrush(right ? colors.success : colors.danger);
        painter.drawRoundedRect(QRectF{static_cast<double>(box.left()), box.top() + 8.0, 3, box.height() - 16.0}, 1.5, 1.5);
        if (showsFaces())
            paintFaces(painter, box, probe);
        else
            paintCaptions(painter, box, probe);
    }
}

}
