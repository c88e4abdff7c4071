// SPDX-License-Identifier: GPL-3.0-or-later
#include <QFile>
#include <QProcess>
#include <QProcessEnvironment>
#include <QTemporaryDir>
#include <QTest>

/// The set-up scripts with the system's programs replaced by fakes that tell what they were asked.
class TestPackaging : public QObject
{
    Q_OBJECT
    QTemporaryDir m_fakes;

    void fake(const char* name, const QByteArray& script)
    {
        QFile file{m_fakes.filePath(name)};
        QVERIFY(file.open(QIODevice::WriteOnly | QIODevice::Truncate));
        file.write("#!/bin/sh\n" + script + "\n");
        file.setPermissions(file.permissions() | QFile::ExeUser);
    }
    struct Outcome {
        int status = -1;
        QByteArray said;
    };
    Outcome bash(const QString& script)
    {
        QProcess process;
        QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
        environment.insert("PATH", m_fakes.path() + ":" + environment.value("PATH"));
        process.setProcessEnvironment(environment);
        process.setProcessChannelMode(QProcess::MergedChannels);
        process.start("bash", {"-c", "set -euo pipefail; source " SOURCE_DIR "/packaging/lib/setup.sh; " + script});
        process.waitForFinished(60000);
        return {process.exitCode(), process.readAll()};
    }
    QByteArray installed()
    {
        QFile list{SOURCE_DIR "/packaging/debian-packages.txt"};
        if (!list.open(QIODevice::ReadOnly))
            return {};
        QByteArray lines;
        for (const QByteArray& line : list.readAll().split('\n'))
            if (const QByteArray name = line.split('#').first().trimmed(); !name.isEmpty())
                lines += "ii |" + name + "|\n";
        return lines;
    }

private Q_SLOTS:
    void init()
    {
        fake("apt-get", "echo apt-get \"$@\"");
        fake("id", "echo 1000");
    }

    void withoutRootTheOneCommandIsPrinted()
    {
        fake("dpkg-query", "echo 'ii |bash|'");
        const Outcome outcome = bash("install_packages");
        QCOMPARE(outcome.status, 1);
        QVERIFY2(outcome.said.contains("sudo apt-get install --no-install-recommends"), outcome.said);
        QVERIFY(outcome.said.contains("libsqlitecpp-dev"));
        QVERIFY(!outcome.said.contains("apt-get update"));
    }

    void whatIsThereIsNotInstalledAgain()
    {
        fake("dpkg-query", "cat <<'E'\n" + installed() + "E");
        const Outcome outcome = bash("install_packages; echo done");
        QCOMPARE(outcome.status, 0);
        QCOMPARE(outcome.said, QByteArray("done\n"));
    }

    void aPackageThatAnotherProvidesIsThere()
    {
        QByteArray lines = installed();
        lines.replace("ii |qt6-svg-dev|\n", "ii |libqt6svg6-dev|qt6-svg-dev (= 6.8)\n");
        fake("dpkg-query", "cat <<'E'\n" + lines + "E");
        QCOMPARE(bash("missing_packages").said, QByteArray());
    }

    void aPackageThatWasRemovedIsMissing()
    {
        QByteArray lines = installed();
        lines.replace("ii |mold|\n", "rc |mold|\n");
        fake("dpkg-query", "cat <<'E'\n" + lines + "E");
        QCOMPARE(bash("missing_packages").said, QByteArray("mold\n"));
    }

    void asRootOnlyWhatIsMissingIsInstalled()
    {
        fake("id", "echo 0");
        QByteArray lines = installed();
        lines.replace("ii |mold|\n", "");
        fake("dpkg-query", "cat <<'E'\n" + lines + "E");
        fake("apt-get", "echo apt-get \"$@\" >&2");
        const Outcome outcome = bash("install_packages");
        QVERIFY2(outcome.said.contains("install -y -qq --no-install-recommends mold\n"), outcome.said);
    }
};

QTEST_GUILESS_MAIN(TestPackaging)
#include "tst_packaging.moc"
