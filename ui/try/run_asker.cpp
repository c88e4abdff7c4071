// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/try/run_asker.h"

#include "engine/core/job/finished_run.h"
#include "ui/theme/translated.h"

namespace descent {

RunAsker::RunAsker(TriedRun run, QObject* parent) : QObject{parent}, m_run{std::move(run)}, m_opened{std::make_shared<Opened>()} {}

RunAsker::~RunAsker()
{
    stop();
}

void RunAsker::setBusy(bool busy)
{
    if (std::exchange(m_busy, busy) != busy)
        Q_EMIT busyChanged(busy);
}

void RunAsker::stop()
{
    for (const auto& job : m_jobs)
        job->stop.request_stop();
}

void RunAsker::ask(const Question& question)
{
    work([this, question](FinishedRun& run, const AskControl& control) -> std::function<void()> {
        return [this, answer = run.ask(question, control)] { Q_EMIT answered(answer); };
    });
}

void RunAsker::work(Work work, Place place)
{
    for (const auto& job : m_jobs)
        if (job->place == Place::givenUp) {
            job->isDropped = true;
            job->stop.request_stop();
        }
    const auto job = std::make_shared<Job>(Job{.place = place, .stop = {}});
    m_jobs.push_back(job);
    setBusy(true);
    std::jthread before = std::move(m_worker);
    m_worker = std::jthread{[this, job, work = std::move(work), tried = m_run, opened = m_opened, before = std::move(before)]() mutable {
        if (before.joinable())
            before.join(); // it holds what was opened
        const std::stop_token stop = job->stop.get_token();
        std::function<void()> done;
        QString problem;
        const auto progress = [this, job](double fraction) {
            QMetaObject::invokeMethod(
                this,
                [this, job, fraction] {
                    if (!job->isDropped)
                        Q_EMIT progressed(fraction);
                },
                Qt::QueuedConnection);
        };
        try {
            if (stop.stop_requested())
                throw Cancelled{};
            if (!opened->run)
                opened->run = orFail(FinishedRun::open(tried.storeFolder, tried.id, loadBackend(), {.stop = stop, .progress = progress}));
            done = work(*opened->run, {.stop = stop, .progress = progress, .stream = {}});
        } catch (const Cancelled&) {
        } catch (const DescentError& error) {
            problem = translated(error.message());
        } catch (const std::exception& error) { // the thread's outermost frame
            problem = QString::fromUtf8(error.what());
        }
        QMetaObject::invokeMethod(
            this,
            [this, job, done = std::move(done), problem] {
                std::erase(m_jobs, job);
                if (m_jobs.empty())
                    setBusy(false);
                if (job->isDropped)
                    return;
                if (done)
                    done();
                else
                    Q_EMIT failed(problem);
            },
            Qt::QueuedConnection);
    }};
}

}
