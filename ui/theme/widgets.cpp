// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/theme/widgets.h"

#include "ui/theme/icons.h"
#include "ui/theme/theme.h"

#include <QEvent>
#include <QHBoxLayout>
#include <QPainter>
#include <QPushButton>
#include <QScrollArea>
#include <QStyle>
#include <QTimer>
#include <QToolButton>
#include <QVBoxLayout>

namespace descent {

ElidedLabel::ElidedLabel(const QString& text, QWidget* parent) : QLabel{parent}
{
    setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);
    setText(text);
}

void ElidedLabel::setText(const QString& text)
{
    QLabel::setText(text);
    setToolTip(text);
}

QSize ElidedLabel::minimumSizeHint() const
{
    return {fontMetrics().averageCharWidth() * 4, QLabel::minimumSizeHint().height()};
}

void ElidedLabel::paintEvent(QPaintEvent*)
{
    QPainter painter{this};
    painter.setPen(palette().color(foregroundRole()));
    painter.drawText(contentsRect(), static_cast<int>(alignment()) | Qt::TextSingleLine,
                     fontMetrics().elidedText(text(), Qt::ElideMiddle, contentsRect().width()));
}

Card::Card(const QString& iconName, const QString& title, QWidget* parent) : QFrame{parent}
{
    setProperty("card", true);
    auto* layout = new QVBoxLayout{this};
    layout->setContentsMargins(Theme::space4, Theme::space3, Theme::space4, Theme::space4);
    layout->setSpacing(Theme::space3);
    m_title = new QHBoxLayout;
    m_title->setSpacing(Theme::space2);
    if (!iconName.isEmpty()) {
        auto* mark = new QToolButton;
        mark->setAutoRaise(true);
        mark->setEnabled(true);
        mark->setFocusPolicy(Qt::NoFocus);
        mark->setAttribute(Qt::WA_TransparentForMouseEvents);
        mark->setStyleSheet(QStringLiteral("border:0; padding:0; background:transparent;"));
        mark->setIconSize({18, 18});
        setThemedIcon(mark, iconName);
        m_title->addWidget(mark);
    }
    m_title->addWidget(makeLabel(title, "heading"));
    m_title->addStretch(1);
    layout->addLayout(m_title);
    m_body = new QVBoxLayout;
    m_body->setSpacing(Theme::space3);
    layout->addLayout(m_body, 1);
}

void Card::addToTitle(QWidget* widget)
{
    m_title->addWidget(widget);
}

EmptyState::EmptyState(const QString& iconName, const QString& title, const QString& sentence, const QString& action, QWidget* parent)
    : QWidget{parent}
{
    auto* layout = new QVBoxLayout{this};
    layout->setAlignment(Qt::AlignCenter);
    layout->setSpacing(Theme::space2);
    auto* mark = new QToolButton;
    mark->setFocusPolicy(Qt::NoFocus);
    mark->setAttribute(Qt::WA_TransparentForMouseEvents);
    mark->setStyleSheet(QStringLiteral("border:0; background:transparent;"));
    mark->setIconSize({40, 40});
    setThemedIcon(mark, iconName);
    layout->addWidget(mark, 0, Qt::AlignCenter);
    layout->addWidget(makeLabel(title, "title"), 0, Qt::AlignCenter);
    QLabel* words = makeLabel(sentence, "muted");
    words->setWordWrap(true);
    words->setAlignment(Qt::AlignCenter);
    words->setMinimumWidth(360);
    words->setMaximumWidth(440);
    layout->addWidget(words, 0, Qt::AlignCenter);
    if (!action.isEmpty()) {
        auto* button = new QPushButton{action};
        button->setProperty("kind", "primary");
        layout->addSpacing(Theme::space2);
        layout->addWidget(button, 0, Qt::AlignCenter);
        connect(button, &QPushButton::clicked, this, &EmptyState::actionChosen);
    }
}

Toast::Toast(QWidget* parent) : QFrame{parent}
{
    setProperty("toast", true);
    auto* layout = new QHBoxLayout{this};
    layout->setContentsMargins(Theme::space4, Theme::space2, Theme::space2, Theme::space2);
    m_message = new QLabel;
    m_action = new QPushButton;
    layout->addWidget(m_message);
    layout->addWidget(m_action);
    m_timer = new QTimer{this};
    m_timer->setSingleShot(true);
    m_timer->setInterval(8000);
    connect(m_timer, &QTimer::timeout, this, &QWidget::hide);
    connect(m_action, &QPushButton::clicked, this, [this] {
        hide();
        Q_EMIT actionChosen();
    });
    parent->installEventFilter(this);
    hide();
}

void Toast::show(const QString& message, const QString& action)
{
    m_message->setText(message);
    m_action->setText(action);
    m_action->setVisible(!action.isEmpty());
    layout()->activate();
    adjustSize();
    place();
    raise();
    QFrame::show();
    m_timer->start();
}

void Toast::place()
{
    move((parentWidget()->width() - width()) / 2, parentWidget()->height() - height() - Theme::space5);
}

bool Toast::eventFilter(QObject* watched, QEvent* event)
{
    if (watched == parentWidget() && event->type() == QEvent::Resize)
        place();
    return QFrame::eventFilter(watched, event);
}

QLabel* makeLabel(const QString& text, const char* role)
{
    auto* label = new QLabel{text};
    label->setTextFormat(Qt::PlainText);   // names come from files: they are no markup
    if (role)
        label->setProperty("role", role);
    return label;
}

void setWrong(QWidget* field, bool wrong)
{
    if (field->property("wrong").toBool() == wrong)
        return;
    field->setProperty("wrong", wrong);
    field->style()->unpolish(field);
    field->style()->polish(field);
}

QFrame* makeLine()
{
    auto* line = new QFrame;
    line->setProperty("line", true);
    return line;
}

QWidget* scrolled(QWidget* view)
{
    auto* scroll = new QScrollArea;
    scroll->setWidgetResizable(true);
    scroll->setFrameShape(QFrame::NoFrame);
    scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    auto* holder = new QWidget;
    holder->setProperty("scrollBody", true);
    auto* layout = new QVBoxLayout{holder};
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(view);
    layout->addStretch(1);
    scroll->setWidget(holder);
    return scroll;
}

}
