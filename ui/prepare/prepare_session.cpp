// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/prepare/prepare_session.h"

#include "ui/theme/translated.h"
#include "ui/train/train_session.h"

namespace descent {

namespace {

constexpr int inspectDelayMs = 150;   // after the last edit

}

PrepareSession::PrepareSession(TrainSession& session, QObject* parent) : QObject{parent}, m_session{session}
{
    m_delay.setSingleShot(true);
    m_delay.setInterval(inspectDelayMs);
    connect(&m_delay, &QTimer::timeout, this, &PrepareSession::inspect);
    connect(&m_session, &TrainSession::recipeEdited, this, &PrepareSession::schedule);
    connect(&m_session, &TrainSession::readingStarted, this, [this] {
        cancel();
        m_report.reset();   // of data that is not there any more
        Q_EMIT inspectionFinished();
    });
    connect(&m_session, &TrainSession::readingFinished, this, &PrepareSession::schedule);
}

PrepareSession::~PrepareSession()
{
    m_worker.thread.request_stop();
}

void PrepareSession::setActive(bool active)
{
    m_active = active;
    if (active && m_outdated)
        m_delay.start();
}

void PrepareSession::schedule()
{
    m_outdated = true;
    if (m_active)
        m_delay.start();
}

void PrepareSession::cancel()
{
    m_worker.thread.request_stop();
}

void PrepareSession::inspect()
{
    const std::uint64_t generation = ++m_generation;
    m_worker.thread.request_stop();
    std::erase_if(m_outdatedWorkers, [](const Worker& worker) { return worker.done->load(); });
    if (m_worker.thread.joinable())
        m_outdatedWorkers.push_back(std::exchange(m_worker, {}));
    m_outdated = false;
    m_failure.clear();
    const std::shared_ptr<const Dataset> dataset = m_session.dataset();
    const Recipe& recipe = m_session.recipe();
    if (!dataset || !validate(recipe.cleaning).empty() || !validate(splitSchema(), recipe.split, "").empty()
        || !validate(preprocessingSchema(), recipe.preprocessing, "").empty()) {
        m_inspecting = false;
        m_report.reset();
        Q_EMIT inspectionFinished();
        return;
    }
    m_inspecting = true;
    Q_EMIT inspectionStarted();
    m_worker.thread = std::jthread{[this, generation, dataset, settings = preparationOf(recipe), done = m_worker.done](const std::stop_token& stop) {
        std::shared_ptr<const QualityReport> report;
        QString failure;
        try {
            report = std::make_shared<const QualityReport>(inspectQuality(*dataset, settings, {stop, [this, generation](double fraction) {
                QMetaObject::invokeMethod(this, [this, generation, fraction] {
                    if (generation == m_generation)
                        Q_EMIT inspectionProgress(fraction);
                });
            }}));
        } catch (const Cancelled&) {
            failure = tr("Looking at the data was cancelled. Any edit begins again.");
        } catch (const std::exception& error) {
            failure = translated(text("%1", error.what()));
        }
        QMetaObject::invokeMethod(this, [this, generation, report, failure] {
            if (generation != m_generation)
                return;
            m_inspecting = false;
            m_report = report;
            m_failure = failure;
            Q_EMIT inspectionFinished();
        });
        *done = true;
    }};
}

void PrepareSession::decide(const std::vector<std::pair<std::string, std::string>>& sets, const QString& what)
{
    Recipe recipe = m_session.recipe();
    for (const auto& [path, value] : sets)
        setByPath(recipe, path, value);
    m_session.edit(recipe, what);
}

}
