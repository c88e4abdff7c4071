// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/job/find_start.h"

#include "engine/core/base/checksum.h"
#include "engine/core/base/files.h"
#include "engine/core/checkpoint/safetensors.h"
#include "engine/core/network/stages.h"
#include "engine/core/store/run_store.h"

#include <algorithm>
#include <charconv>
#include <set>
#include <span>

namespace descent {

namespace fs = std::filesystem;

namespace {

constexpr std::size_t largestFile = std::size_t{16} << 30;
constexpr const char* bestCheckpoint = "best.safetensors";

Result<Start> startOfRun(RunStore& store, RunId run, const std::string& path)
{
    const std::optional<RunDetails> details = store.run(run);
    if (!details)
        return {std::nullopt, {{path, text("there is no run %1", run), text("see: descent runs")}}};
    const fs::path file = store.runFolder(run) / bestCheckpoint;
    const auto best = std::find_if(details->checkpoints.begin(), details->checkpoints.end(),
                                   [](const RunDetails::Checkpoint& one) { return one.path == bestCheckpoint; });
    std::error_code ignored;
    if (best == details->checkpoints.end() || !fs::is_regular_file(file, ignored))
        return {std::nullopt,
                {{path, text("run %1 has no checkpoint of its best epoch", run), text("choose a run that trained for an epoch at least")}}};
    return {Start{.file = file, .run = run, .name = details->summary.name, .sha256 = best->sha256}, {}};
}

Result<Start> branchPointOf(RunStore& store, RunId run)
{
    const std::optional<RunDetails> details = store.run(run);
    if (!details)
        return {std::nullopt, {{"start.run", text("there is no run %1", run), text("see: descent runs")}}};
    Result<ResumePoint> point = newestCheckpoint(store.runFolder(run));
    for (Problem& problem : point.problems)
        problem.path = "start.run";
    if (!point)
        return {std::nullopt, std::move(point.problems)};
    return {Start{.file = point->tensors, .run = run, .name = details->summary.name, .sha256 = point->sha256, .point = std::move(*point.value)},
            std::move(point.problems)};
}

/// The number of the run in whose folder a file lies.
std::optional<RunId> runOfFile(const fs::path& file, const fs::path& storeFolder)
{
    std::error_code error;
    const fs::path folder = fs::canonical(file, error).parent_path();
    if (error || folder.parent_path() != fs::canonical(storeFolder / "runs", error) || error)
        return std::nullopt;
    const std::string name = folder.filename().string();
    RunId run = 0;
    const auto [rest, wrong] = std::from_chars(name.data(), name.data() + name.size(), run);
    return wrong == std::errc{} && rest == name.data() + name.size() ? std::optional{run} : std::nullopt;
}

}

Result<Start> findStart(const StartOptions& options, const fs::path& storeFolder)
{
    if (options.from == StartOptions::From::branch) {
        RunStore store{storeFolder};
        return branchPointOf(store, options.run);
    }
    if (options.from == StartOptions::From::run) {
        RunStore store{storeFolder};
        return startOfRun(store, options.run, "start.run");
    }
    fs::path file = options.file;
    std::error_code ignored;
    if (fs::is_directory(file, ignored))
        file /= bestCheckpoint;
    if (file.filename() == bestCheckpoint)
        if (const std::optional<RunId> run = runOfFile(file, storeFolder)) {
            RunStore store{storeFolder};
            return startOfRun(store, *run, "start.file");
        }
    try {
        const std::string content = readFile(file, largestFile);
        return {Start{.file = file, .run = {}, .name = file.filename().string(), .sha256 = sha256(std::as_bytes(std::span{content}))}, {}};
    } catch (const DescentError& error) {
        return {std::nullopt, {{"start.file", error.message(), text("choose a safetensors file, or the folder of a run")}}};
    }
}

Problems checkStart(const Start& start, const StartOptions& options, const NetworkSpec& network, const PreparedData& data,
                    const Backend& backend)
{
    Problems problems = frozenLayers(network, options.freeze).problems;
    if (options.from == StartOptions::From::branch) {
        const Result<TakeOver> found = backend.examineStart(start.file, options, network, meaningsOf(data));
        problems.insert(problems.end(), found.problems.begin(), found.problems.end());
        if (found && !found->fresh.empty())
            problems.push_back({"start.run", text("run %1 was for other classes or words, or for a network of another size: \"%2\" does not fit", start.run.value_or(0), found->fresh.front()),
                                text("a branch keeps the network and what its numbers stand for; to begin with its weights alone choose start.from=run")});
        return problems;
    }
    if (options.head == StartOptions::Head::prototypes) {
        const Targets& targets = data.dataset->train.targets;
        if (!data.isClassification() || data.brief.outputs != static_cast<std::int64_t>(targets.classNames.size())
            || embeddingLayer(network) < 0) {
            problems.push_back({"start.head", text("prototypes are for networks that end with one layer, a score a class"),
                                text("choose \"keep\" or \"fresh\"")});
        } else {
            std::set<std::int64_t> there;
            for (const std::int64_t row : data.split.train)
                there.insert(targets.classes[static_cast<std::size_t>(row)]);
            for (std::size_t i = 0; i < targets.classNames.size(); ++i)
                if (!there.contains(static_cast<std::int64_t>(i)))
                    problems.push_back({"start.head", text("there is no training sample of class \"%1\" to make a prototype of", targets.classNames[i]),
                                        text("choose \"keep\" or \"fresh\"")});
        }
    }
    const Result<TakeOver> found = backend.examineStart(start.file, options, network, meaningsOf(data));
    if (!found) {
        problems.insert(problems.end(), found.problems.begin(), found.problems.end());
        return problems;
    }
    if (const Result<std::vector<bool>> frozen = frozenLayers(network, options.freeze))
        for (const std::string& tensor : found->fresh)
            if (const std::int32_t layer = layerOfTensor(network, tensor); layer >= 0 && (*frozen)[static_cast<std::size_t>(layer)]) {
                problems.push_back({"start.freeze", text("\"%1\" begins fresh and would not learn: the weights have nothing for it, or were made for other words", tensor),
                                    text("freeze less")});
                break;
            }
    return problems;
}

}
