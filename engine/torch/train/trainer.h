// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/backend/backend.h"
#include "engine/core/recipe/schedule.h"
#include "engine/core/run/rate_finder.h"
#include "engine/torch/checkpoint/checkpoint.h"
#include "engine/torch/data/batch_mixing.h"
#include "engine/torch/data/training_batches.h"
#include "engine/torch/device/arithmetic.h"
#include "engine/torch/distributed/replicas.h"
#include "engine/torch/nn/graph_network.h"
#include "engine/torch/optim/averaged_weights.h"
#include "engine/torch/optim/optimizer.h"
#include "engine/torch/precision/loss_scaler.h"
#include "engine/torch/task/task_program.h"
#include "engine/torch/train/best_model.h"
#include "engine/torch/train/gradient_pass.h"
#include "engine/torch/train/insight.h"
#include "engine/torch/train/metric_log.h"
#include "engine/torch/train/options.h"
#include "engine/torch/train/pace.h"
#include "engine/torch/train/step_graph.h"

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>

namespace descent {

/// Trains one recipe from its first step to its end. Lives and works on one thread, the run's worker.
/// Same request, same device, same number of threads: the same numbers, bit for bit, also where it goes on from a checkpoint.
/// One of several processes that train a network together is one such trainer in each; that of rank 0 tells, judges and saves.
class Trainer {
public:
    Trainer(const TrainingRequest& request, c10::Device device, std::string deviceName, RunControl& control,
            RunObserver& observer, ProcessGroup* group = nullptr);

    /// Tells everything to the observer: RunStarted first, RunEnded last. Throws what torch throws when memory runs out.
    void run();

    /// Instead of run(), and the last thing to be asked: its first steps with a rising learning rate. Tells nothing to the observer.
    RateCurve findRate(const RateFinderOptions& options, const RateFinderControl& control);

private:
    using Clock = std::chrono::steady_clock;
    using Metrics = std::map<std::string, double>;

    std::uint64_t seedOf(const char* purpose) const; // of what is drawn for it
    bool follows() const { return m_replicas && !m_replicas->leads(); } // another process tells, judges and saves
    void trainAll();
    bool meetOthers(); // false: rank 0 stops
    void endWithout(const ProcessLost& lost);
    void beginWithWeights(); // of request.start
    void freeze();
    void makeOptimizer();
    void goOn(); // from request.resume, or on a branch from another run's checkpoint
    void restore(const ResumePoint& point, const WeightsFile& weights);
    void branchOff(const ResumePoint& point, const WeightsFile& weights);
    const ResumePoint* pointToGoOnFrom() const; // this run's, or on a branch another's; null: it begins
    void start();
    void tellStart();
    void tellTakeOver();
    bool learnEpoch(); // what is left of it; false: stopped or failed
    void takeBatches();
    void trainStep();
    at::Tensor findGradients(); // of the batches taken; gives the loss
    void clipGradients();
    at::Tensor pass(); // gradients and loss of the step's batches
    void captureSteps();
    bool unscaleGradients(); // false: they overflowed, and the step is left out
    void lookInside();
    void afterStep();
    void obeyRequests();
    void judgeEpoch();
    void lookForPlateau(double figure);
    void remeasureAverage();
    void showPreviews(bool atOnce);
    void tellProgress(bool paused);
    std::map<std::string, std::string> metadata(std::map<std::string, std::string> values) const;
    TrainingState state() const;
    void save();
    void saveBest();
    void end(RunStatus status, Text reason = {}, Text hint = {});
    void failOnBadLoss();
    double learningRate() const;
    double activeSeconds() const; // of training, pauses left out

    const TrainingRequest& m_request;
    const Meanings m_meanings; // a vocabulary is hashed once, not for every checkpoint
    const std::string m_dataMark;
    const c10::Device m_device;
    const std::string m_deviceName;
    RunControl& m_control;
    RunObserver& m_observer;
    const TrainingOptions m_options;
    const MixingOptions m_mixing;
    const AveragingOptions m_averaging;
    const Arithmetic m_arithmetic;

    at::Generator m_generator; // of the weights and dropout
    GraphNetwork m_network;
    std::optional<Replicas> m_replicas; // one of several processes
    DeviceSamples m_trainSamples;
    DeviceSamples m_testSamples;
    TrainingBatches m_batches;
    std::unique_ptr<Optimizer> m_optimizer;
    std::unique_ptr<AveragedWeights> m_average; // of weights; null: none. What is judged, shown and kept
    std::optional<TakeOver> m_takeOver; // where it does not start from nothing
    std::vector<Text> m_startMessages;
    Schedule m_schedule;
    std::optional<double> m_requestedRate; // a person's, in place of the schedule's
    PlateauState m_plateau; // of that schedule; with another it stays as at the beginning

    MetricLog m_log;
    std::unique_ptr<TaskProgram> m_program;
    GradientPass m_pass;
    std::optional<StepGraph> m_graph; // on a GPU, where steps can be recorded
    std::optional<LossScaler> m_scaler; // in float16
    Insight m_insight;
    Clock::duration m_inputWait{}; // since the rate was told
    double m_toldSeconds = 0;
    Clock::time_point m_stepBegan;
    struct PacedPreview {
        LivePreview preview;
        Clock::time_point next;
    };
    std::vector<PacedPreview> m_previews;
    BestModel m_best;
    bool m_bestUnsaved = false, m_hasCheckpoint = false, m_ended = false;
    bool m_stoppedByLeader = false; // of several processes

    // Where it stands: see TrainingState.
    std::int64_t m_step = 0, m_epoch = 0, m_batchInEpoch = 0 /* optimizer steps */, m_judgedEpoch = -1, m_samples = 0;
    double m_earlierSeconds = 0; // before it went on from a checkpoint
    Pace m_pace;
    std::vector<Batch> m_stepBatches; // of the step under way
    Batch m_batch;                    // the last that was learnt from
    Clock::time_point m_start, m_nextFlush, m_nextProgress, m_nextFigure, m_nextRate, m_nextSave;
    Clock::duration m_pausedTime{};
};

}
