// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/base/problem.h"
#include "engine/core/run/question.h"

#include <QObject>
#include <QString>

#include <filesystem>
#include <functional>
#include <memory>
#include <stop_token>
#include <thread>
#include <vector>

namespace descent {

class FinishedRun;

/// What a window needs to try a finished run.
struct TriedRun {
    std::filesystem::path storeFolder;
    std::int64_t id = 0;
    QString name;
};

/// Asks a finished run's network on a thread of its own; its data and weights are read with the first question. Lives on the
/// window's thread. One question at a time: another one while it works takes the place of those that wait or are under way.
class RunAsker : public QObject
{
    Q_OBJECT
public:
    explicit RunAsker(TriedRun run, QObject* parent = nullptr);
    ~RunAsker() override;

    void ask(const Question& question); ///< answered() follows, or failed()

    /// Any work with the run, on that thread. What it gives back is called on the window's thread, unless other work has taken
    /// its place; kept work is waited for instead. What it throws is told by failed().
    using Work = std::function<std::function<void()>(FinishedRun& run, const AskControl& control)>;
    enum class Place { givenUp, kept };
    void work(Work work, Place place = Place::givenUp);
    void stop();
    bool isBusy() const { return m_busy; }

Q_SIGNALS:
    void busyChanged(bool busy);
    void progressed(double fraction); ///< 0 to 1, of reading its data, then of long answers
    void answered(const descent::Answer& answer);
    void failed(const QString& message); ///< also when stopped: with an empty message

private:
    struct Opened { // used by one worker after the other
        std::unique_ptr<FinishedRun> run;
    };
    struct Job {
        Place place = Place::givenUp;
        std::stop_source stop;
        bool isDropped = false; // read and written on the window's thread
    };
    void setBusy(bool busy);

    const TriedRun m_run;
    const std::shared_ptr<Opened> m_opened;
    bool m_busy = false;
    std::vector<std::shared_ptr<Job>> m_jobs; // begun, and not told yet; each waits for the one before
    std::jthread m_worker;                    // last: joined before what it posts to goes
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
