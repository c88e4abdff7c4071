// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/base/problem.h"
#include "engine/core/run/question.h"

#include <QObject>
#include <QString>

#include <filesystem>
#include <functional>
#include <memory>
#include <thread>

namespace descent {

class FinishedRun;

/// What a window needs to try a finished run.
struct TriedRun {
    std::filesystem::path storeFolder;
    std::int64_t id = 0;
    QString name;
};

/// Asks a finished run's network on a thread of its own; its data and weights are read with the first question. Lives on the
/// window's thread. One question at a time: another one while it works takes the place of the one under way.
class RunAsker : public QObject
{
    Q_OBJECT
public:
    explicit RunAsker(TriedRun run, QObject* parent = nullptr);
    ~RunAsker() override;

    void ask(const Question& question); ///< answered() follows, or failed()

    /// Any work with the run, on that thread. What it gives back is called on the window's thread, unless other work has taken
    /// its place. What it throws is told by failed().
    using Work = std::function<std::function<void()>(FinishedRun& run, const AskControl& control)>;
    void work(Work work);
    void stop();
    bool isBusy() const { return m_busy; }

Q_SIGNALS:
    void busyChanged(bool busy);
    void answered(const descent::Answer& answer);
    void failed(const QString& message); ///< also when stopped: with an empty message

private:
    struct Opened { // used by one worker after the other
        std::unique_ptr<FinishedRun> run;
    };
    void setBusy(bool busy);

    const TriedRun m_run;
    const std::shared_ptr<Opened> m_opened;
    bool m_busy = false;
    std::uint64_t m_generation = 0; // of the newest work; what older work gives back is out of date
    std::jthread m_worker;          // last: joined before what it posts to goes
};

/// The value, or a DescentError with the first problem and its hint: for work, where failed() tells it.
template <typename T>
T orFail(Result<T> result)
{
    if (!result)
        throw DescentError{result.problems.front().message};
    return std::move(*result.value);
}

}
