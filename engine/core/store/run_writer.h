// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/run/run_event.h"

#include <cstdint>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <vector>

namespace SQLite {
class Database;
class Statement;
}

namespace descent {

/// A Text as the store keeps it: its source and arguments, so that it can still be translated when it is read again.
std::string textToJson(const Text& text);
Text textFromJson(const std::string& json);

/// Writes the events of one run, one transaction a call. Remembers series and the curve's thumbnail between calls.
class RunWriter {
public:
    RunWriter(SQLite::Database& database, std::int64_t run);
    ~RunWriter();
    void write(std::span<const RunEvent> events);

private:
    struct Series {
        std::int64_t id = 0;
        std::int64_t lastStep = -1, nextSeq = 0;
        double last = 0;
        double seconds = 0;
        bool changed = false;
    };
    Series& series(const std::string& name);
    void writePoint(const MetricPoint& point);
    void writeSummary(const std::string& kind, const std::map<std::string, double>& values);
    void addToThumbnail(double value);
    void writeProgress();

    void on(const RunStarted& event);
    void on(const MetricsLogged& event);
    void on(const EpochFinished& event);
    void on(const CheckpointWritten& event);
    void on(const Message& event);
    void on(const RunEnded& event);
    void on(const Progress&) {} // passing; nothing is kept
    void on(const PredictionPreview&) {}
    void on(const DecisionSurface&) {}

    SQLite::Database& m_database;
    const std::int64_t m_run;
    std::map<std::string, Series> m_series;
    std::unique_ptr<SQLite::Statement> m_insertPoint;
    std::int64_t m_epoch = 0, m_step = 0;
    double m_seconds = 0;
    std::vector<float> m_thumbnail; // the loss curve, thinned by halves so that it never exceeds its length
    std::int64_t m_thumbnailStride = 1, m_thumbnailPending = 0;
    double m_thumbnailSum = 0;
};

}
