// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/base/text.h"
#include "engine/core/run/preview.h"

#include <chrono>
#include <cstdint>
#include <map>
#include <string>
#include <variant>
#include <vector>

namespace descent {

enum class RunStatus { queued, running, completed, stopped, failed, interrupted };
std::string toString(RunStatus status);               ///< "running": in the store and on the command line
RunStatus runStatusFromString(std::string_view name); ///< throws std::invalid_argument

using WallTime = std::chrono::system_clock::time_point;

// What a training tells of itself: small values, no tensors. Metric names are "<metric>/<part>": "loss/train",
// "accuracy/validation"; beside them "learning-rate" and "samples-per-second". Steps are optimizer steps, counted from 1.

struct RunStarted {
    std::int64_t run = 0; ///< id in the store
    std::string device;   ///< "cpu, 4 threads", "cuda:0 NVIDIA H100"
    std::int64_t epochs = 0, stepsPerEpoch = 0;
    std::int64_t parameterCount = 0;
    std::int64_t trainCount = 0, validationCount = 0, testCount = 0;
    std::string task;                    ///< id of the TaskKind
    std::vector<std::string> classNames; ///< empty for regression
    std::string primaryMetric;           ///< id of the MetricKind that picks the best model
};

/// One value of one series.
struct MetricPoint {
    std::string series;
    std::int64_t step = 0;
    double value = 0;   ///< may be NaN or infinite
    double seconds = 0; ///< of training since the run's start, pauses left out
};
struct MetricsLogged {
    std::vector<MetricPoint> points; ///< in order of step
};

/// Where the training stands, a few times a second.
struct Progress {
    std::int64_t epoch = 0; ///< the one under way, counted from 1
    std::int64_t step = 0, totalSteps = 0;
    double samplesPerSecond = 0;
    double secondsLeft = 0; ///< by the pace of the last seconds; negative: not known yet
    double learningRate = 0;
    std::int64_t deviceMemoryBytes = 0; ///< 0: not known
    bool paused = false;
};

struct EpochFinished {
    std::int64_t epoch = 0, step = 0;
    std::map<std::string, double> metrics; ///< by series name
    bool best = false;                     ///< the best epoch so far by the task's primary metric on validation
};

struct CheckpointWritten {
    std::string path; ///< relative to the run's folder
    std::int64_t step = 0;
    bool best = false;
    std::string sha256;
    std::vector<std::string> removed; ///< older ones that gave way to it
};

struct Message {
    enum class Severity { information, warning } severity = Severity::information;
    Text text;
};

struct RunEnded {
    RunStatus status = RunStatus::completed;
    Text reason;                        ///< of a failure, or why it stopped early; may be empty
    Text hint;                          ///< what a person can do about it; may be empty
    std::map<std::string, double> best; ///< the best epoch: "epoch", and its metrics by series name
    std::map<std::string, double> test; ///< of the best model on the test part, by metric: "accuracy", "loss"
    double seconds = 0;                 ///< of training, pauses left out
};

using RunEvent = std::variant<RunStarted, MetricsLogged, Progress, EpochFinished, CheckpointWritten, Preview, Message,
                              RunEnded>;

/// Takes a run's events, on the run's worker thread. Must return quickly and must not throw.
class RunObserver {
public:
    virtual ~RunObserver() = default;
    virtual void onEvent(const RunEvent& event) = 0;
    /// Returns when all that was told is kept, where it is kept at all: a checkpoint must not know more than the history.
    virtual void settle() {}
};

}
