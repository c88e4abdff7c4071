// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/store/retention.h"

#include <algorithm>

namespace descent {

namespace fs = std::filesystem;

namespace {

using Checkpoint = RunDetails::Checkpoint;

std::int64_t bytesOf(const fs::path& file)
{
    std::error_code error;
    const auto size = fs::file_size(file, error);
    return error ? 0 : static_cast<std::int64_t>(size);
}

/// The files of a checkpoint, in the order in which they may go: without its JSON it is none.
std::vector<fs::path> filesOf(const std::string& path)
{
    const fs::path tensors{path};
    std::vector<fs::path> files;
    if (tensors.has_parent_path())
        files.push_back(fs::path{tensors}.replace_extension(".json"));
    files.push_back(tensors);
    return files;
}

/// A path in the history is no reason to touch what lies elsewhere.
bool isInside(const std::string& path)
{
    const fs::path relative{path};
    return !path.empty() && relative.is_relative() && std::find(relative.begin(), relative.end(), "..") == relative.end();
}

bool isRipe(const RunSummary& run, const RetentionRule& rule, WallTime now)
{
    if (run.status == RunStatus::running || run.status == RunStatus::queued || (run.starred && !rule.alsoStarred) || (!rule.among.empty() && !rule.among.contains(run.id)))
        return false;
    const WallTime end = run.endedAt.value_or(run.createdAt);
    return now - end >= std::chrono::duration_cast<WallTime::duration>(std::chrono::duration<double>(rule.olderThanDays * 24 * 3600));
}

bool isKept(const Checkpoint& checkpoint, std::int64_t newest, RetentionRule::Keep keep)
{
    switch (keep) {
    case RetentionRule::Keep::bestAndNewest: return checkpoint.best || checkpoint.step == newest;
    case RetentionRule::Keep::best: return checkpoint.best;
    case RetentionRule::Keep::nothing: break;
    }
    return false;
}

}

RetentionPlan planRetention(RunStore& store, const RetentionRule& rule, const std::stop_token& stop)
{
    RetentionPlan plan;
    const WallTime now = std::chrono::system_clock::now();
    RunChanges all = store.changesSince(0);
    const std::set<RunId> awaited = store.awaitedRuns();
    std::map<RunId, bool> ripe;
    for (const auto* runs : {&all.runs, &all.trash})
        for (const SharedRun& run : *runs)
            ripe[run->id] = isRipe(*run, rule, now) && !awaited.contains(run->id);
    for (const auto& [run, checkpoints] : store.checkpoints()) {
        if (stop.stop_requested())
            break;
        std::int64_t newest = -1;
        for (const Checkpoint& checkpoint : checkpoints)
            if (!checkpoint.best)
                newest = std::max(newest, checkpoint.step);
        bool freed = false;
        for (const Checkpoint& checkpoint : checkpoints) {
            if (!isInside(checkpoint.path))
                continue;
            std::int64_t bytes = 0;
            for (const fs::path& file : filesOf(checkpoint.path))
                bytes += bytesOf(store.runFolder(run) / file);
            if (!ripe[run] || isKept(checkpoint, newest, rule.keep)) {
                plan.kept += bytes;
                continue;
            }
            plan.files.push_back({run, checkpoint.path, bytes});
            plan.bytes += bytes;
            freed = true;
        }
        plan.runs += freed;
    }
    return plan;
}

std::int64_t freeCheckpoints(RunStore& store, const RetentionPlan& plan, const std::function<void(std::size_t done)>& told, const std::stop_token& stop)
{
    std::int64_t bytes = 0;
    RunId looked = 0;
    bool goesOn = false;
    for (std::size_t i = 0; i < plan.files.size() && !stop.stop_requested(); ++i) {
        const FreedFile& freed = plan.files[i];
        if (freed.run != looked) { // it may have been taken up since the plan was made
            const auto run = store.run(freed.run);
            goesOn = run && (run->summary.status == RunStatus::running || run->summary.status == RunStatus::queued);
            looked = freed.run;
        }
        if (goesOn)
            continue;
        for (const fs::path& file : filesOf(freed.path)) {
            std::error_code error;
            fs::remove(store.runFolder(freed.run) / file, error);
            if (error)
                throw StoreError{text("%1 cannot be removed: %2", (store.runFolder(freed.run) / file).string(), error.message())};
        }
        store.forgetCheckpoint(freed.run, freed.path); // a kill before this leaves a name without a file, which the next plan takes up
        bytes += freed.bytes;
        if (told)
            told(i + 1);
    }
    return bytes;
}

}
