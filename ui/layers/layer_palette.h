// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

class QLabel;
class QLineEdit;
class QTreeWidget;

namespace descent {

/// The kinds of layers by group, to search, double-click or drag. A drag never leaves the window, so it is followed with the
/// mouse itself; whoever shows the layers says where it would be put.
class LayerPalette : public QWidget
{
    Q_OBJECT
public:
    explicit LayerPalette(QWidget* parent = nullptr);
    QLineEdit* search() const { return m_search; }
    QTreeWidget* list() const { return m_list; }

Q_SIGNALS:
    void kindChosen(const QString& kind);                       ///< by double-click or Return
    void kindDragged(const QString& kind, const QPoint& globalPos);
    void kindDropped(const QString& kind, const QPoint& globalPos);

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    void filter(const QString& words);
    void chooseCurrent();

    QLineEdit* m_search = nullptr;
    QTreeWidget* m_list = nullptr;
    QLabel* m_ghost = nullptr;                                  // follows the mouse
    QString m_dragged;
    QPoint m_pressedAt;
};

}
