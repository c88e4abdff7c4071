// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/queue/queue_session.h"

#include "ui/theme/translated.h"

#include <algorithm>

namespace descent {

QueueSession::QueueSession(std::filesystem::path folder, QObject* parent) : QObject{parent}
{
    const auto onWindowsThread = [this](auto action) { QMetaObject::invokeMethod(this, std::move(action), Qt::QueuedConnection); };
    m_queue = std::make_unique<JobQueue>(
        QueueOptions{.folder = std::move(folder), .atOnce = {}},
        QueueListener{.changed =
                          [this, onWindowsThread](const QueueSnapshot& snapshot) {
                              onWindowsThread([this, snapshot] {
                                  m_snapshot = snapshot;
                                  m_loaded = true;
                                  Q_EMIT changed();
                              });
                          },
                      .progress =
                          [this, onWindowsThread](const QueueProgress& progress) {
                              onWindowsThread([this, progress] {
                                  m_progress[progress.entry] = progress;
                                  Q_EMIT progressed(progress.entry);
                              });
                          },
                      .ended =
                          [this, onWindowsThread](const QueueEntry& entry) {
                              onWindowsThread([this, entry] {
                                  m_progress.erase(entry.id);
                                  Q_EMIT ended(entry);
                              });
                          },
                      .idle =
                          [this, onWindowsThread](std::int64_t count) {
                              onWindowsThread([this, count] {
                                  m_progress.clear(); // also of what could not be begun, and waits again
                                  if (count > 0)
                                      Q_EMIT workedOff(static_cast<int>(count));
                              });
                          },
                      .troubled = [this, onWindowsThread](const Text& what) {
                          onWindowsThread([this, what] { Q_EMIT failed(translated(what)); });
                      },
                      .committed = {}});
}

QueueSession::~QueueSession()
{
    m_queue.reset();
}

const QueueProgress* QueueSession::progressOf(QueueEntryId entry) const
{
    const auto found = m_progress.find(entry);
    return found == m_progress.end() ? nullptr : &found->second;
}

int QueueSession::count(QueueState state) const
{
    return static_cast<int>(
        std::count_if(m_snapshot.entries.begin(), m_snapshot.entries.end(), [state](const QueueEntry& entry) { return entry.state == state; }));
}

void QueueSession::begin()
{
    m_queue->begin();
}

void QueueSession::add(std::vector<NewQueueEntry> entries)
{
    m_queue->post([this, entries = std::move(entries)](QueueStore& store) {
        QMetaObject::invokeMethod(this, [this, ids = store.add(entries)] { Q_EMIT added(ids); }, Qt::QueuedConnection);
    });
}

void QueueSession::requestRecipe(QueueEntryId entry)
{
    m_queue->post([this, entry](QueueStore& store) {
        if (const auto json = store.recipeJson(entry))
            QMetaObject::invokeMethod(this, [this, json = QString::fromStdString(*json)] { Q_EMIT recipeArrived(json); }, Qt::QueuedConnection);
    });
}

void QueueSession::move(std::vector<QueueEntryId> entries, std::optional<QueueEntryId> before)
{
    m_queue->post([entries = std::move(entries), before](QueueStore& store) { store.move(entries, before); });
}

void QueueSession::remove(std::vector<QueueEntryId> entries)
{
    m_queue->post([entries = std::move(entries)](QueueStore& store) { store.remove(entries); });
}

void QueueSession::giveBack(std::vector<QueueEntryId> entries)
{
    m_queue->post([entries = std::move(entries)](QueueStore& store) { store.giveBack(entries); });
}

void QueueSession::retry(std::vector<QueueEntryId> entries)
{
    m_queue->post([entries = std::move(entries)](QueueStore& store) { store.retry(entries); });
}

void QueueSession::stop(QueueEntryId entry)
{
    m_queue->stop(entry);
}

/// What was written meanwhile by another program is kept.
void QueueSession::changeSettings(std::function<void(QueueSettings&)> change)
{
    m_queue->post([change = std::move(change)](QueueStore& store) {
        QueueSettings settings = store.settings();
        change(settings);
        store.setSettings(settings);
    });
}

void QueueSession::setPaused(bool paused)
{
    changeSettings([paused](QueueSettings& settings) {
        settings.paused = paused;
        settings.pauseReason = {};
    });
}

void QueueSession::setAtOnce(int runs)
{
    changeSettings([runs](QueueSettings& settings) { settings.atOnce = runs; });
}

}
