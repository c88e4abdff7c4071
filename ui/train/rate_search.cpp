// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/train/rate_search.h"

#include "engine/core/job/training_job.h"

namespace descent {

namespace {

constexpr int pollMs = 33;

Result<RateCurve> failed(Text reason)
{
    return {std::nullopt, {{"", std::move(reason), {}}}};
}

Result<RateCurve> search(const RateSearch::Subject& subject, const RateFinderOptions& options, const RateFinderControl& control)
{
    try {
        Backend& backend = loadBackend();
        Result<PreparedTraining> training = prepareTraining(subject.recipe, backend, {.stop = control.stop, .progress = {}}, subject.dataset, subject.storeFolder);
        if (!training)
            return {std::nullopt, std::move(training.problems)};
        TrainingRequest request = requestOf(*training.value);
        request.maxThreads = subject.maxThreads;
        return backend.findRate(request, options, control);
    } catch (const Cancelled&) {
        return {RateCurve{}, {}};
    } catch (const DescentError& error) {
        return failed(error.message());
    } catch (const std::exception& error) {
        return failed(text("%1", error.what()));
    }
}

}

RateSearch::RateSearch(Subject subject, const RateFinderOptions& options, QObject* parent) : QObject{parent}
{
    connect(&m_poll, &QTimer::timeout, this, &RateSearch::poll);
    m_poll.start(pollMs);
    m_worker = std::jthread{[this, subject = std::move(subject), options](const std::stop_token& stop) { work(subject, options, stop); }};
}

void RateSearch::work(const Subject& subject, const RateFinderOptions& options, const std::stop_token& stop)
{
    const auto tell = [this](const RateCurve::Point& point) {
        const std::lock_guard lock{m_mutex};
        m_points.push_back(point);
    };
    Result<RateCurve> result = search(subject, options, {.stop = stop, .tell = tell});
    const std::lock_guard lock{m_mutex};
    m_result = std::move(result);
}

void RateSearch::poll()
{
    std::vector<RateCurve::Point> points;
    std::optional<Result<RateCurve>> result;
    {
        const std::lock_guard lock{m_mutex};
        points.swap(m_points);
        result.swap(m_result);
    }
    if (!points.empty())
        Q_EMIT found(points);
    if (!result)
        return;
    m_poll.stop();
    Q_EMIT finished(result->value.value_or(RateCurve{}), result->value ? Problems{} : result->problems);
}

void RateSearch::stop()
{
    m_worker.request_stop();
}

void RateSearch::abandon()
{
    disconnect(this, nullptr, nullptr, nullptr);
    if (!m_poll.isActive()) // it has finished
        return deleteLater();
    connect(this, &RateSearch::finished, this, &QObject::deleteLater);
    stop();
}

}
