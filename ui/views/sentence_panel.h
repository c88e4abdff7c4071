// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/run/preview.h"

#include <QFont>
#include <QRect>
#include <QString>
#include <QWidget>

#include <string>
#include <vector>

namespace descent {

/// Held-back texts with the classes the network gives them, and behind each word a colour: how much it speaks for the
/// likeliest class, or against it.
class SentencePanel : public QWidget
{
    Q_OBJECT
public:
    explicit SentencePanel(QWidget* parent = nullptr);
    void setClassNames(std::vector<std::string> names);
    void setPreview(const TextPreview& preview);
    const TextPreview& preview() const { return m_preview; }
    void clear();
    QSize sizeHint() const override { return {360, heightForWidth(360)}; }
    int heightForWidth(int width) const override;
    bool hasHeightForWidth() const override { return true; }

protected:
    void paintEvent(QPaintEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;

private:
    struct Piece {
        QRect place; // from the tile's upper left corner
        QString text;
        double weight = 0; // -1 to 1
    };
    struct Tile {
        std::vector<Piece> pieces;
        int height = 0;
    };
    Tile laidOut(const TextPreview::Sentence& sentence, int width) const;
    void layOut();

    std::vector<std::string> m_classNames;
    TextPreview m_preview;
    std::vector<Tile> m_tiles; // for the current width
};

}
