// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/data/quality.h"

#include <QObject>
#include <QTimer>

#include <atomic>
#include <memory>
#include <thread>
#include <vector>

namespace descent {

class TrainSession;

/// What the Prepare page shows of the session's data: its quality, inspected on a thread after every edit that matters.
/// Lives on the window's thread; an out-of-date report is dropped.
class PrepareSession : public QObject
{
    Q_OBJECT
public:
    explicit PrepareSession(TrainSession& session, QObject* parent = nullptr);
    ~PrepareSession() override;
    TrainSession& train() { return m_session; }
    const std::shared_ptr<const QualityReport>& report() const { return m_report; }   ///< null: not inspected yet
    const QString& failure() const { return m_failure; }                              ///< why there is no report
    bool isInspecting() const { return m_inspecting; }
    void setActive(bool active);   ///< nothing is inspected while nobody looks
    void cancel();

    /// One edit of the recipe, undone as one: paths and values as setByPath() takes them.
    void decide(const std::vector<std::pair<std::string, std::string>>& sets, const QString& what);

Q_SIGNALS:
    void inspectionStarted();
    void inspectionProgress(double fraction);
    void inspectionFinished();

private:
    void schedule();
    void inspect();

    TrainSession& m_session;
    std::shared_ptr<const QualityReport> m_report;
    QString m_failure;
    bool m_active = false, m_outdated = true, m_inspecting = false;
    std::uint64_t m_generation = 0;
    QTimer m_delay;
    struct Worker {
        std::shared_ptr<std::atomic<bool>> done = std::make_shared<std::atomic<bool>>(false);
        std::jthread thread;
    };
    std::vector<Worker> m_outdatedWorkers;   // told to stop; joined when done, or with this object
    Worker m_worker;                         // last: joined before what it posts to goes
};

}
