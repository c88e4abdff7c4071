// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QFrame>
#include <QLabel>
#include <QString>

class QHBoxLayout;
class QPushButton;
class QTimer;
class QVBoxLayout;

namespace descent {

/// A text cut in its middle where it does not fit; the whole of it is the tooltip.
class ElidedLabel : public QLabel
{
    Q_OBJECT
public:
    explicit ElidedLabel(const QString& text = {}, QWidget* parent = nullptr);
    void setText(const QString& text);
    QSize minimumSizeHint() const override;

protected:
    void paintEvent(QPaintEvent* event) override;
};

/// A rounded surface with a title row and a body.
class Card : public QFrame
{
    Q_OBJECT
public:
    Card(const QString& iconName, const QString& title, QWidget* parent = nullptr);
    QVBoxLayout* body() const { return m_body; }
    void addToTitle(QWidget* widget);   ///< at the right end of the title row

private:
    QHBoxLayout* m_title = nullptr;
    QVBoxLayout* m_body = nullptr;
};

/// What a page shows while it has nothing to show: why, and the way on.
class EmptyState : public QWidget
{
    Q_OBJECT
public:
    EmptyState(const QString& iconName, const QString& title, const QString& sentence, const QString& action, QWidget* parent = nullptr);
Q_SIGNALS:
    void actionChosen();
};

/// A passing message over the window's foot, with Undo where there is something to take back.
class Toast : public QFrame
{
    Q_OBJECT
public:
    explicit Toast(QWidget* parent);
    void show(const QString& message, const QString& action = {});
Q_SIGNALS:
    void actionChosen();

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    void place();
    QLabel* m_message = nullptr;
    QPushButton* m_action = nullptr;
    QTimer* m_timer = nullptr;
};

QLabel* makeLabel(const QString& text, const char* role = nullptr);   ///< role: muted, caption, heading, title, display, danger
QFrame* makeLine();
void setWrong(QWidget* field, bool wrong); ///< framed in red
QWidget* scrolled(QWidget* view); ///< a view that may grow taller than its place

}
