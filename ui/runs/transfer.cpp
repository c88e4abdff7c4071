// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/runs/transfer.h"

#include "engine/core/interchange/archive.h"

#include <chrono>
#include <condition_variable>
#include <utility>

namespace descent {

namespace {

using namespace std::chrono_literals;

constexpr int pollMs = 50;
constexpr auto followEvery = 500ms;

void waitOrStop(const std::stop_token& stop)
{
    std::mutex mutex;
    std::condition_variable_any wake;
    std::unique_lock lock{mutex};
    wake.wait_for(lock, stop, followEvery, [] { return false; });
}

ImportReport reportOf(const ArchiveReport& archive)
{
    ImportReport report;
    report.runs = archive.runs;
    report.newRuns = archive.newRuns;
    report.updatedRuns = archive.updatedRuns;
    report.points = archive.points;
    return report;
}

}

Transfer::Transfer(std::filesystem::path storeFolder, Work work, QObject* parent)
    : QObject{parent}, m_worker{[this, folder = std::move(storeFolder), work = std::move(work)](const std::stop_token& stop) { run(folder, work, stop); }}
{
    m_poll.setInterval(pollMs);
    connect(&m_poll, &QTimer::timeout, this, &Transfer::poll);
    m_poll.start();
}

void Transfer::stop()
{
    m_worker.request_stop();
}

void Transfer::abandon()
{
    disconnect(); // whoever listens
    connect(this, &Transfer::finished, this, &QObject::deleteLater);
    stop();
}

void Transfer::run(const std::filesystem::path& storeFolder, const Work& work, const std::stop_token& stop)
{
    Text problem;
    bool wasStopped = false;
    try {
        RunStore store{storeFolder};
        work(store,
             [this](const TransferState& state) {
                 const std::scoped_lock lock{m_mutex};
                 m_newest = state;
             },
             stop);
        wasStopped = stop.stop_requested();
    } catch (const Cancelled&) {
        wasStopped = true;
    } catch (const DescentError& error) {
        problem = error.message();
    } catch (const std::exception& error) {
        problem = text("%1", error.what());
    }
    const std::scoped_lock lock{m_mutex};
    m_isEnded = true;
    m_wasStopped = wasStopped;
    m_problem = std::move(problem);
}

void Transfer::poll()
{
    bool isEnded = false;
    std::optional<TransferState> newest;
    {
        const std::scoped_lock lock{m_mutex};
        newest = std::exchange(m_newest, std::nullopt);
        isEnded = m_isEnded;
    }
    if (newest) {
        m_state = std::move(*newest);
        Q_EMIT progressed(m_state);
    }
    if (isEnded) {
        m_poll.stop();
        Q_EMIT finished(m_state, m_wasStopped, m_problem); // the worker has written its last
    }
}

Transfer::Work lookAt(std::filesystem::path path)
{
    return [path = std::move(path)](RunStore& store, const Transfer::Tell& tell, const std::stop_token& stop) {
        TransferState state{.kind = recogniseImport(path)};
        tell(state);
        if (!state.kind)
            return;
        if (state.kind == ImportKind::archive) {
            const ArchiveReport archive = lookIntoArchive(store, path);
            state.report = reportOf(archive);
            state.files = archive.files;
        } else {
            const auto source = openImport({.kind = *state.kind, .path = path, .experiment = {}}, Intake::Mode::count);
            state.report = source->update(store, stop, [&](const ImportProgress& progress) {
                state.done = progress.done;
                state.report.runs = progress.runs;
                state.report.points = progress.points;
                tell(state);
            });
            state.report.add(source->finish(store));
        }
        state.done = 1;
        tell(state);
    };
}

Transfer::Work importOf(ImportSource source, bool follow)
{
    return [source = std::move(source), follow](RunStore& store, const Transfer::Tell& tell, const std::stop_token& stop) {
        TransferState state{.kind = source.kind};
        const auto showDone = [&](double done) {
            state.done = done;
            tell(state);
        };
        if (source.kind == ImportKind::archive) {
            const ArchiveReport archive = importArchive(store, source.path, stop, showDone);
            state.report = reportOf(archive);
            state.files = archive.files;
        } else {
            const std::unique_ptr<RunImport> import = openImport(source);
            state.report = import->update(store, stop, [&](const ImportProgress& progress) {
                state.report.runs = progress.runs;
                state.report.points = progress.points;
                showDone(progress.done);
            });
            state.isFollowing = follow;
            while (follow && !stop.stop_requested()) {
                showDone(1);
                waitOrStop(stop);
                state.report.add(import->update(store, stop));
            }
            state.isFollowing = false;
            state.report.add(import->finish(store));
        }
        showDone(1);
    };
}

Transfer::Work exportOf(std::vector<RunId> runs, ExportTarget target)
{
    return [runs = std::move(runs), target = std::move(target)](RunStore& store, const Transfer::Tell& tell, const std::stop_token& stop) {
        TransferState state;
        state.written = exportRuns(store, runs, target, stop, [&](double done) { tell({.done = done}); });
        state.done = 1;
        tell(state);
    };
}

}
