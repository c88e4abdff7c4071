// SPDX-License-Identifier: GPL-3.0-or-later
// What a training goes on from and what it keeps: the part of Trainer that knows checkpoints.
#include "engine/torch/train/trainer.h"

#include "engine/core/base/random.h"
#include "engine/core/recipe/catalog.h"
#include "engine/torch/checkpoint/take_over.h"

#include <ATen/Parallel.h>
#include <algorithm>
#include <cmath>
#include <iterator>
#include <torch/utils.h>
#include <torch/version.h>

namespace descent {

namespace {

using namespace std::chrono_literals;

constexpr int saveRest = 100; // writing a checkpoint costs at most so small a part of the time

void append(NamedTensors& tensors, NamedTensors more)
{
    tensors.insert(tensors.end(), std::make_move_iterator(more.begin()), std::make_move_iterator(more.end()));
}

void mustFit(const ResumePoint& point, const Problems& problems)
{
    if (!problems.empty())
        throw DescentError{text("the checkpoint %1 does not fit: %2", point.json.string(), english(problems.front()))};
}

/// A count that a part of the trainer kept; checkpoints of before there was that part say nothing of it.
std::int64_t countOf(const TrainingState& state, const char* part, std::int64_t otherwise)
{
    const auto found = state.parts.find(part);
    return found == state.parts.end() ? otherwise : std::llround(found->second);
}

std::int64_t accumulationOf(const TrainingState& state)
{
    return countOf(state, "batches.accumulation", 1);
}

std::int64_t averagedSteps(const TrainingState& state)
{
    return countOf(state, "average.count", 0);
}

}

const ResumePoint* Trainer::pointToGoOnFrom() const
{
    if (m_request.resume)
        return &*m_request.resume;
    return m_request.start && m_request.start->point ? &*m_request.start->point : nullptr;
}

void Trainer::goOn()
{
    const ResumePoint* point = pointToGoOnFrom();
    if (!point)
        return;
    const Result<WeightsFile> weights = readWeights(point->tensors);
    if (!weights)
        throw DescentError{text("%1: %2", point->tensors.string(), english(weights.problems.front().message))};
    if (m_request.resume)
        restore(*point, *weights);
    else
        branchOff(*point, *weights);
}

/// All of it, or none.
void Trainer::restore(const ResumePoint& point, const WeightsFile& weights)
{
    const TrainingState& state = point.state;
    at::Tensor dropout = m_generator.get_state();
    NamedTensors places = stateOf(m_network);
    append(places, partOfTraining("optimizer", m_optimizer->state()));
    places.emplace_back("generator/dropout", dropout);
    if (const std::int64_t averaged = averagedSteps(state); m_average && averaged > 0) {
        m_average->setCount(averaged);
        append(places, partOfTraining("average", m_average->state()));
    }
    mustFit(point, putBack(weights, places));
    mustFit(point, m_best.restore(state, weights, m_network));
    if (follows()) // what is kept is the stream of rank 0
        m_generator.set_current_seed(derivedSeed(seedOf("dropout") + static_cast<std::uint64_t>(state.step), "of a worker") + static_cast<std::uint64_t>(m_replicas->place().rank));
    else
        m_generator.set_state(dropout);
    m_optimizer->setStepCount(state.optimizerSteps);
    m_step = state.step;
    m_epoch = state.epoch;
    m_batchInEpoch = state.batch;
    m_judgedEpoch = state.judgedEpoch;
    m_samples = state.samples;
    m_earlierSeconds = state.seconds;
    m_requestedRate = state.requestedRate;
    m_plateau = PlateauState::fromParts(state.parts);
    if (m_scaler)
        m_scaler.emplace(LossScalerState::fromParts(state.parts));
    m_bestUnsaved = m_best.exists(); // its file may be of a later epoch, which will come again
    m_hasCheckpoint = true;
    m_startMessages.push_back(text("goes on at step %1, in epoch %2", state.step, state.epoch));
    if (const std::int64_t threads = at::get_num_threads(); state.threads != threads || state.device != m_device.str() || state.torch != TORCH_VERSION)
        m_startMessages.push_back(text("it began on %1 with %2 threads and torch %3: rounding may differ from here on", state.device, state.threads, state.torch));
}

/// Weights, place and whatever else still means something with the options of this run.
void Trainer::branchOff(const ResumePoint& point, const WeightsFile& weights)
{
    const TrainingState& state = point.state;
    const auto tell = [this](Text message) { m_startMessages.push_back(std::move(message)); };
    mustFit(point, putBack(weights, stateOf(m_network)));
    const bool sameOptimizer = state.optimizer == textOf(trainingSchema(), m_request.recipe.training, "optimizer")
        && putBack(weights, partOfTraining("optimizer", m_optimizer->state())).empty();
    if (sameOptimizer)
        m_optimizer->setStepCount(state.optimizerSteps);
    else
        tell(text("the optimizer begins afresh: the checkpoint was made with another"));
    if (const std::int64_t averaged = averagedSteps(state);
        m_average && averaged > 0 && putBack(weights, partOfTraining("average", m_average->state())).empty())
        m_average->setCount(averaged);
    if (at::Tensor dropout = m_generator.get_state(); putBack(weights, {{"generator/dropout", dropout}}).empty())
        m_generator.set_state(dropout);
    const bool sameBatches = state.stepsPerEpoch == m_batches.stepsPerEpoch() && state.batchSize == m_options.batchSize
        && accumulationOf(state) == m_options.accumulation;
    m_epoch = state.epoch;
    m_judgedEpoch = std::min(state.judgedEpoch, state.epoch);
    if (sameBatches) {
        m_step = state.step;
        m_batchInEpoch = state.batch;
    } else {
        // A place in the middle of an epoch means nothing with other batches: the epoch under way begins again.
        m_batchInEpoch = m_judgedEpoch == m_epoch ? m_batches.stepsPerEpoch() : 0;
        m_step = std::max<std::int64_t>(0, m_epoch - 1) * m_batches.stepsPerEpoch() + m_batchInEpoch;
        if (state.batch > 0 && m_judgedEpoch < m_epoch)
            tell(text("with other batches, epoch %1 begins again", m_epoch));
    }
    m_samples = state.samples;
    if (m_schedule.kind == Schedule::Kind::plateau)
        m_plateau = PlateauState::fromParts(state.parts);
    m_startMessages.insert(m_startMessages.begin(), text("branches off from run %1 (%2) at step %3, in epoch %4", m_request.start->run.value_or(0),
                                                          m_request.start->name, state.step, state.epoch));
}

TrainingState Trainer::state() const
{
    TrainingState state{.step = m_step,
                        .epoch = m_epoch,
                        .batch = m_batchInEpoch,
                        .judgedEpoch = m_judgedEpoch,
                        .samples = m_samples,
                        .seconds = activeSeconds(),
                        .requestedRate = m_requestedRate,
                        .optimizerSteps = m_optimizer->stepCount(),
                        .data = m_dataMark,
                        .device = m_device.str(),
                        .threads = at::get_num_threads(),
                        .stepsPerEpoch = m_batches.stepsPerEpoch(),
                        .batchSize = m_options.batchSize,
                        .optimizer = textOf(trainingSchema(), m_request.recipe.training, "optimizer"),
                        .torch = TORCH_VERSION};
    state.parts["batches.accumulation"] = static_cast<double>(m_options.accumulation);
    if (m_schedule.kind == Schedule::Kind::plateau)
        state.parts.merge(m_plateau.parts());
    if (m_scaler)
        state.parts.merge(m_scaler->state().parts());
    if (m_average)
        state.parts["average.count"] = static_cast<double>(m_average->count());
    if (m_takeOver)
        state.taken = m_takeOver->taken;
    return state;
}

/// Between two steps, with all that was told before it kept first: the history never knows less than a checkpoint.
void Trainer::save()
{
    if (follows())
        return;
    const Clock::time_point before = Clock::now();
    m_log.flush();
    if (m_log.firstBadStep())
        return; // what broke it must not become what it goes on from
    saveBest();
    m_observer.settle();
    TrainingState now = state();
    NamedTensors tensors = stateOf(m_network);
    append(tensors, partOfTraining("optimizer", m_optimizer->state()));
    if (m_average && m_average->count() > 0)
        append(tensors, partOfTraining("average", m_average->state()));
    tensors.emplace_back("generator/dropout", m_generator.get_state());
    m_best.save(now, tensors);
    m_observer.onEvent(writeResumePoint(
        m_request.folder, tensors, metadata({{"step", std::to_string(m_step)}, {"epoch", std::to_string(m_epoch)}}), now, m_options.keptCheckpoints));
    m_hasCheckpoint = true;
    const Clock::time_point after = Clock::now();
    m_nextSave = after;
    if (m_options.checkpointEvery > 0s)
        m_nextSave += std::max<Clock::duration>(m_options.checkpointEvery, (after - before) * saveRest);
}

/// What a checkpoint says of itself: of what its numbers stand for as well, since a later training keeps weights for the same
/// classes and words alone.
std::map<std::string, std::string> Trainer::metadata(std::map<std::string, std::string> values) const
{
    values["format"] = "descent-1";
    values.merge(writtenMeanings(m_meanings));
    return values;
}

void Trainer::saveBest()
{
    if (!m_bestUnsaved || follows())
        return;
    m_observer.onEvent(writeCheckpoint(
        m_request.folder, "best.safetensors", m_best.weights().state(),
        metadata({{"epoch", std::to_string(static_cast<std::int64_t>(m_best.epoch().at("epoch")))}}), m_step, true));
    m_bestUnsaved = false;
    m_hasCheckpoint = true;
}

}
