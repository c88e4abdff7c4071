// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>
#include <QWidget>

#include <vector>

namespace descent {

/// A run among those it came from and those that came from it, drawn as a tree. Click, or arrow keys and Enter, to go to one.
class FamilyView : public QWidget
{
    Q_OBJECT
public:
    struct Row {
        qint64 run = 0;
        int depth = 0;            ///< 0: the root
        bool isLastChild = true;  ///< of its parent
        bool isDeleted = false;   ///< known by its descendants alone
        QString name, figure;
        bool operator==(const Row&) const = default;
    };
    explicit FamilyView(QWidget* parent = nullptr);
    void setFamily(std::vector<Row> rows, qint64 current); ///< from the root down, each before its descendants
    const std::vector<Row>& rows() const { return m_rows; }
    QRect rowRect(int row) const;
    QSize sizeHint() const override;

Q_SIGNALS:
    void runChosen(qint64 run);

protected:
    void paintEvent(QPaintEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void leaveEvent(QEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void focusInEvent(QFocusEvent* event) override;
    void focusOutEvent(QFocusEvent* event) override;
    bool event(QEvent* event) override; // tool tips

private:
    int rowAt(int y) const;
    void choose(int row);

    std::vector<Row> m_rows;
    qint64 m_current = 0;
    int m_cursor = -1, m_hovered = -1; // rows
};

}
