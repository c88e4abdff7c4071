// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/train/run_asker.h"

#include "engine/core/job/finished_run.h"
#include "ui/theme/translated.h"

namespace descent {

RunAsker::RunAsker(std::filesystem::path dataFolder, QObject* parent)
    : QObject{parent}, m_folder{std::move(dataFolder)}, m_opened{std::make_shared<Opened>()}
{
}

RunAsker::~RunAsker() = default;

void RunAsker::setRun(std::int64_t run)
{
    m_worker.request_stop();
    ++m_generation;
    m_busy = false;
    m_run = run;
    m_opened = std::make_shared<Opened>();
}

void RunAsker::ask(const Question& question)
{
    m_busy = true;
    const std::uint64_t generation = ++m_generation;
    std::jthread before = std::move(m_worker);
    before.request_stop();
    m_worker = std::jthread{[this, generation, question, folder = m_folder, run = m_run, opened = m_opened,
                             before = std::move(before)](const std::stop_token& stop) mutable {
        if (before.joinable())
            before.join(); // it holds what was opened
        Answer answer;
        QString problem;
        try {
            if (!opened->run) {
                Result<std::unique_ptr<FinishedRun>> found = FinishedRun::open(folder, run, loadBackend(), {.stop = stop});
                if (found)
                    opened->run = std::move(*found.value);
                else
                    problem = translated(found.problems.front().message);
            }
            if (opened->run)
                answer = opened->run->ask(question, {.stop = stop});
        } catch (const Cancelled&) {
            return;
        } catch (const DescentError& error) {
            problem = translated(error.message());
        } catch (const std::exception& error) {
            problem = QString::fromUtf8(error.what());
        }
        QMetaObject::invokeMethod(
            this, [this, generation, answer, problem] { finish(generation, problem.isEmpty() ? &answer : nullptr, problem); },
            Qt::QueuedConnection);
    }};
}

void RunAsker::finish(std::uint64_t generation, const Answer* answer, const QString& problem)
{
    if (generation != m_generation)
        return;
    m_busy = false;
    if (answer)
        Q_EMIT answered(*answer);
    else
        Q_EMIT failed(problem);
}

}
