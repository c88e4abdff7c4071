// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QString>

#include <functional>

namespace descent {

/// Writes what `make` makes, whole or not at all, and says where it lies, or why it does not, in the window's language. On a thread that may wait.
QString writtenFile(const QString& file, const std::function<QByteArray()>& make);

}
