// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/queue/desktop_notice.h"

#include <QDBusConnection>
#include <QElapsedTimer>
#include <QProcess>
#include <QStandardPaths>
#include <QTest>

using namespace descent;

/// The desktop's side of it.
class Notifications : public QObject
{
    Q_OBJECT
    Q_CLASSINFO("D-Bus Interface", "org.freedesktop.Notifications")
public:
    QString application, title, body;

public Q_SLOTS:
    uint Notify(const QString& name, uint, const QString&, const QString& summary, const QString& text, const QStringList&, const QVariantMap&, int)
    {
        application = name;
        title = summary;
        body = text;
        return 1;
    }
};

class TestDesktopNotice : public QObject
{
    Q_OBJECT
    QProcess m_bus;

private Q_SLOTS:
    void aNoticeReachesTheDesktop()
    {
        const QString daemon = QStandardPaths::findExecutable("dbus-daemon");
        if (daemon.isEmpty())
            QSKIP("there is no dbus-daemon here");
        m_bus.start(daemon, {"--session", "--nofork", "--print-address=1"});
        QVERIFY(m_bus.waitForReadyRead(10'000));
        const QByteArray address = m_bus.readLine().trimmed();
        qputenv("DBUS_SESSION_BUS_ADDRESS", address);
        QDBusConnection desktop = QDBusConnection::connectToBus(QString::fromLatin1(address), "desktop");
        Notifications notifications;
        QVERIFY(desktop.registerObject("/org/freedesktop/Notifications", &notifications, QDBusConnection::ExportAllSlots));
        QVERIFY(desktop.registerService("org.freedesktop.Notifications"));
        tellOnDesktop("The queue is worked off", "17 done, <b>3</b> failed");
        QTRY_COMPARE_WITH_TIMEOUT(notifications.title, QString("The queue is worked off"), 10'000);
        QCOMPARE(notifications.application, QString("Descent"));
        QCOMPARE(notifications.body, QString("17 done, &lt;b&gt;3&lt;/b&gt; failed"));

        QVERIFY(desktop.unregisterService("org.freedesktop.Notifications"));
        QElapsedTimer clock;
        clock.start();
        tellOnDesktop("nobody", "listens");
        QVERIFY(clock.elapsed() < 100);
        m_bus.kill();
        m_bus.waitForFinished();
    }

    void withoutABusNothingHappens()
    {
        qunsetenv("DBUS_SESSION_BUS_ADDRESS");
        qputenv("XDG_RUNTIME_DIR", "/nowhere");
        QElapsedTimer clock;
        clock.start();
        tellOnDesktop("nobody", "listens");
        QVERIFY(clock.elapsed() < 100);
    }
};

QTEST_GUILESS_MAIN(TestDesktopNotice)
#include "tst_desktop_notice.moc"
