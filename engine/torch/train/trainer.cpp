// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/torch/train/trainer.h"

#include "engine/core/base/random.h"
#include "engine/core/data/data_mark.h"
#include "engine/core/network/hidden_matrices.h"
#include "engine/core/network/stages.h"
#include "engine/torch/checkpoint/take_over.h"
#include "engine/torch/device/cuda_module.h"
#include "engine/torch/device/devices.h"
#include "engine/torch/train/evaluation.h"
#include "engine/torch/train/prototypes.h"
#include "engine/torch/train/whitening.h"

#include <ATen/ATen.h>
#include <ATen/CPUGeneratorImpl.h>
#include <ATen/Parallel.h>
#include <algorithm>
#include <cmath>
#include <fmt/ranges.h>
#include <set>
#include <stdexcept>
#include <torch/utils.h>

namespace descent {

namespace {

using namespace std::chrono_literals;

constexpr auto flushEvery = 33ms, progressEvery = 100ms, figureEvery = 20ms, rateEvery = 250ms;
/// A preview that took t is not shown again within so many t: a kind of preview costs at most half a per cent.
constexpr int previewRest = 200;

/// "a, b, c and 9 more"
std::string listed(const std::vector<std::string>& names)
{
    constexpr std::size_t most = 4;
    std::string list = fmt::format("{}", fmt::join(names.begin(), names.begin() + static_cast<std::ptrdiff_t>(std::min(most, names.size())), ", "));
    return names.size() > most ? list + fmt::format(" and {} more", names.size() - most) : list;
}

}

Trainer::Trainer(const TrainingRequest& request, c10::Device device, std::string deviceName, RunControl& control,
                 RunObserver& observer, ProcessGroup* group)
    : m_request{request},
      m_meanings{meaningsOf(*request.data)},
      m_dataMark{dataMark(*request.data)},
      m_device{device},
      m_deviceName{std::move(deviceName)},
      m_control{control},
      m_observer{observer},
      m_options{trainingOptions(request.recipe.training)},
      m_mixing{mixingOptions(request.recipe.training)},
      m_averaging{averagingOptions(request.recipe.training)},
      m_arithmetic{m_options.deterministic, device},
      m_generator{at::detail::createCPUGenerator(seedOf("weights"))},
      m_network{request.network, m_generator},
      m_replicas{group ? std::optional<Replicas>{std::in_place, *group, m_network} : std::nullopt},
      m_trainSamples{request.data, DeviceSamples::Part::train, device},
      m_testSamples{request.data, DeviceSamples::Part::test, device},
      m_batches{request.data, m_trainSamples, m_options.batchSize, seedOf("batches"), m_options.balanceSampling, m_options.accumulation,
                group ? BatchShare{group->place().rank, group->place().size} : BatchShare{}},
      m_schedule{scheduleOf(request.recipe.training, m_batches.stepsPerEpoch())},
      m_log{observer, device},
      m_program{makeTaskProgram({request, m_trainSamples, device})},
      m_pass{m_network, *m_program, seedOf("dropout"), GradientPass::sharesPay(request.network, m_options.batchSize),
             m_replicas ? &*m_replicas : nullptr, m_options.precision},
      m_scaler{m_options.precision == Precision::float16 ? std::optional<LossScaler>{std::in_place} : std::nullopt},
      m_insight{m_network, request.network},
      m_best{request.task}
{
    if (m_replicas)
        m_network.shareStatistics(&*m_replicas);
    if (follows()) // the weights are drawn: from here on each process has a dropout of its own
        m_generator.set_current_seed(seedOf("dropout") + static_cast<std::uint64_t>(group->place().rank));
    else
        for (LivePreview& preview : m_program->previews())
            m_previews.push_back({std::move(preview), {}});
    if (const ResumePoint* point = pointToGoOnFrom()) {
        m_takeOver = TakeOver{.taken = point->state.taken};
    } else {
        whitenPatches(m_network, request.network, m_trainSamples, request.data->split.train);
        if (m_request.start)
            beginWithWeights();
    }
    freeze();
    m_network.to(device);
    toChannelsLast(m_network);
    if (!device.is_cpu()) {
        m_generator = at::globalContext().defaultGenerator(device).clone();
        m_generator.set_current_seed(seedOf("dropout") + static_cast<std::uint64_t>(group ? group->place().rank : 0));
        m_network.setGenerator(m_generator);
    }
    makeOptimizer();
    if (m_averaging.kind != AveragingOptions::Kind::none)
        m_average = std::make_unique<AveragedWeights>(m_network, m_averaging);
    m_pass.goDense(DensePass::of(request.network, m_network));
    goOn();
    captureSteps();
}

std::uint64_t Trainer::seedOf(const char* purpose) const
{
    return derivedSeed(static_cast<std::uint64_t>(m_request.recipe.seed), purpose);
}

void Trainer::beginWithWeights()
{
    const StartOptions options = startOptions(m_request.recipe.start);
    Result<TakeOver> takeOver =
        descent::takeOver(m_request.start->file, options, m_request.network, m_meanings, m_network);
    if (!takeOver) // it was examined before: somebody has changed the file since
        throw DescentError{text("%1: %2", takeOver.problems.front().path, english(takeOver.problems.front().message))};
    m_takeOver = std::move(*takeOver.value);
}

void Trainer::freeze()
{
    const StartOptions options = startOptions(m_request.recipe.start);
    if (options.from == StartOptions::From::nothing)
        return;
    const Result<std::vector<bool>> frozen = frozenLayers(m_request.network, options.freeze);
    if (!frozen)
        throw std::logic_error{english(frozen.problems.front())};
    m_network.freeze(*frozen);
}

/// Of what learns; weights that were taken over may learn more slowly than those that begin fresh.
void Trainer::makeOptimizer()
{
    std::vector<std::pair<std::string, at::Tensor>> parameters;
    for (const auto& parameter : m_network.named_parameters())
        if (parameter.value().requires_grad())
            parameters.emplace_back(parameter.key(), parameter.value());
    std::vector<double> rates;
    if (m_takeOver) {
        const StartOptions options = startOptions(m_request.recipe.start);
        const std::vector<double> byLayer = rateFactors(stagesOf(m_request.network), options.trunkRate, options.stageDecay);
        const std::set<std::string> taken{m_takeOver->taken.begin(), m_takeOver->taken.end()};
        for (const auto& [name, parameter] : parameters)
            rates.push_back(taken.contains(name) ? byLayer[static_cast<std::size_t>(layerOfTensor(m_request.network, name))] : 1);
    }
    const std::vector<bool> hiddenLayers = hiddenMatrixLayers(m_request.network);
    std::vector<bool> hiddenMatrices;
    for (const auto& [name, parameter] : parameters)
        hiddenMatrices.push_back(hiddenLayers.at(static_cast<std::size_t>(layerOfTensor(m_request.network, name))));
    m_optimizer = descent::makeOptimizer(m_options.optimizer, parameters, rates, hiddenMatrices);
}

void Trainer::run()
{
    try {
        trainAll();
    } catch (const ProcessLost& lost) {
        endWithout(lost);
    } catch (const Cancelled&) {
        throw;
    } catch (const std::exception&) { // perhaps because another process is gone, in words of the connection
        const std::optional<ProcessLost> lost = m_replicas && m_replicas->leads() && !m_ended ? m_replicas->group().findLost() : std::nullopt;
        if (!lost)
            throw;
        endWithout(*lost);
    }
}

void Trainer::trainAll()
{
    start();
    if (m_replicas)
        m_replicas->align();
    while (!m_ended) {
        if (m_judgedEpoch >= m_epoch) { // this one is over
            if (m_epoch >= m_options.epochs)
                break;
            ++m_epoch;
            m_batchInEpoch = 0;
        }
        if (!learnEpoch())
            break;
        judgeEpoch();
        if (m_judgedEpoch < m_epoch) // a stop came in between
            break;
        if (!m_ended && m_options.earlyStopping > 0 && m_best.epochsWithoutBest() >= m_options.earlyStopping) {
            end(RunStatus::completed, text("stopped early: no better validation figure for %1 epochs", m_best.epochsWithoutBest()));
            return;
        }
    }
    if (!m_ended)
        end(m_control.stopRequested() || m_stoppedByLeader ? RunStatus::stopped : RunStatus::completed);
}

void Trainer::start()
{
    if (!follows())
        forgetCheckpointsBehind(m_request.folder, m_request.resume ? m_step : -1);
    const PreparedData& data = *m_request.data;
    m_start = m_nextFlush = m_nextProgress = m_nextFigure = m_nextRate = Clock::now();
    m_nextSave = m_start + m_options.checkpointEvery;
    m_pace.begin(m_earlierSeconds, m_step, m_samples);
    m_toldSeconds = m_earlierSeconds;
    m_observer.onEvent(RunStarted{.run = m_request.run,
                                  .device = m_deviceName,
                                  .epochs = m_options.epochs,
                                  .stepsPerEpoch = m_batches.stepsPerEpoch(),
                                  .parameterCount = m_request.network.parameterCount(),
                                  .trainCount = static_cast<std::int64_t>(data.split.train.size()),
                                  .validationCount = static_cast<std::int64_t>(data.split.validation.size()),
                                  .testCount = static_cast<std::int64_t>(data.split.test.size()),
                                  .task = m_request.task.id,
                                  .classNames = data.dataset->train.targets.classNames,
                                  .primaryMetric = m_request.task.primaryMetric});
    if (m_request.recipe.device == "auto" && m_device.is_cpu())
        m_observer.onEvent(Message{Message::Severity::information, text("no GPU was found: training on the CPU")});
    tellStart();
    showPreviews(true);
}

/// How it begins; a network that starts from weights is judged before any step.
void Trainer::tellStart()
{
    for (Text& message : m_startMessages)
        m_observer.onEvent(Message{Message::Severity::information, std::move(message)});
    if (m_takeOver && !pointToGoOnFrom())
        tellTakeOver();
    if (m_judgedEpoch >= 0 || m_epoch > 0)
        return;
    if (startOptions(m_request.recipe.start).from != StartOptions::From::nothing)
        judgeEpoch();
    else
        m_judgedEpoch = 0; // fresh weights are worth nothing
}

/// What was taken over and what learns.
void Trainer::tellTakeOver()
{
    const auto tell = [this](Text message) { m_observer.onEvent(Message{Message::Severity::information, std::move(message)}); };
    const StartOptions options = startOptions(m_request.recipe.start);
    const std::string from = m_request.start->run ? fmt::format("run {} ({})", *m_request.start->run, m_request.start->name) : m_request.start->name;
    if (m_takeOver->fresh.empty())
        tell(text("all %1 tensors were taken over from %2", m_takeOver->taken.size(), from));
    else
        tell(text("%1 tensors were taken over from %2; fresh: %3", m_takeOver->taken.size(), from, listed(m_takeOver->fresh)));
    std::int64_t learning = 0;
    for (const at::Tensor& parameter : m_network.parameters())
        learning += parameter.requires_grad() ? parameter.numel() : 0;
    if (const std::int64_t all = m_request.network.parameterCount(); learning < all)
        tell(text("%1 of %2 weights learn, the others are frozen", learning, all));
    if (options.head == StartOptions::Head::prototypes) {
        fillPrototypes(m_network, m_request.network, m_trainSamples, m_request.data->split.train, [this] { return m_control.stopRequested(); });
        tell(text("the head is the mean features of each class, of %1 samples", m_request.data->split.train.size()));
    }
}

bool Trainer::learnEpoch()
{
    m_network.train();
    if (m_epoch > 0 && m_batchInEpoch < m_batches.stepsPerEpoch())
        m_batches.startEpoch(m_epoch, m_batchInEpoch);
    while (m_epoch > 0 && m_batchInEpoch < m_batches.stepsPerEpoch()) {
        if (m_control.hasRequest())
            obeyRequests();
        if (m_control.stopRequested() && !m_replicas)
            return false;
        takeBatches();
        if (m_replicas && !meetOthers())
            return false;
        trainStep();
        afterStep();
        if (m_ended)
            return false;
    }
    return m_replicas || !m_control.stopRequested(); // several processes stop where they meet
}

RateCurve Trainer::findRate(const RateFinderOptions& options, const RateFinderControl& control)
{
    m_network.train();
    m_batchInEpoch = m_batches.stepsPerEpoch(); // the first epoch begins with the first step
    const auto learn = [this](double rate) {
        if (m_batchInEpoch == m_batches.stepsPerEpoch()) {
            m_batches.startEpoch(++m_epoch);
            m_batchInEpoch = 0;
        }
        takeBatches();
        const at::Tensor loss = findGradients();
        if (unscaleGradients()) {
            clipGradients();
            m_optimizer->step(rate);
        }
        ++m_step;
        ++m_batchInEpoch;
        return loss.item<double>();
    };
    return descent::findRate(options, learn, control);
}

/// All that the next optimizer step learns from.
void Trainer::takeBatches()
{
    m_pass.clear();
    m_batch = {};
    m_stepBegan = Clock::now();
    m_stepBatches = m_batches.nextStep();
    // Nothing is carried on from batch to batch; each process draws for its own share.
    const std::uint64_t rank = m_replicas ? static_cast<std::uint64_t>(m_replicas->place().rank) : 0;
    const auto first = static_cast<std::uint64_t>(m_step * m_options.accumulation);
    for (std::size_t i = 0; i < m_stepBatches.size(); ++i) {
        Random augmentation{derivedSeed(seedOf("augmentation") + first + i + (rank << 48), "of a step")};
        m_stepBatches[i] = m_program->augmented(std::move(m_stepBatches[i]), augmentation);
        if (m_mixing.any())
            m_stepBatches[i] = mixed(std::move(m_stepBatches[i]), m_mixing, augmentation);
    }
    m_inputWait += Clock::now() - m_stepBegan;
}

/// What a person asks of rank 0 happens in all processes at the same step.
bool Trainer::meetOthers()
{
    double counted = 0;
    for (const Batch& batch : m_stepBatches) {
        const std::optional<double> weight = m_program->lossWeight(batch);
        if (!weight && m_step == 0)
            m_observer.onEvent(Message{Message::Severity::warning, text("this task's loss compares the samples of a batch: each process does so within its share of %1", batch.size())});
        counted += batch.borrowed ? 0 : weight.value_or(static_cast<double>(batch.size()));
    }
    const auto [stop, rate] = m_replicas->meet(counted, {m_control.stopRequested(), m_requestedRate});
    m_requestedRate = rate;
    m_stoppedByLeader = stop;
    return !stop;
}

void Trainer::trainStep()
{
    for (const Batch& batch : m_stepBatches)
        m_samples += batch.size() * (m_replicas ? m_replicas->place().size : 1);
    const at::Tensor loss = findGradients();
    const bool sound = unscaleGradients(), looksInside = sound && m_insight.isDue(m_stepBegan);
    if (looksInside)
        m_insight.beforeStep();
    clipGradients();
    if (sound)
        m_optimizer->step(learningRate());
    if (sound && m_average && m_epoch > m_averaging.fromEpoch)
        m_average->update();
    ++m_step;
    ++m_batchInEpoch;
    m_best.moveOn();
    m_log.addLoss(m_step, activeSeconds(), loss);
    if (looksInside)
        lookInside();
}

at::Tensor Trainer::findGradients()
{
    m_optimizer->clearGradients();
    if (m_scaler)
        m_pass.scaleGradients(m_scaler->scale());
    at::Tensor loss = pass();
    m_batch = std::move(m_stepBatches.back()); // of which m_pass has the outputs
    m_stepBatches.clear();
    return loss;
}

void Trainer::clipGradients()
{
    if (m_options.clipValue > 0)
        m_optimizer->clipGradientValues(m_options.clipValue);
    if (m_options.clipNorm > 0)
        m_optimizer->clipGradients(m_options.clipNorm);
}

at::Tensor Trainer::pass()
{
    const std::int64_t number = m_step * m_options.accumulation;
    if (!m_graph)
        return m_pass.run(m_stepBatches, number);
    auto [loss, outputs] = m_graph->run(m_stepBatches.front(), [this, number](const Batch& batch) {
        const at::Tensor eager = m_pass.run(batch, number);
        return StepGraph::Pass{eager, m_pass.outputs()};
    });
    m_pass.setOutputs(std::move(outputs));
    return loss;
}

void Trainer::captureSteps()
{
    const CaptureConditions conditions{.onGpu = m_device.is_cuda(),
                                       .wanted = m_options.graphCapture,
                                       .severalProcesses = m_replicas.has_value(),
                                       .scalesLoss = m_scaler.has_value(),
                                       .mixesPictures = m_mixing.mixup > 0 || m_mixing.cutmix > 0,
                                       .accumulates = m_options.accumulation > 1};
    if (std::optional<Text> obstacle = obstacleTo(conditions))
        m_startMessages.push_back(std::move(*obstacle));
    if (!canBeCaptured(conditions))
        return;
    Result<std::unique_ptr<StepCapturer>> capturer = loadStepCapturer(m_device, m_generator);
    if (!capturer) {
        m_startMessages.push_back(text("steps are not captured as a graph: %1", english(capturer.problems.front().message)));
        return;
    }
    m_graph.emplace(std::move(*capturer), m_network.parameters(), [this](const std::string& reason) {
        m_generator = m_generator.clone(); // the other one may hold that it is still being recorded
        m_network.setGenerator(m_generator);
        m_observer.onEvent(Message{Message::Severity::warning, text("steps go on without a captured graph: %1", reason)});
    });
}

bool Trainer::unscaleGradients()
{
    if (!m_scaler)
        return true;
    std::vector<at::Tensor> gradients;
    for (const at::Tensor& parameter : m_network.parameters())
        if (parameter.grad().defined())
            gradients.push_back(parameter.grad());
    return m_scaler->unscale(gradients);
}

void Trainer::lookInside()
{
    Insight::Figures figures = m_insight.afterStep(m_batch, m_step, m_control.watchesLayers());
    for (const auto& [series, value] : figures.series)
        m_log.add(series, m_step, activeSeconds(), value);
    if (figures.layers)
        m_observer.onEvent(Preview{std::move(*figures.layers)});
}

/// All that is told of a step, each thing at its own pace, so that the quickest network pays next to nothing for it.
void Trainer::afterStep()
{
    if (m_log.firstBadStep()) {
        failOnBadLoss();
        return;
    }
    const Clock::time_point now = Clock::now();
    if (now >= m_nextFigure) {
        const torch::NoGradGuard guard;
        if (const auto [metric, value] = m_program->batchFigure(m_pass.outputs(), m_batch); value.defined())
            m_log.add(metric + "/train", m_step, activeSeconds(), value.item<double>());
        m_nextFigure = now + figureEvery;
    }
    if (now >= m_nextRate) {
        m_log.add("learning-rate", m_step, activeSeconds(), learningRate());
        if (m_pace.samplesPerSecond() > 0)
            m_log.add("samples-per-second", m_step, activeSeconds(), m_pace.samplesPerSecond());
        const double seconds = activeSeconds();
        if (const double passed = seconds - m_toldSeconds; passed > 0)
            m_log.add("input-wait", m_step, seconds, std::min(1.0, std::chrono::duration<double>(m_inputWait).count() / passed));
        m_toldSeconds = seconds;
        m_inputWait = {};
        m_nextRate = now + rateEvery;
    }
    if (now >= m_nextFlush) {
        m_log.flush();
        m_nextFlush = now + flushEvery;
    }
    if (now >= m_nextProgress) {
        tellProgress(false);
        m_nextProgress = now + progressEvery;
    }
    showPreviews(false);
    if (now >= m_nextSave)
        save();
}

void Trainer::obeyRequests()
{
    const bool pausing = m_control.paused() && !m_control.stopRequested();
    const Clock::time_point before = Clock::now();
    if (pausing) {
        m_log.flush();
        showPreviews(true);
        tellProgress(true);
    }
    const std::optional<double> rate = m_control.takeRequests(); // sleeps while paused
    if (pausing)
        m_pausedTime += Clock::now() - before;
    if (rate) {
        m_requestedRate = rate;
        m_observer.onEvent(Message{Message::Severity::information, text("learning rate set to %1 at step %2", *rate, m_step)});
        m_log.add("learning-rate", m_step, activeSeconds(), *rate);
    }
}

void Trainer::judgeEpoch()
{
    std::optional<AveragedWeights::In> average{std::in_place, m_average.get()};
    remeasureAverage();
    Metrics validation;
    if (!follows())
        validation = evaluate(m_network, m_trainSamples, m_request.data->split.validation, *m_program, {},
                              [this] { return m_control.stopRequested(); });
    if (m_replicas)
        validation = m_replicas->ofLeader(validation);
    if (validation.empty()) { // stopped on the way: half a figure is none
        m_stoppedByLeader = m_replicas.has_value();
        return;
    }
    Metrics bySeries;
    for (const auto& [metric, value] : validation) {
        bySeries[metric + "/validation"] = value;
        m_log.add(metric + "/validation", m_step, activeSeconds(), value);
    }
    if (m_epoch > 0)
        m_log.add("learning-rate", m_step, activeSeconds(), learningRate());
    m_log.flush();
    if (m_log.firstBadStep()) {
        failOnBadLoss();
        return;
    }
    if (m_epoch > 0 && m_schedule.kind == Schedule::Kind::plateau)
        lookForPlateau(validation.at(m_request.task.primaryMetric));
    const bool better = m_best.consider(m_network, m_epoch, validation, bySeries);
    average.reset(); // a checkpoint has the weights that learn
    if (m_average && m_average->count() > 0)
        m_best.moveOn(); // the best is not the network that a checkpoint holds
    m_bestUnsaved = m_bestUnsaved || better;
    m_judgedEpoch = m_epoch;
    m_observer.onEvent(EpochFinished{m_epoch, m_step, bySeries, better});
    if (Clock::now() >= m_nextSave)
        save();
}

/// Nobody has measured the batch norms of an equal average: its weights were never learnt from.
void Trainer::remeasureAverage()
{
    constexpr std::int64_t most = 200; // batches: statistics settle long before a large epoch's end
    if (m_averaging.kind != AveragingOptions::Kind::equal || !m_average || m_average->count() == 0)
        return;
    m_batches.startEpoch(m_epoch);
    remeasureBatchNorms(m_network, m_generator.clone(), [this, left = most]() mutable -> std::optional<Batch> {
        if (left-- == 0 || m_batches.atEnd())
            return std::nullopt;
        return m_batches.next();
    }, [this] { return !m_replicas && m_control.stopRequested(); }); // several processes measure together, to the end
}

void Trainer::lookForPlateau(double figure)
{
    const double before = m_plateau.scale;
    m_plateau.update(plateauOptions(m_request.recipe.training, m_request.task.higherIsBetter()), figure);
    if (m_plateau.scale < before && !m_requestedRate)
        m_observer.onEvent(Message{Message::Severity::information, text("the learning rate falls to %1 after epoch %2: the figure does not get better", learningRate(), m_epoch)});
}

void Trainer::showPreviews(bool atOnce)
{
    for (auto& [preview, next] : m_previews) {
        const Clock::time_point before = Clock::now();
        if (!atOnce && before < next)
            continue;
        const AveragedWeights::In average{m_average.get()};
        m_observer.onEvent(preview.look(m_network, m_step));
        const Clock::time_point after = Clock::now();
        next = after + std::max<Clock::duration>(preview.every, (after - before) * previewRest);
    }
}

void Trainer::tellProgress(bool paused)
{
    m_pace.look(activeSeconds(), m_step, m_samples);
    const std::int64_t totalSteps = m_options.epochs * m_batches.stepsPerEpoch();
    m_observer.onEvent(
        Progress{.epoch = m_epoch,
                 .step = m_step,
                 .totalSteps = totalSteps,
                 .samplesPerSecond = m_pace.samplesPerSecond(),
                 .secondsLeft = m_pace.secondsPerStep() > 0 ? m_pace.secondsPerStep() * static_cast<double>(totalSteps - m_step) : -1,
                 .learningRate = learningRate(),
                 .deviceMemoryBytes = memoryInUse(m_device),
                 .paused = paused});
}

void Trainer::failOnBadLoss()
{
    saveBest(); // of an epoch whose losses were all finite
    const std::int64_t step = *m_log.firstBadStep();
    const std::string rate = fmt::format("{:.4g}", learningRate());
    const Text reason = m_hasCheckpoint
        ? text("the loss was no longer a number at step %1; the last good checkpoint is kept", step)
        : text("the loss was no longer a number at step %1, before the first checkpoint", step);
    end(RunStatus::failed, reason,
        m_options.clipNorm > 0 || m_options.clipValue > 0 ? text("choose a lower learning rate (it was %1)", rate)
                               : text("choose a lower learning rate (it was %1), or clip the gradients", rate));
}

void Trainer::end(RunStatus status, Text reason, Text hint)
{
    const double seconds = activeSeconds();
    m_log.flush();
    if (status != RunStatus::failed) {
        if (m_log.firstBadStep()) { // the last block may have hidden it
            failOnBadLoss();
            return;
        }
        if (m_step > 0)
            save();
        saveBest();
        showPreviews(true);
        tellProgress(false);
    }
    m_ended = true;
    RunEnded ended{
        .status = status, .reason = std::move(reason), .hint = std::move(hint), .best = m_best.epoch(), .seconds = seconds};
    if (status == RunStatus::completed && !follows() && m_best.exists() && !m_request.data->split.test.empty()) {
        m_best.weights().restore(m_network); // the test figure is the best model's, not the last one's
        const DeviceSamples& samples = m_request.data->split.ownTest ? m_testSamples : m_trainSamples;
        ended.test = evaluate(m_network, samples, m_request.data->split.test, *m_program, m_best.validation(),
                              [this] { return m_control.stopRequested(); });
    }
    m_observer.onEvent(ended);
}

/// The step under way cannot be finished. The weights are those of the last one, and are kept.
void Trainer::endWithout(const ProcessLost& lost)
{
    if (follows() || m_control.stopRequested()) { // whoever stopped all of them at once meant this
        m_replicas->group().follow();
        end(RunStatus::stopped);
        return;
    }
    const ProcessLost who = lost.rank() > 0 ? lost : m_replicas->group().findLost().value_or(lost);
    if (!m_hasCheckpoint) // one that was written between two steps is exact; half a step lies behind this one
        save();
    const int size = m_replicas->place().size;
    end(RunStatus::failed,
        who.rank() < 0           ? text("the other processes were lost at step %1", m_step)
            : who.reason().empty() ? text("worker %1 of %2 was lost at step %3", who.rank(), size, m_step)
                                   : text("worker %1 of %2 failed at step %3: %4", who.rank(), size, m_step, who.reason()),
        m_hasCheckpoint ? text("the run's last checkpoint is kept: go on from it") : text("train again"));
}

double Trainer::learningRate() const
{
    // After the last step, the rate of the last step.
    return m_requestedRate ? *m_requestedRate : m_plateau.scale * learningRateAt(m_schedule, std::min(m_step, m_schedule.totalSteps - 1));
}

double Trainer::activeSeconds() const
{
    return m_earlierSeconds + std::chrono::duration<double>(Clock::now() - m_start - m_pausedTime).count();
}

}
