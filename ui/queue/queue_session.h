// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/job/job_queue.h"

#include <QObject>

#include <filesystem>
#include <map>
#include <memory>
#include <vector>

namespace descent {

/// The queue as the window sees it: edits go to its thread, values come back as signals on the window's. Nothing here waits.
class QueueSession : public QObject
{
    Q_OBJECT
public:
    explicit QueueSession(std::filesystem::path folder, QObject* parent = nullptr);
    ~QueueSession() override; ///< stops what runs, which then waits again

    const QueueSnapshot& snapshot() const { return m_snapshot; }
    bool isLoaded() const { return m_loaded; }
    const QueueProgress* progressOf(QueueEntryId entry) const; ///< null where it does not run in this program
    int runningHere() const { return static_cast<int>(m_progress.size()); }
    int count(QueueState state) const;

    void begin(); ///< to work off what waits; until then the queue is shown and edited
    void add(std::vector<NewQueueEntry> entries);      ///< added follows
    void requestRecipe(QueueEntryId entry);            ///< recipeArrived follows
    void move(std::vector<QueueEntryId> entries, std::optional<QueueEntryId> before);
    void remove(std::vector<QueueEntryId> entries);
    void giveBack(std::vector<QueueEntryId> entries);
    void retry(std::vector<QueueEntryId> entries);
    void stop(QueueEntryId entry);
    void setPaused(bool paused);
    void setAtOnce(int runs);
    void setRunsElsewhere(int runs) { m_queue->setRunsElsewhere(runs); }
    std::int64_t threadsForOneMore() { return m_queue->threadsForOneMore(); }

Q_SIGNALS:
    void changed();                                    ///< snapshot() is new
    void added(const std::vector<descent::QueueEntryId>& entries);
    void recipeArrived(const QString& json);
    void progressed(descent::QueueEntryId entry);
    void ended(const descent::QueueEntry& entry);      ///< of this program
    void workedOff(int ended);                         ///< nothing is left to begin, after so many ended
    void failed(const QString& message);

private:
    void changeSettings(std::function<void(QueueSettings&)> change);

    QueueSnapshot m_snapshot;
    std::map<QueueEntryId, QueueProgress> m_progress;
    bool m_loaded = false;
    std::unique_ptr<JobQueue> m_queue; // last: its threads post to this
};

}
