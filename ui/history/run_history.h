// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/store/store_thread.h"

#include <QObject>
#include <QTimer>

#include <atomic>
#include <filesystem>
#include <functional>
#include <memory>
#include <vector>

namespace descent {

/// All series of one run, as points.
struct RunCurves {
    RunId run = 0;
    std::map<std::string, std::vector<SeriesPoint>> series;
};

/// The history as the window sees it: asks the store on its own thread, gives values back as signals on the window's.
/// Looks once a second whether anything has changed, by whichever program.
class RunHistory : public QObject
{
    Q_OBJECT
public:
    explicit RunHistory(std::filesystem::path folder, QObject* parent = nullptr);
    ~RunHistory() override;

    const std::vector<RunSummary>& runs() const { return m_runs; }
    const RunSummary* find(RunId run) const;         ///< null when it is gone
    bool isLoaded() const { return m_loaded; }
    std::filesystem::path folderOf(RunId run) const;
    const std::filesystem::path& folder() const { return m_folder; } ///< of the store

    void refresh();
    void requestDetails(RunId run);                  ///< detailsArrived follows
    void requestSettings(std::vector<std::string> paths); ///< of all runs; settingsArrived follows
    void requestCurves(std::vector<RunId> runs);     ///< curvesArrived follows; an older request is forgotten

    void rename(RunId run, const QString& name);
    void setNote(RunId run, const QString& note);
    void setTags(RunId run, const QStringList& tags);
    void moveToTrash(std::vector<RunId> runs);
    void restore(std::vector<RunId> runs);

Q_SIGNALS:
    void changed();                                  ///< runs() is new
    void detailsArrived(const descent::RunDetails& details);
    void curvesArrived(const std::vector<descent::RunCurves>& curves);
    void settingsArrived(const std::map<std::string, descent::RunSettings>& settings);
    void failed(const QString& message);

private:
    void post(std::function<void(RunStore&)> work);
    void change(std::function<void(RunStore&)> work);   ///< and look at the result

    const std::filesystem::path m_folder;
    std::vector<RunSummary> m_runs;
    bool m_loaded = false, m_asking = false;
    std::int64_t m_lastChange = -1;                  // store thread only
    std::atomic<std::uint64_t> m_curvesGeneration = 0;
    QTimer m_timer;
    std::unique_ptr<StoreThread> m_store;            // last: its thread is joined before the rest goes
};

}
