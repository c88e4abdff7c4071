// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/history/run_history.h"

#include "ui/theme/translated.h"

#include <algorithm>

namespace descent {

namespace {

constexpr int refreshMs = 1000;

}

RunHistory::RunHistory(std::filesystem::path folder, QObject* parent) : QObject{parent}, m_folder{std::move(folder)}
{
    m_store = std::make_unique<StoreThread>(m_folder, [this](const StoreError& error) {
        QMetaObject::invokeMethod(this, [this, message = translated(error.message())] {
            m_asking = false;
            Q_EMIT failed(message);
        });
    });
    m_timer.setInterval(refreshMs);
    connect(&m_timer, &QTimer::timeout, this, &RunHistory::refresh);
    m_timer.start();
    QTimer::singleShot(0, this, &RunHistory::refresh);
}

RunHistory::~RunHistory()
{
    m_store.reset();
}

const RunSummary* RunHistory::find(RunId run) const
{
    const auto found = std::find_if(m_runs.begin(), m_runs.end(), [run](const RunSummary& one) { return one.id == run; });
    return found == m_runs.end() ? nullptr : &*found;
}

std::filesystem::path RunHistory::folderOf(RunId run) const
{
    return m_folder / "runs" / std::to_string(run);
}

void RunHistory::post(std::function<void(RunStore&)> work)
{
    m_store->post(std::move(work));
}

void RunHistory::refresh()
{
    if (m_asking)
        return;   // the store is busy: what it brings will be newer than now
    m_asking = true;
    post([this](RunStore& store) {
        const std::int64_t change = store.changeCounter();
        const bool news = change != m_lastChange;
        auto runs = news ? store.runs() : std::vector<RunSummary>{};
        m_lastChange = change;
        QMetaObject::invokeMethod(this, [this, news, runs = std::move(runs)]() mutable {
            m_asking = false;
            if (!news && m_loaded)
                return;
            m_runs = std::move(runs);
            m_loaded = true;
            Q_EMIT changed();
        });
    });
}

void RunHistory::requestDetails(RunId run)
{
    post([this, run](RunStore& store) {
        if (auto details = store.run(run))
            QMetaObject::invokeMethod(this, [this, details = std::move(*details)] { Q_EMIT detailsArrived(details); });
    });
}

void RunHistory::requestSettings(std::vector<std::string> paths)
{
    post([this, paths = std::move(paths)](RunStore& store) {
        std::map<std::string, RunSettings> settings;
        for (const std::string& path : paths)
            settings[path] = store.settings(path);
        QMetaObject::invokeMethod(this, [this, settings = std::move(settings)] { Q_EMIT settingsArrived(settings); });
    });
}

void RunHistory::requestCurves(std::vector<RunId> runs)
{
    const std::uint64_t generation = ++m_curvesGeneration;
    post([this, generation, runs = std::move(runs)](RunStore& store) {
        std::vector<RunCurves> curves;
        for (const RunId run : runs) {
            if (generation != m_curvesGeneration)
                return;   // out of date: somebody has chosen other runs
            RunCurves one{.run = run};
            if (const auto details = store.run(run))
                for (const std::string& series : details->series)
                    one.series[series] = store.points(run, series);
            curves.push_back(std::move(one));
        }
        QMetaObject::invokeMethod(this, [this, generation, curves = std::move(curves)] {
            if (generation == m_curvesGeneration)
                Q_EMIT curvesArrived(curves);
        });
    });
}

void RunHistory::change(std::function<void(RunStore&)> work)
{
    post(std::move(work));
    m_asking = false;   // what a person did shows at once
    refresh();
}

void RunHistory::rename(RunId run, const QString& name)
{
    change([run, name = name.toStdString()](RunStore& store) { store.rename(run, name); });
}

void RunHistory::setNote(RunId run, const QString& note)
{
    change([run, note = note.toStdString()](RunStore& store) { store.setNote(run, note); });
}

void RunHistory::setTags(RunId run, const QStringList& tags)
{
    std::vector<std::string> names;
    for (const QString& tag : tags)
        if (!tag.trimmed().isEmpty())
            names.push_back(tag.trimmed().toStdString());
    change([run, names = std::move(names)](RunStore& store) { store.setTags(run, names); });
}

void RunHistory::moveToTrash(std::vector<RunId> runs)
{
    change([runs = std::move(runs)](RunStore& store) { store.moveToTrash(runs); });
}

void RunHistory::restore(std::vector<RunId> runs)
{
    change([runs = std::move(runs)](RunStore& store) { store.restoreFromTrash(runs); });
}

}
