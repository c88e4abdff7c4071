// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/interchange/export_kinds.h"
#include "engine/core/interchange/import_kinds.h"

#include <QObject>
#include <QTimer>

#include <filesystem>
#include <functional>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

namespace descent {

/// How far runs have come in or gone out.
struct TransferState {
    double done = 0;                            ///< of 1
    std::optional<ImportKind> kind;             ///< of an import: what lies there; nothing: none that is known
    ImportReport report;                        ///< of an import: since its beginning
    std::int64_t files = 0;                     ///< of an archive: checkpoints and what lies beside them
    bool isFollowing = false;                   ///< all that is there was taken; it waits for more
    std::vector<std::filesystem::path> written; ///< of an export
};

/// Runs that come in or go out, on a thread of its own with a history of its own. Begins when made.
class Transfer : public QObject
{
    Q_OBJECT
public:
    using Tell = std::function<void(const TransferState&)>;
    /// Runs on the thread; may throw DescentError, Cancelled.
    using Work = std::function<void(RunStore& store, const Tell& tell, const std::stop_token& stop)>;
    Transfer(std::filesystem::path storeFolder, Work work, QObject* parent);

    void stop();    ///< finished() follows
    void abandon(); ///< nobody waits for it any more: it goes when it has stopped

Q_SIGNALS:
    void progressed(const descent::TransferState& state); ///< the newest, at display rate
    /// problem: why it ended; empty when it is done or was stopped
    void finished(const descent::TransferState& state, bool stopped, const descent::Text& problem);

private:
    void run(const std::filesystem::path& storeFolder, const Work& work, const std::stop_token& stop);
    void poll();

    std::mutex m_mutex; // guards what the worker leaves here
    std::optional<TransferState> m_newest;
    bool m_isEnded = false, m_wasStopped = false;
    Text m_problem;
    TransferState m_state; // as it was told last
    QTimer m_poll;
    std::jthread m_worker; // last: joined before what it writes to goes
};

/// What lies at a path, and what importing it would take.
Transfer::Work lookAt(std::filesystem::path path);
/// Takes it; goes on until it is stopped where `follow` says so.
Transfer::Work importOf(ImportSource source, bool follow);
Transfer::Work exportOf(std::vector<RunId> runs, ExportTarget target);

}
