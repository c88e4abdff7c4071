// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/run/preview.h"

#include <QWidget>

class QScrollArea;

namespace descent {

class AttentionMap;
class TranslationList;

/// A few texts with their translations as they get better; of the chosen one, where the network looks.
class TranslationView : public QWidget
{
    Q_OBJECT
public:
    explicit TranslationView(QWidget* parent = nullptr);
    void setPreview(const TranslationPreview& preview);
    void clear();

private:
    void showChosen();
    TranslationList* m_list = nullptr;
    AttentionMap* m_map = nullptr;
    std::vector<TranslatedText> m_texts;
};

/// Text, translation and reference, one below the other; a click or an arrow key chooses one.
class TranslationList : public QWidget
{
    Q_OBJECT
public:
    explicit TranslationList(QWidget* parent = nullptr);
    void setTexts(std::vector<TranslatedText> texts);
    std::size_t chosen() const { return m_chosen; }
    bool hasHeightForWidth() const override { return true; }
    int heightForWidth(int width) const override;
    QSize sizeHint() const override { return {320, heightForWidth(320)}; }
Q_SIGNALS:
    void chosenChanged();

protected:
    void paintEvent(QPaintEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void focusInEvent(QFocusEvent* event) override;
    void focusOutEvent(QFocusEvent* event) override;

private:
    int heightOf(const TranslatedText& text, int width) const;
    void choose(std::size_t index);
    std::vector<TranslatedText> m_texts;
    std::size_t m_chosen = 0;
};

}
