// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QFileInfo>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QProcess>
#include <QTemporaryDir>

#include <filesystem>
#include <vector>

/// The `descent` program with a data folder of its own, as a person or a script runs it.
class DescentHome {
public:
    struct Outcome {
        int code = -1; ///< -1: it crashed or was killed
        QByteArray out, err;
        std::vector<QJsonObject> lines() const ///< of --json; whole lines only
        {
            std::vector<QJsonObject> objects;
            for (const QByteArray& line : out.left(out.lastIndexOf('\n') + 1).split('\n'))
                if (!line.isEmpty())
                    objects.push_back(QJsonDocument::fromJson(line).object());
            return objects;
        }
        QJsonDocument json() const { return QJsonDocument::fromJson(out); }
    };

    std::filesystem::path folder() const { return m_folder.path().toStdString(); }
    QString path(const QString& name) const { return m_folder.filePath(name); }

    void start(QProcess& process, const QStringList& arguments, const QString& program = BIN_DIR "/descent") const
    {
        QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
        environment.insert("DESCENT_HOME", m_folder.path());
        environment.insert("LC_ALL", "C.UTF-8");
        process.setProcessEnvironment(environment);
        process.start(program, arguments);
    }

    /// Runs it to its end.
    Outcome run(const QStringList& arguments, const QByteArray& input = {}) const
    {
        QProcess process;
        start(process, arguments);
        process.write(input);
        process.closeWriteChannel();
        if (!process.waitForFinished(900'000))
            process.kill();
        return {process.exitStatus() == QProcess::NormalExit ? process.exitCode() : -1, process.readAllStandardOutput(),
                process.readAllStandardError()};
    }

private:
    QTemporaryDir m_folder;
};

inline bool canTrain()
{
    return QFileInfo::exists(BIN_DIR "/../lib/libdescent_torch.so");
}
