// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/try/run_asker.h"

#include "engine/core/job/finished_run.h"
#include "ui/theme/translated.h"

namespace descent {

RunAsker::RunAsker(TriedRun run, QObject* parent) : QObject{parent}, m_run{std::move(run)}, m_opened{std::make_shared<Opened>()} {}

RunAsker::~RunAsker() = default;

void RunAsker::setBusy(bool busy)
{
    if (std::exchange(m_busy, busy) != busy)
        Q_EMIT busyChanged(busy);
}

void RunAsker::stop()
{
    m_worker.request_stop();
}

void RunAsker::ask(const Question& question)
{
    work([this, question](FinishedRun& run, const AskControl& control) -> std::function<void()> {
        return [this, answer = run.ask(question, control)] { Q_EMIT answered(answer); };
    });
}

void RunAsker::work(Work work)
{
    setBusy(true);
    const std::uint64_t generation = ++m_generation;
    std::jthread before = std::move(m_worker);
    before.request_stop();
    m_worker = std::jthread{[this, generation, work = std::move(work), tried = m_run, opened = m_opened,
                             before = std::move(before)](const std::stop_token& stop) mutable {
        if (before.joinable())
            before.join(); // it holds what was opened
        std::function<void()> done;
        QString problem;
        try {
            if (!opened->run)
                opened->run = orFail(FinishedRun::open(tried.storeFolder, tried.id, loadBackend(), {.stop = stop}));
            done = work(*opened->run, {.stop = stop, .progress = {}, .stream = {}});
        } catch (const Cancelled&) {
        } catch (const DescentError& error) {
            problem = translated(error.message());
        } catch (const std::exception& error) { // the thread's outermost frame
            problem = QString::fromUtf8(error.what());
        }
        QMetaObject::invokeMethod(
            this,
            [this, generation, done = std::move(done), problem] {
                if (generation != m_generation)
                    return;
                setBusy(false);
                if (done)
                    done();
                else
                    Q_EMIT failed(problem);
            },
            Qt::QueuedConnection);
    }};
}

}
