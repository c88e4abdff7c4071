// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

namespace descent {

/// A notice of the desktop (org.freedesktop.Notifications). Returns at once; where there is no such service nothing happens.
void tellOnDesktop(const QString& title, const QString& sentence);

}
