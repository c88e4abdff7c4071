// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QTableView>

namespace descent {

/// A table whose rows are dragged as a badge with their number: pictures of them would hide where they are dropped.
class BadgeDragView : public QTableView
{
    Q_OBJECT
public:
    using QTableView::QTableView;

protected:
    void startDrag(Qt::DropActions actions) override;
};

/// A table whose first columns stay in place when it is moved sideways. A second view of the same model and selection lies over them.
class PinnedTable : public BadgeDragView
{
    Q_OBJECT
public:
    explicit PinnedTable(QWidget* parent = nullptr);
    void scrollTo(const QModelIndex& index, ScrollHint hint = EnsureVisible) override;
    void setModel(QAbstractItemModel* model) override;
    void setDelegates(QAbstractItemDelegate* behind, QAbstractItemDelegate* front); ///< one a view: a shared one would tell both of each edit
    void setPinned(int columns);                       ///< of those at the left
    int pinned() const { return m_pinned; }
    QTableView* pinnedView() const { return m_front; }
    void editCell(const QModelIndex& index);           ///< where it is seen
    bool isEdited() const;

Q_SIGNALS:
    void menuWanted(const QPoint& global);             ///< on a row
    void headerMenuWanted(int column, const QPoint& global);
    void headerClicked(int column, Qt::KeyboardModifiers modifiers);
    void editEnded();

protected:
    void resizeEvent(QResizeEvent* event) override;
    QModelIndex moveCursor(CursorAction action, Qt::KeyboardModifiers modifiers) override;
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    void setUp(QTableView& view);
    void layOut();

    QTableView* m_front = nullptr;
    int m_pinned = 0;
};

}
