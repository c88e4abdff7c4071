// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/layers/layer_palette.h"

#include "engine/core/network/custom/layer_kind.h"
#include "ui/theme/theme.h"
#include "ui/theme/translated.h"
#include "ui/theme/widgets.h"

#include <QApplication>
#include <QKeyEvent>
#include <QLineEdit>
#include <QTreeWidget>
#include <QVBoxLayout>

namespace descent {

LayerPalette::LayerPalette(QWidget* parent) : QWidget{parent}
{
    auto* layout = new QVBoxLayout{this};
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(Theme::space2);
    m_search = new QLineEdit;
    m_search->setObjectName(QStringLiteral("layerSearch"));
    m_search->setPlaceholderText(tr("Search layers"));
    m_search->setAccessibleName(tr("Search layers"));
    m_search->setClearButtonEnabled(true);
    layout->addWidget(m_search);
    m_list = new QTreeWidget;
    m_list->setObjectName(QStringLiteral("layerPalette"));
    m_list->setAccessibleName(tr("Kinds of layers"));
    m_list->setHeaderHidden(true);
    m_list->setUniformRowHeights(true);
    m_list->setIndentation(Theme::space3);
    m_list->setRootIsDecorated(false);
    m_list->setFrameShape(QFrame::NoFrame);
    m_list->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    for (QWidget* watched : {static_cast<QWidget*>(m_search), static_cast<QWidget*>(m_list), m_list->viewport()})
        watched->installEventFilter(this);
    QTreeWidgetItem* group = nullptr;
    QFont heading = Theme::font(TextStyle::caption);
    heading.setBold(true);
    const QSize row{0, 26}; // the style sheet's padding does not reach rows of uniform height
    for (const LayerKind& kind : layerKinds()) {
        const QString name = translated(kind.group);
        if (!group || group->text(0) != name) {
            group = new QTreeWidgetItem{m_list, {name}};
            group->setFlags(Qt::ItemIsEnabled);
            group->setFont(0, heading);
            group->setSizeHint(0, row);
            group->setExpanded(true);
        }
        auto* item = new QTreeWidgetItem{group, {translated(kind.label)}};
        item->setData(0, Qt::UserRole, QString::fromStdString(kind.id));
        item->setSizeHint(0, row);
        item->setToolTip(0, translated(kind.help));
    }
    layout->addWidget(m_list, 1);
    QLabel* hint = makeLabel(tr("Drag to a place, or double-click"), "caption");
    hint->setWordWrap(true);
    layout->addWidget(hint);
    connect(m_search, &QLineEdit::textChanged, this, &LayerPalette::filter);
    connect(m_list, &QTreeWidget::itemDoubleClicked, this, &LayerPalette::chooseCurrent);
}

void LayerPalette::filter(const QString& words)
{
    QTreeWidgetItem* first = nullptr;
    for (int i = 0; i < m_list->topLevelItemCount(); ++i) {
        QTreeWidgetItem* group = m_list->topLevelItem(i);
        bool any = false;
        for (int j = 0; j < group->childCount(); ++j) {
            QTreeWidgetItem* item = group->child(j);
            const bool found = words.isEmpty() || (item->text(0) + item->data(0, Qt::UserRole).toString() + item->toolTip(0) + group->text(0)).contains(words, Qt::CaseInsensitive);
            item->setHidden(!found);
            any = any || found;
            if (found && !first)
                first = item;
        }
        group->setHidden(!any);
    }
    m_list->setCurrentItem(words.isEmpty() ? nullptr : first);
}

void LayerPalette::chooseCurrent()
{
    const QTreeWidgetItem* item = m_list->currentItem();
    if (item && !item->isHidden() && !item->data(0, Qt::UserRole).toString().isEmpty())
        Q_EMIT kindChosen(item->data(0, Qt::UserRole).toString());
}

bool LayerPalette::eventFilter(QObject* watched, QEvent* event)
{
    if (event->type() == QEvent::KeyPress) {
        const int key = static_cast<QKeyEvent*>(event)->key();
        if (key == Qt::Key_Return || key == Qt::Key_Enter) {
            chooseCurrent();
            return true;
        }
        if (watched == m_search && (key == Qt::Key_Down || key == Qt::Key_Up)) {
            m_list->setFocus();
            QApplication::sendEvent(m_list, event);
            return true;
        }
    }
    if (watched != m_list->viewport())
        return QWidget::eventFilter(watched, event);
    auto* mouse = static_cast<QMouseEvent*>(event);
    if (event->type() == QEvent::MouseButtonPress && mouse->button() == Qt::LeftButton) {
        const QTreeWidgetItem* item = m_list->itemAt(mouse->position().toPoint());
        m_dragged = item ? item->data(0, Qt::UserRole).toString() : QString{};
        m_pressedAt = mouse->globalPosition().toPoint();
    } else if (event->type() == QEvent::MouseMove && !m_dragged.isEmpty() && (mouse->buttons() & Qt::LeftButton)) {
        const QPoint at = mouse->globalPosition().toPoint();
        if (!m_ghost && (at - m_pressedAt).manhattanLength() < QApplication::startDragDistance())
            return true;
        if (!m_ghost) {
            m_ghost = makeLabel(m_list->currentItem() ? m_list->currentItem()->text(0) : m_dragged, "heading");
            m_ghost->setParent(window());
            m_ghost->setAttribute(Qt::WA_TransparentForMouseEvents);
            m_ghost->adjustSize();
            m_ghost->show();
        }
        m_ghost->move(window()->mapFromGlobal(at) + QPoint{12, 6});
        m_ghost->raise();
        Q_EMIT kindDragged(m_dragged, at);
        return true;
    } else if (event->type() == QEvent::MouseButtonRelease && m_ghost) {
        delete std::exchange(m_ghost, nullptr);
        Q_EMIT kindDropped(std::exchange(m_dragged, {}), mouse->globalPosition().toPoint());
        return true;
    }
    return QWidget::eventFilter(watched, event);
}

}
