// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/queue/desktop_notice.h"

#include <QDBusConnection>
#include <QDBusMessage>
#include <QFileInfo>
#include <QThreadPool>
#include <QVariantMap>

namespace descent {

namespace {

/// Without a session's bus, connecting would start one of its own.
bool hasSessionBus()
{
    return qEnvironmentVariableIsSet("DBUS_SESSION_BUS_ADDRESS") || QFileInfo::exists(qEnvironmentVariable("XDG_RUNTIME_DIR") + QStringLiteral("/bus"));
}

}

void tellOnDesktop(const QString& title, const QString& sentence)
{
    if (!hasSessionBus())
        return;
    QDBusMessage call = QDBusMessage::createMethodCall(QStringLiteral("org.freedesktop.Notifications"), QStringLiteral("/org/freedesktop/Notifications"),
                                                       QStringLiteral("org.freedesktop.Notifications"), QStringLiteral("Notify"));
    // The body may hold markup, and names come from files: they are no markup.
    call.setArguments({QStringLiteral("Descent"), uint{0}, QStringLiteral("descent"), title, sentence.toHtmlEscaped(), QStringList{}, QVariantMap{}, -1});
    QThreadPool::globalInstance()->start([call] { // the first one connects, which waits for the bus
        QDBusConnection::sessionBus().send(call);
    });
}

}
