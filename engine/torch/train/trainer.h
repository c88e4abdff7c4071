// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/backend/backend.h"
#include "engine/core/recipe/schedule.h"
#include "engine/torch/checkpoint/checkpoint.h"
#include "engine/torch/data/training_batches.h"
#include "engine/torch/distributed/replicas.h"
#include "engine/torch/nn/graph_network.h"
#include "engine/torch/optim/optimizer.h"
#include "engine/torch/task/task_program.h"
#include "engine/torch/train/gradient_pass.h"
#include "engine/torch/train/metric_log.h"
#include "engine/torch/train/options.h"

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>

namespace descent {

/// Trains one recipe from its first step to its end. Lives and works on one thread, the run's worker.
/// Same request, same device, same number of threads: the same numbers, bit for bit.
/// One of several processes that train a network together is one such trainer in each; that of rank 0 tells, judges and saves.
class Trainer {
public:
    Trainer(const TrainingRequest& request, c10::Device device, std::string deviceName, RunControl& control,
            RunObserver& observer, ProcessGroup* group = nullptr);

    /// Tells everything to the observer: RunStarted first, RunEnded last. Throws what torch throws when memory runs out.
    void run();

private:
    using Clock = std::chrono::steady_clock;
    using Metrics = std::map<std::string, double>;

    bool follows() const { return m_replicas && !m_replicas->leads(); } // another process tells, judges and saves
    void trainAll();
    bool meetOthers(); // false: rank 0 stops
    void endWithout(const ProcessLost& lost);
    void beginWithWeights(); // of request.start
    void makeOptimizer();
    void start();
    void tellStart();
    bool trainEpoch(std::int64_t epoch); // false: stopped or failed
    void takeBatch();
    void trainStep();
    void afterStep();
    void obeyRequests();
    void finishEpoch(std::int64_t epoch);
    bool isBetter(const Metrics& validation) const;
    void showPreviews(bool atOnce);
    void tellProgress(bool paused);
    std::map<std::string, std::string> metadata(std::map<std::string, std::string> values) const;
    void saveLast(bool atOnce);
    void saveBest();
    void end(RunStatus status, Text reason = {}, Text hint = {});
    void failOnBadLoss();
    double learningRate() const;
    double activeSeconds() const; // of training, pauses left out

    const TrainingRequest& m_request;
    const Meanings m_meanings; // a vocabulary is hashed once, not for every checkpoint
    const c10::Device m_device;
    const std::string m_deviceName;
    RunControl& m_control;
    RunObserver& m_observer;
    const TrainingOptions m_options;

    at::Generator m_generator; // of the weights and dropout
    GraphNetwork m_network;
    std::optional<Replicas> m_replicas; // one of several processes
    DeviceSamples m_trainSamples;
    DeviceSamples m_testSamples;
    TrainingBatches m_batches;
    std::unique_ptr<Optimizer> m_optimizer;
    std::optional<TakeOver> m_takeOver; // where it does not start from nothing
    Schedule m_schedule;
    std::optional<double> m_requestedRate; // a person's, in place of the schedule's

    MetricLog m_log;
    std::unique_ptr<TaskProgram> m_program;
    Random m_augmentation; // of the task's program
    GradientPass m_pass;
    struct PacedPreview {
        LivePreview preview;
        Clock::time_point next;
    };
    std::vector<PacedPreview> m_previews;
    Snapshot m_best;
    Metrics m_bestValidation; // by metric
    Metrics m_bestEpoch;      // what RunEnded tells: by series, with "epoch"
    std::int64_t m_epochsWithoutBest = 0;
    bool m_bestUnsaved = false, m_hasCheckpoint = false, m_ended = false;
    bool m_stoppedByLeader = false; // of several processes

    std::int64_t m_epoch = 0, m_step = 0;
    Batch m_batch;
    Clock::time_point m_start, m_nextFlush, m_nextProgress, m_nextFigure, m_nextRate, m_nextSave;
    Clock::duration m_pausedTime{};
    std::int64_t m_paceStep = 0, m_paceSamples = 0, m_samples = 0; // where the running measure of the pace began
    double m_paceSeconds = 0, m_samplesPerSecond = 0, m_secondsPerStep = 0;
};

}
