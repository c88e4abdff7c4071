// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QColor>
#include <QIcon>
#include <QString>

class QAbstractButton;

namespace descent {

/// An icon of resources/icons drawn in `color`, sharp on every display.
QIcon icon(const QString& name, const QColor& color);

/// Gives a button an icon in the theme's colours and keeps it right when the theme changes.
/// `checkedAccent`: the accent colour while checked.
void setThemedIcon(QAbstractButton* button, const QString& name, bool onAccent = false);

}
