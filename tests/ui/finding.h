// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QLineEdit>
#include <QTest>
#include <QWidget>

/// The widget of that name below `window`. Ends the program where there is none: a test would go on with nothing to press.
template <typename Widget>
Widget* found(const QWidget& window, const QString& name)
{
    auto* widget = window.findChild<Widget*>(name);
    if (!widget)
        qFatal("there is no widget %s", qPrintable(name));
    return widget;
}

/// As a person types over what stands in a field.
inline void replaceText(QLineEdit* line, const QString& text)
{
    line->setFocus();
    line->selectAll();
    QTest::keyClicks(line, text);
}

inline void click(QWidget* widget)
{
    QTest::mouseClick(widget, Qt::LeftButton);
}
