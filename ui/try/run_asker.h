// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/run/question.h"

#include <QObject>
#include <QString>

#include <filesystem>
#include <memory>
#include <thread>

namespace descent {

class FinishedRun;

/// Asks a finished run's network on a thread of its own; its data and weights are read with the first question. Lives on the
/// window's thread. One question at a time: another one while it works takes the place of the one under way.
class RunAsker : public QObject
{
    Q_OBJECT
public:
    explicit RunAsker(std::filesystem::path dataFolder, QObject* parent = nullptr);
    ~RunAsker() override;

    void setRun(std::int64_t run); ///< forgets the last one
    void ask(const Question& question);
    bool isBusy() const { return m_busy; }

Q_SIGNALS:
    void answered(const descent::Answer& answer);
    void failed(const QString& message);

private:
    struct Opened { // used by one worker after the other
        std::unique_ptr<FinishedRun> run;
    };
    void finish(std::uint64_t generation, const Answer* answer, const QString& problem);

    const std::filesystem::path m_folder;
    std::int64_t m_run = 0;
    std::shared_ptr<Opened> m_opened;
    bool m_busy = false;
    std::uint64_t m_generation = 0; // of the newest question; older answers are out of date
    std::jthread m_worker;          // last: joined before what it posts to goes
};

}
