// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/backend/backend.h"
#include "engine/core/data/dataset.h"
#include "engine/core/recipe/recipe.h"
#include "engine/core/run/live_feed.h"
#include "engine/core/run/run_control.h"
#include "engine/core/store/run_recorder.h"

#include <atomic>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <thread>

namespace descent {

/// An earlier run that is to go on, and where.
struct Resume {
    RunId run = 0;
    ResumePoint point;
};

/// A recipe made ready to run: data read, split and prepared, network built, device found. No run exists yet.
struct PreparedTraining {
    Recipe recipe;
    TaskKind task;
    std::shared_ptr<const PreparedData> data;
    NetworkSpec network;
    DeviceInfo device;
    std::optional<Start> start; ///< none: from nothing
    std::optional<Resume> resume;
};

/// Everything up to the first step. Problems: what a person must change; warnings stand beside a value. Throws Cancelled.
/// `dataset` may be given where it was read before (the window's Dataset card has it); else it is read here.
/// `storeFolder`: whose runs the recipe may start from. Without it the recipe's start is left out, as where a finished run is
/// opened, whose weights are its own.
Result<PreparedTraining> prepareTraining(const Recipe& recipe, const Backend& backend, const LoadControl& control,
                                         std::shared_ptr<const Dataset> dataset = nullptr,
                                         const std::filesystem::path& storeFolder = {});

/// What a backend is asked: all of `training`, the place it goes on from included. folder: the run's own; empty where nothing is kept.
TrainingRequest requestOf(const PreparedTraining& training, std::filesystem::path folder = {}, RunId run = 0);

struct JobOptions {
    std::filesystem::path folder; ///< of the store
    std::string experiment = "Default";
    bool watchLayers = false; ///< from the first step on, see RunControl
    std::optional<GroupPlace> group; ///< started as rank 0 of several; none: it starts others itself where the recipe says so
    std::function<void(const RunEvent&)> committed; ///< see RunRecorder; may be empty
    std::int64_t maxThreads = 0;                    ///< see TrainingRequest
};

/// One run on its own thread, recorded in the store and told to a LiveFeed. A run that goes on is the same run: what it had
/// told behind its checkpoint is taken out of the store, and the feed begins with what it told before.
/// Thread safety: the control and the feed from any thread; the destructor stops the run and waits for it.
class TrainingJob {
public:
    TrainingJob(PreparedTraining training, Backend& backend, JobOptions options); ///< throws StoreError; the run exists then
    ~TrainingJob();
    TrainingJob(const TrainingJob&) = delete;

    RunId run() const { return m_run; }
    RunControl& control() { return m_control; }
    LiveFeed& feed() { return m_feed; }
    bool finished() const { return m_finished.load(std::memory_order_acquire); } ///< RunEnded is in the store and the feed
    void wait();
    /// Once finished: what kept the history from being written, and so stopped the run. None: it was written.
    const std::optional<StoreError>& storeFailure() const { return m_storeFailure; }

private:
    void work();

    PreparedTraining m_training;
    Backend& m_backend;
    JobOptions m_options;
    RunId m_run = 0;
    std::filesystem::path m_runFolder;
    MetricsLogged m_earlier; // of a run that goes on; the worker takes it
    RunControl m_control;
    LiveFeed m_feed;
    std::optional<StoreError> m_storeFailure; // of the recorder's thread, which ends before m_finished is set
    std::atomic<bool> m_finished = false;
    std::jthread m_worker; // last: joined before anything it uses is destroyed
};

}
