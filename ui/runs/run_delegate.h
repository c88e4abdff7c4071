// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QStyledItemDelegate>

namespace descent {

/// Paints what text alone does not say: the run's colour and star, its status as a pill, its curve, heads of groups.
class RunDelegate : public QStyledItemDelegate
{
    Q_OBJECT
public:
    using QStyledItemDelegate::QStyledItemDelegate;
    void paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const override;
    void updateEditorGeometry(QWidget* editor, const QStyleOptionViewItem& option, const QModelIndex& index) const override;

Q_SIGNALS:
    void starClicked(const QModelIndex& index);
    void groupClicked(const QModelIndex& index);

protected:
    bool editorEvent(QEvent* event, QAbstractItemModel* model, const QStyleOptionViewItem& option, const QModelIndex& index) override;

private:
    void paintName(QPainter& painter, const QStyleOptionViewItem& option, const QModelIndex& index, const QString& text) const;
    void paintGroup(QPainter& painter, const QStyleOptionViewItem& option, const QModelIndex& index, const QString& text) const;
};

}
