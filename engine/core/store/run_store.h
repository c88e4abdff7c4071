// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/run/run_event.h"
#include "engine/core/store/figures.h"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <span>
#include <stop_token>
#include <string>
#include <unordered_map>
#include <variant>
#include <vector>

namespace SQLite {
class Database;
}

namespace descent {

class SeriesVisitor;
class StoreDatabase;
struct CurveColumns;

using RunId = std::int64_t;

/// What is written when a run is born.
struct NewRun {
    std::string experiment = "Default";
    std::string name;
    std::string recipeJson;
    std::string datasetName, datasetKind, architecture, task, primaryMetric; ///< columns of the history, see RunSummary
    bool higherIsBetter = true;                                              ///< of the primary metric
    std::int64_t parameterCount = 0;
    std::optional<RunId> parent; ///< the run whose weights it starts from
    std::string startName;       ///< of that run or of the file, as it was called then; empty: it starts from nothing
    std::string startSha256;     ///< of those weights
    std::map<std::string, std::string> environment; ///< "descent", "torch", "device", "threads", "gitCommit", …
    std::optional<WallTime> createdAt; ///< of a run that another program trained; else now
};

/// In a run's environment: where it was imported from.
inline constexpr char importedFrom[] = "importedFrom";
/// A run that is here already.
struct ImportedRun {
    RunId run = 0;
    WallTime createdAt{};
};

/// What the program that trains it says of such a run now.
struct ImportedState {
    std::string recipeJson;
    std::map<std::string, std::string> environment; ///< beside what is known already
    std::optional<RunStatus> status;                ///< nothing: as it is
    std::optional<WallTime> endedAt;                ///< beside a status
};

/// One row of the history.
struct RunSummary {
    RunId id = 0;
    std::string experiment, name;
    RunStatus status = RunStatus::queued;
    std::string datasetName, datasetKind, architecture, task;
    WallTime createdAt{};
    std::optional<WallTime> endedAt;
    double seconds = 0;               ///< of training
    std::int64_t epoch = 0, step = 0; ///< reached
    std::int64_t parameterCount = 0;
    std::optional<RunId> parent;        ///< the run whose weights it started from; that may have been deleted since
    std::string startName, startSha256; ///< see NewRun
    std::string note;
    std::vector<std::string> tags;
    Text reason, hint;                              ///< of a failure
    std::string primaryMetric;                      ///< of its task: "accuracy"
    bool higherIsBetter = true;                     ///< of the primary metric
    Figures last, best, test;                       ///< summary values; last and best by series, test by metric
    bool starred = false, archived = false;
    std::string color;                              ///< "#1f77b4", chosen by a person; empty: by its number
};

/// Up to 64 values along a run's loss curve, for a sparkline.
using RunThumbnails = std::unordered_map<RunId, std::vector<float>>;

/// A run as it stood at some moment, for all who look at it.
using SharedRun = std::shared_ptr<const RunSummary>;

/// What has become of a history since its revision was another.
struct RunChanges {
    std::int64_t revision = 0;
    std::vector<SharedRun> runs;   ///< new or changed, by number
    std::vector<SharedRun> trash;  ///< of those, what lies in the trash
    std::vector<RunId> gone;       ///< deleted for good
};

/// One setting of many recipes. "true" and "false" are texts.
using RunSettings = std::unordered_map<RunId, std::variant<double, std::string>>;

/// Where a run goes on.
struct RunPlace {
    std::int64_t step = 0;
    std::int64_t epoch = 0; ///< the last that was judged
    bool judged = false;    ///< it ends with that step
    double seconds = 0;     ///< of training
};

struct RunDetails {
    RunSummary summary;
    std::string uuid; ///< the same wherever the run is copied to
    std::string recipeJson;
    std::map<std::string, std::string> environment;
    struct Checkpoint {
        std::string path; ///< relative to the run's folder
        std::int64_t step = 0;
        bool best = false;
        std::string sha256;
    };
    std::vector<Checkpoint> checkpoints;
    std::vector<std::string> series; ///< names
    std::vector<Message> messages;
};

struct SeriesPoint {
    std::int64_t step = 0;
    double value = 0, seconds = 0;
};

/// How much there is of a series.
struct SeriesExtent {
    std::uint64_t points = 0; ///< at least one
    SeriesPoint first, last;  ///< in order of step
};

/// The history of runs in one SQLite file (WAL, foreign keys, user_version migrations), with a folder a run beside it.
/// Thread safety: one RunStore a thread; any number of stores and programs may be open on one file at once.
/// Everything throws StoreError when the file or the disk fails.
class RunStore {
public:
    /// Opens or makes `folder`/descent.db, brings it to the present schema, and marks as interrupted the runs whose
    /// process is gone. A database of a newer version opens read-only: see isReadOnly().
    explicit RunStore(const std::filesystem::path& folder);
    ~RunStore();
    RunStore(const RunStore&) = delete;
    RunStore& operator=(const RunStore&) = delete;
    bool isReadOnly() const;

    RunId createRun(const NewRun& run);               ///< status running, owned by this process
    std::filesystem::path runFolder(RunId run) const; ///< for checkpoints; made by createRun

    /// An ended run runs again, owned by this process, as it stood at `place`: what was told behind it is forgotten, for it
    /// will be told again. Throws StoreError: there is no such run, or it is under way.
    void reopenRun(RunId run, const std::string& recipeJson, const RunPlace& place);

    /// One transaction for all of them: what came back from here survives a kill; with a RunEnded, also a power cut.
    void record(RunId run, std::span<const RunEvent> events);

    std::vector<RunSummary> runs();  ///< newest first, without those in the trash
    std::vector<RunSummary> trash(); ///< those in the trash, newest first
    std::optional<RunDetails> run(RunId run);
    std::map<RunId, std::string> recipes(std::span<const RunId> runs); ///< as JSON, of those that there are
    std::map<RunId, std::vector<RunDetails::Checkpoint>> checkpoints(); ///< of all runs, by step
    std::set<RunId> awaitedRuns();                                      ///< that an entry of the queue will go on with
    void forgetCheckpoint(RunId run, const std::string& path);          ///< its file is gone
    /// Everything for revision 0; else what has changed since, by whichever program.
    RunChanges changesSince(std::int64_t revision);
    RunThumbnails thumbnails(std::span<const RunId> runs);
    /// A setting by its dotted path, "training.learningRate", of each run that has it. "recipe": a number that runs share whose
    /// recipes differ in name and seed alone.
    /// runs: of these alone; empty: of all
    RunSettings settings(const std::string& path, std::span<const RunId> runs = {});
    /// By where they were imported from; without those in the trash.
    std::unordered_map<std::string, ImportedRun> importedRuns();
    std::map<std::string, std::int64_t> pointCounts(RunId run); ///< by series
    std::optional<RunId> runOfUuid(const std::string& uuid);    ///< in the trash too
    void setImportedState(RunId run, const ImportedState& state);
    /// In order of step. Empty when the run has no such series.
    std::vector<SeriesPoint> points(RunId run, const std::string& series);

    /// Of those points what a picture of them needs, wherever its edges lie: reads little more than it gives. Empty likewise.
    std::vector<SeriesPoint> curve(RunId run, const std::string& series, const CurveColumns& columns);

    /// The series of a run that have points, by name; reads none but their ends.
    std::map<std::string, SeriesExtent> extents(RunId run);
    /// Shows a series from its point number `from` on; nothing where the run has no such series. What the visitor throws goes through.
    void visit(RunId run, const std::string& series, SeriesVisitor& visitor, std::uint64_t from = 0);

    /// All that is wrong in the file, of every point: empty when it is sound. Takes as long as reading it.
    std::vector<Text> check(const std::stop_token& stop = {});
    /// Writes the history as it stands now to `file`, which is there whole or not at all; runs may be under way meanwhile. Checkpoints
    /// are not in it. Returns its bytes.
    std::int64_t backUp(const std::filesystem::path& file);
    /// Puts what was deleted to use again and gives it back to the disk; points that came as rows go into chunks. Returns the bytes that
    /// are free now. Needs as much room as the file takes.
    std::int64_t vacuum();

    /// Points that another program has written as rows go into chunks, of one series a call. Returns whether there was one.
    bool compactOne();

    /// Another number whenever anything has changed, by this store or by another program: cheap enough to ask each second.
    std::int64_t changeCounter();

    // Throw StoreError when there is no such run.
    void rename(RunId run, const std::string& name);
    void setNote(RunId run, const std::string& note);
    void setTags(RunId run, const std::vector<std::string>& tags);

    // One transaction for all of them; a run that is gone is passed over.
    void addTag(std::span<const RunId> runs, const std::string& tag);
    void removeTag(std::span<const RunId> runs, const std::string& tag);
    void setStarred(std::span<const RunId> runs, bool starred);
    void setArchived(std::span<const RunId> runs, bool archived);
    void setColor(std::span<const RunId> runs, const std::string& color); ///< "" for the one of its number
    void moveToExperiment(std::span<const RunId> runs, const std::string& experiment); ///< made where there is none
    /// With all that is below it, "vision" and "vision/small". Where there is one of the new name, its runs join it. Throws StoreError
    /// where `to` lies below `from`.
    void renameExperiment(const std::string& from, const std::string& to);
    void moveToTrash(std::span<const RunId> runs);
    void restoreFromTrash(std::span<const RunId> runs);
    void emptyTrash(); ///< rows and folders, for good; runs that still train stay

    /// How a person looks at the table of runs: names and what the window wrote down, as JSON.
    std::map<std::string, std::string> views();
    void saveView(const std::string& name, const std::string& json); ///< in place of one of that name
    void removeView(const std::string& name);

private:
    void markInterrupted();
    void changeEach(std::span<const RunId> runs, const std::function<void(SQLite::Database&, RunId)>& change);

    std::filesystem::path m_folder;
    std::unique_ptr<StoreDatabase> m_database;
};

}
