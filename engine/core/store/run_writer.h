// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/run/run_event.h"
#include "engine/core/store/point_store.h"
#include "engine/core/store/run_store.h"
#include "engine/core/store/thumbnail.h"

#include <SQLiteCpp/SQLiteCpp.h>

#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace descent {

/// Writes events of one run inside a transaction of the caller: points, and what the run's row says of them (last values, step,
/// thumbnail), once in finish(). Lives for one transaction, so that it never knows less than the database.
class RunWriter {
public:
    RunWriter(SQLite::Database& database, RunId run); ///< throws StoreError when the run is gone
    void write(std::span<const RunEvent> events);
    void finish();
    /// Forgets what was told behind a place, as if the run had been stopped there.
    void rewind(const RunPlace& place);

private:
    struct Series {
        PointStore::Series stored;
        std::vector<SeriesPoint> fresh; ///< not written yet
    };
    Series& series(const std::string& name);
    void writeSummary(const char* part, const std::map<std::string, double>& values);

    void on(const RunStarted& event);
    void on(const MetricsLogged& event);
    void on(const EpochFinished& event);
    void on(const CheckpointWritten& event);
    void on(const Message& event);
    void on(const RunEnded& event);
    template <typename Passing> // progress, previews, surfaces: seen and forgotten
    void on(const Passing&)
    {
    }

    SQLite::Database& m_database;
    const RunId m_run;
    PointStore m_points;
    std::map<std::string, Series> m_series;
    std::map<std::string, double> m_lastOfEpoch; ///< figures an epoch ended with
    std::int64_t m_epoch = 0, m_step = 0;
    double m_seconds = 0;
    Thumbnail m_thumbnail; ///< of the training loss
};

}
