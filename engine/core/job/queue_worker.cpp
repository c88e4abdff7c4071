// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/job/queue_worker.h"

#include "engine/core/job/resume.h"
#include "engine/core/job/training_memory.h"

#include <algorithm>
#include <cerrno>
#include <condition_variable>
#include <cstring>
#include <new>

namespace descent {

namespace {

using namespace std::chrono_literals;
constexpr auto askAgainEvery = 200ms;

/// Too little for a run's row and its first checkpoint, whatever those would be.
constexpr std::uintmax_t leastFreeBytes = 1 << 20;

/// The system's words for it come along in what file and database say.
bool saysFullDisk(const Text& text)
{
    const std::string full = std::strerror(ENOSPC), quota = std::strerror(EDQUOT);
    return std::any_of(text.arguments.begin(), text.arguments.end(), [&](const std::string& argument) {
        return argument.find(full) != std::string::npos || argument.find(quota) != std::string::npos;
    });
}

bool isFull(const std::filesystem::path& folder)
{
    std::error_code error;
    const auto space = std::filesystem::space(folder, error);
    return !error && space.available < leastFreeBytes;
}

bool isFullDisk(const StoreError& error, const std::filesystem::path& folder)
{
    return error.cause() == StoreError::Cause::full || saysFullDisk(error.message()) || isFull(folder);
}

QueueOutcome failed(Problem cause)
{
    return {.state = QueueState::failed, .cause = std::move(cause), .run = {}, .unrecorded = {}};
}

/// Sleeps for a moment, unless it is to stop.
void pauseFor(std::chrono::milliseconds time, const std::stop_token& stop)
{
    std::mutex mutex;
    std::condition_variable_any wake;
    std::unique_lock lock{mutex};
    wake.wait_for(lock, stop, time, [] { return false; });
}

}

QueueWorker::QueueWorker(QueueEntry entry, std::string recipeJson, Options options, Listener listener)
    : m_entry{std::move(entry)}, m_recipeJson{std::move(recipeJson)}, m_options{std::move(options)}, m_listener{std::move(listener)}
{
    m_progress.entry = m_entry.id;
    m_thread = std::jthread{[this] { work(); }};
}

QueueWorker::~QueueWorker()
{
    requestStop(StopReason::program);
}

void QueueWorker::requestStop(StopReason reason)
{
    if (reason == StopReason::person)
        m_byPerson = true;
    m_stop.request_stop();
    const std::lock_guard lock{m_mutex};
    if (m_control)
        m_control->requestStop();
}

const QueueOutcome& QueueWorker::waitForOutcome()
{
    if (m_thread.joinable())
        m_thread.join();
    return m_outcome;
}

void QueueWorker::actOn(RunControl* control)
{
    const std::lock_guard lock{m_mutex};
    m_control = control;
    if (m_control && m_stop.stop_requested())
        m_control->requestStop();
}

void QueueWorker::work()
{
    try {
        m_outcome = train();
    } catch (const Cancelled&) {
        m_outcome = stoppedOutcome();
    } catch (const std::bad_alloc&) {
        m_outcome = failed({{}, text("the memory was not enough to make this ready"), text("take less data, a smaller network, or fewer runs at once")});
    } catch (const StoreError& error) {
        // Nothing has begun. Where the history is locked, or the disk has no room for a run's row, it waits again.
        if (error.cause() == StoreError::Cause::busy)
            m_outcome = stoppedOutcome();
        else if (isFullDisk(error, m_options.folder))
            m_outcome = {.state = {}, .cause = {}, .diskFull = true, .run = {}, .unrecorded = {}};
        else
            m_outcome = failed({{}, error.message(), {}});
    } catch (const DescentError& error) {
        m_outcome = failed({{}, error.message(), {}});
        m_outcome.diskFull = saysFullDisk(error.message());
    } catch (const std::exception& error) { // the thread's outermost frame
        m_outcome = failed({{}, text("%1", error.what()), {}});
    }
    m_ended.store(true, std::memory_order_release);
    m_listener.ended();
}

QueueOutcome QueueWorker::stoppedOutcome() const
{
    QueueOutcome outcome;
    if (m_byPerson)
        outcome.state = QueueState::stopped;
    return outcome;
}

/// An earlier program began this entry, and its run has something to go on from.
bool QueueWorker::begunBefore() const
{
    if (!m_entry.run)
        return false;
    RunStore store{m_options.folder};
    const std::optional<RunDetails> run = store.run(*m_entry.run);
    return run && run->summary.status != RunStatus::running && run->summary.status != RunStatus::completed
        && newestCheckpoint(store.runFolder(*m_entry.run)).value.has_value();
}

QueueOutcome QueueWorker::train()
{
    m_listener.progress(m_progress);
    Result<Recipe> recipe = recipeFromJson(m_recipeJson);
    if (!recipe)
        return failed(recipe.problems.front());
    if (!m_entry.name.empty())
        recipe->name = m_entry.name;
    Backend& backend = m_options.backend();
    const LoadControl control{.stop = m_stop.get_token(), .progress = [this](double fraction) {
                                  m_progress.fraction = fraction;
                                  m_listener.progress(m_progress);
                              }};
    Result<PreparedTraining> training = begunBefore() ? prepareResume(m_options.folder, *m_entry.run, {}, backend, control)
                                                      : prepareTraining(*recipe, backend, control, nullptr, m_options.folder);
    if (!training)
        return failed(training.problems.front());

    m_progress.stage = QueueProgress::Stage::waitingForMemory;
    m_progress.fraction = 0;
    for (const std::int64_t bytes = trainingMemory(*training); !m_listener.mayTake(bytes);) {
        m_listener.progress(m_progress);
        pauseFor(askAgainEvery, m_stop.get_token());
        if (m_stop.stop_requested())
            return stoppedOutcome();
    }

    std::optional<TrainingJob> job;
    while (!job) {
        if (m_stop.stop_requested())
            return stoppedOutcome();
        try {
            job.emplace(*training, backend,
                        JobOptions{.folder = m_options.folder, .experiment = m_entry.experiment,
                                   .committed = [this](const RunEvent& event) { onEvent(event); }, .maxThreads = m_options.maxThreads});
        } catch (const StoreError& error) {
            if (error.cause() != StoreError::Cause::busy)
                throw;
        }
    }
    m_listener.began(job->run());
    actOn(&job->control());
    job->wait();
    actOn(nullptr);

    QueueOutcome outcome;
    outcome.run = job->run();
    RunEnded ended{.status = RunStatus::failed, .reason = text("the training ended without a word")};
    if (m_runEnded) {
        ended = *m_runEnded;
    } else {
        for (const RunEvent& event : job->feed().take().events)
            if (const auto* end = std::get_if<RunEnded>(&event))
                ended = *end;
    }
    if (const auto& failure = job->storeFailure()) { // the run was stopped for it, which the run itself cannot know
        ended.status = RunStatus::failed;
        ended.reason = failure->message();
        ended.hint = {};
        outcome.diskFull = isFullDisk(*failure, m_options.folder);
    } else if (ended.status == RunStatus::failed) {
        outcome.diskFull = saysFullDisk(ended.reason) || isFull(m_options.folder);
    }
    if (!m_runEnded || job->storeFailure())
        outcome.unrecorded = ended;
    switch (ended.status) {
    case RunStatus::completed: outcome.state = QueueState::done; break;
    case RunStatus::stopped: outcome.state = stoppedOutcome().state; break;
    default:
        outcome.state = QueueState::failed;
        outcome.cause = {{}, ended.reason, ended.hint};
        if (outcome.diskFull)
            outcome.cause.hint = text("make some room on the disk that holds %1, then let the queue go on and try this again", m_options.folder.string());
    }
    return outcome;
}

void QueueWorker::onEvent(const RunEvent& event)
{
    if (const auto* started = std::get_if<RunStarted>(&event)) {
        m_progress.stage = QueueProgress::Stage::training;
        m_progress.run = started->run;
        m_progress.epochs = started->epochs;
    } else if (const auto* metrics = std::get_if<MetricsLogged>(&event)) {
        for (const MetricPoint& point : metrics->points)
            if (point.series == "loss/train")
                m_progress.loss = point.value;
    } else if (const auto* progress = std::get_if<Progress>(&event)) {
        m_progress.epoch = progress->epoch;
        m_progress.fraction = progress->totalSteps > 0 ? static_cast<double>(progress->step) / static_cast<double>(progress->totalSteps) : 0;
        m_progress.secondsLeft = progress->secondsLeft;
        m_listener.progress(m_progress);
    } else if (const auto* ended = std::get_if<RunEnded>(&event)) {
        m_runEnded = *ended;
    }
    if (m_listener.committed)
        m_listener.committed(event);
}

}
