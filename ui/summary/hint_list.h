// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/summary/explanation.h"

#include <QWidget>

#include <memory>

namespace descent {

/// The settings that go along with a figure, strongest first: name, a bar as long as their strength, and which way. What may be said of
/// each is its tooltip. The arrow keys go along, Enter or a click asks for a chart of one.
class HintList : public QWidget
{
    Q_OBJECT
public:
    explicit HintList(QWidget* parent = nullptr);
    void setHints(std::shared_ptr<const FigureTable> table, std::vector<SettingHint> hints);
    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

Q_SIGNALS:
    void settingChosen(const QString& name);

protected:
    bool event(QEvent* event) override; // tooltips
    void paintEvent(QPaintEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;

private:
    int shown() const; ///< rows; what does not fit is counted in a last line
    int rowAt(const QPoint& point) const;
    void say(int row);

    std::shared_ptr<const FigureTable> m_table;
    std::vector<SettingHint> m_hints;
    int m_row = -1;
};

}
