// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/run/preview.h"

#include <QImage>
#include <QWidget>

#include <vector>

class QPainter;

namespace descent {

/// Held-back pictures and what each is taken for: beside every picture the nearest faces, or captions, with their cosines; the
/// right ones are marked.
class MatchView : public QWidget
{
    Q_OBJECT
public:
    explicit MatchView(QWidget* parent = nullptr);
    void setMatches(const MatchPreview& matches);
    const MatchPreview& matches() const { return m_matches; }
    void clear();
    QSize sizeHint() const override;
    int heightForWidth(int width) const override;
    bool hasHeightForWidth() const override { return true; }

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    bool showsFaces() const;
    int columns(int width) const;
    QSize tileSize(int width) const;
    void paintFaces(QPainter& painter, const QRect& box, const MatchPreview::Probe& probe) const;
    void paintCaptions(QPainter& painter, const QRect& box, const MatchPreview::Probe& probe) const;
    void paintPicture(QPainter& painter, const QRect& box, const std::vector<std::uint8_t>& pixels) const;

    MatchPreview m_matches;
};

}
