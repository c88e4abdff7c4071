// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/base/problem.h"
#include "engine/core/interchange/foreign_values.h"
#include "engine/core/interchange/import_turn.h"
#include "engine/core/store/run_store.h"

#include <cstdint>
#include <functional>
#include <limits>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <stop_token>
#include <string>
#include <unordered_map>
#include <vector>

namespace descent {

/// What another program says of a run.
struct ForeignRun {
    std::string name, experiment, note;
    ForeignSettings settings;
    std::map<std::string, std::string> environment;
    std::vector<std::string> tags;
    std::optional<double> began, ended; ///< seconds since 1970; where it does not say, the times of its first and last value
    std::optional<RunStatus> status;    ///< how it ended; nothing: it may still go on
    bool evenEmpty = false;             ///< it is a run even where it has no value
    bool operator==(const ForeignRun&) const = default;
};

/// A value of one of its series.
struct ForeignPoint {
    std::string series;
    std::int64_t step = 0;
    double value = 0;
    double wallTime = std::numeric_limits<double>::quiet_NaN(); ///< seconds since 1970
    double seconds = std::numeric_limits<double>::quiet_NaN();  ///< since the run's start; NaN: follows from the wall time
};

/// What an import has found and taken, since the last time it was asked.
struct ImportReport {
    std::int64_t runs = 0, newRuns = 0; ///< that there are; of those, that were not in the history
    std::int64_t updatedRuns = 0;       ///< of an archive: see ArchiveReport
    std::int64_t series = 0;            ///< names of series in all runs
    std::int64_t points = 0, known = 0; ///< values taken; values that were in the history already
    std::int64_t damaged = 0;           ///< records, lines or runs that were left out
    Problems problems;                  ///< why; the first hundred of them
    void add(const ImportReport& later); ///< of the same import
};

struct ImportProgress {
    double done = 0; ///< of 1, as far as it can be told
    std::int64_t runs = 0, points = 0;
};

/// Where the readers of other programs' files put runs, so that they become runs of the history: one that was imported before is found
/// again by where it came from, and as many values of each series as there are already are passed over, for such files only grow.
/// Used by one thread.
class Intake {
public:
    enum class Mode { take, count /**< nothing is written: what taking would do */ };
    explicit Intake(Mode mode = Mode::take) : m_mode{mode} {}

    class Run {
    public:
        ForeignRun about; ///< filled by the reader, before flush()
    private:
        friend class Intake;
        std::string m_from;
        std::optional<RunId> m_run;
        bool m_isUnderWay = false; // this import has it as running
        bool m_isCounted = false, m_isToldNew = false; // in this report; in any
        std::map<std::string, std::int64_t> m_known;  // values that are to be passed over, by series
        std::map<std::string, std::int64_t> m_stored; // values that the history has, by series, as far as this import knows
        std::vector<ForeignPoint> m_fresh;
        std::optional<ForeignRun> m_told; // what the history was told of it last
        double m_began = std::numeric_limits<double>::quiet_NaN(), m_lastSeconds = 0;
    };

    // Between begin() and take(), from a reader:
    /// The run that comes from there: "tensorboard:/logs/a". The same object each time.
    Run& run(const std::string& from);
    void add(Run& run, ForeignPoint point);
    void flush(Run& run); ///< what is known of it is in the history
    void flush();         ///< of all runs
    void passOver();                ///< a run that is here as our own
    void leaveOut(Problem problem); ///< something that cannot be read
    void say(Problem problem);      ///< that does not mean that anything is missing
    void showProgress(double done);
    RunStore& store() { return *m_store; } ///< to look into

    void begin(RunStore& store, const std::stop_token& stop, std::function<void(const ImportProgress&)> progress);
    ImportReport take();
    void drop(); ///< instead of take(), when reading has failed
    /// Nobody follows the runs any more: those that did not say how they ended have ended so.
    void finish(RunStore& store, RunStatus status);

private:
    void create(Run& run);
    void record(Run& run);
    void tell(Run& run);

    const Mode m_mode;
    RunStore* m_store = nullptr;
    std::optional<ImportTurn> m_turn;
    std::unordered_map<std::string, ImportedRun> m_imported; // by where they came from
    std::optional<std::int64_t> m_changes;                   // of the history, when that was read
    std::map<std::string, std::unique_ptr<Run>> m_runs;
    std::set<std::string> m_series;
    ImportReport m_report;
    std::function<void(const ImportProgress&)> m_progress;
};

/// An import from one place, which may be followed while it grows.
class RunImport {
public:
    virtual ~RunImport() = default;
    /// All that came since the last time. Throws StoreError; DescentError when nothing is there, or another program has taken the same
    /// runs meanwhile; Cancelled. Returns early when stopped.
    ImportReport update(RunStore& store, const std::stop_token& stop = {}, const std::function<void(const ImportProgress&)>& progress = {});
    /// Nothing more will come: a last line without its end is one too. What that added.
    ImportReport finish(RunStore& store);

protected:
    explicit RunImport(Intake::Mode mode) : m_intake{mode} {}

private:
    virtual void read(Intake& intake, const std::stop_token& stop) = 0;
    virtual void readRest(Intake&) {}
    /// How a run has ended of which the other program does not say it.
    virtual RunStatus statusAtEnd() const { return RunStatus::completed; }

    Intake m_intake;
};

}
