// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/checkpoint/checkpoint_folder.h"

#include "engine/core/base/checksum.h"
#include "engine/core/base/files.h"

#include <algorithm>
#include <charconv>
#include <nlohmann/json.hpp>
#include <optional>
#include <set>

namespace descent {

namespace fs = std::filesystem;

namespace {

using Json = nlohmann::ordered_json;
constexpr std::string_view prefix = "step-";
constexpr std::size_t largestJson = 64 << 20;

/// The step in "step-600.json"; none for a file of another kind.
std::optional<std::int64_t> stepOf(const fs::path& file)
{
    const std::string name = file.stem().string();
    std::int64_t step = 0;
    if (!name.starts_with(prefix))
        return std::nullopt;
    const auto [rest, error] = std::from_chars(name.data() + prefix.size(), name.data() + name.size(), step);
    return error == std::errc{} && rest == name.data() + name.size() ? std::optional{step} : std::nullopt;
}

/// The JSON files of checkpoints, newest first.
std::vector<fs::path> completed(const fs::path& folder)
{
    std::vector<std::pair<std::int64_t, fs::path>> found;
    std::error_code error;
    for (fs::directory_iterator at{folder, error}, end; !error && at != end; at.increment(error))
        if (const auto step = stepOf(at->path()); step && at->path().extension() == ".json")
            found.emplace_back(*step, at->path());
    std::sort(found.begin(), found.end(), std::greater{});
    std::vector<fs::path> files;
    for (auto& [step, file] : found)
        files.push_back(std::move(file));
    return files;
}

std::string sha256Of(const fs::path& path)
{
    const OpenFile file{path};
    Sha256 hash;
    std::vector<std::byte> block(std::size_t{1} << 20);
    for (std::uint64_t at = 0; at < file.size();) {
        const auto size = static_cast<std::size_t>(std::min<std::uint64_t>(block.size(), file.size() - at));
        const std::span<std::byte> part{block.data(), size};
        if (!file.read(at, part))
            throw DescentError{text("cannot read %1", path.string())};
        hash.add(part);
        at += size;
    }
    return hash.finish();
}

/// Those of the folder that `goes` says; what has gone, relative to the run's folder.
template <typename Predicate>
std::vector<std::string> removeFiles(const fs::path& runFolder, Predicate goes)
{
    std::vector<fs::path> going;
    std::error_code error;
    for (fs::directory_iterator at{checkpointFolder(runFolder), error}, end; !error && at != end; at.increment(error))
        if (goes(at->path()))
            going.push_back(at->path());
    // The JSON first: tensors without it are no checkpoint, a JSON without tensors would be a damaged one.
    std::stable_partition(going.begin(), going.end(), [](const fs::path& file) { return file.extension() == ".json"; });
    std::vector<std::string> gone;
    for (const fs::path& file : going)
        if (std::error_code failed; fs::remove(file, failed))
            gone.push_back(fs::relative(file, runFolder, error).generic_string());
    return gone;
}

Result<ResumePoint> damaged(const fs::path& file, Text why)
{
    return {std::nullopt, {{file.string(), std::move(why), {}}}};
}

}

fs::path checkpointFolder(const fs::path& runFolder)
{
    return runFolder / "checkpoints";
}

std::string writeTensors(const fs::path& path, std::span<const StoredTensor> tensors, const std::map<std::string, std::string>& metadata,
                         const std::function<std::span<const std::byte>(std::size_t)>& bytesOf)
{
    AtomicFile file{path};
    Sha256 hash;
    const auto write = [&](std::span<const std::byte> bytes) {
        file.write(bytes);
        hash.add(bytes);
    };
    const std::string header = safetensorsHeader(tensors, metadata);
    write(std::as_bytes(std::span{header}));
    for (std::size_t i = 0; i < tensors.size(); ++i)
        write(bytesOf(i));
    file.commit();
    return hash.finish();
}

ResumePoint completeCheckpoint(const fs::path& tensors, const TrainingState& state, const std::string& sha256_)
{
    ResumePoint point{.tensors = tensors, .json = tensors, .state = state, .sha256 = sha256_};
    point.json.replace_extension(".json");
    const std::string written = toJson(state);
    // The hash is of the state as toJson() writes it, which is how it is printed again when it is read.
    const Json json{{"format", "descent-checkpoint-1"},
                    {"state", Json::parse(written)},
                    {"stateSha256", sha256(std::as_bytes(std::span{written}))},
                    {"tensors", tensors.filename().string()},
                    {"tensorsSha256", sha256_}};
    writeFileAtomically(point.json, json.dump(2) + "\n");
    return point;
}

Result<ResumePoint> readCheckpoint(const fs::path& file)
try {
    const std::string content = readFile(file, largestJson);
    const Json json = Json::parse(content, nullptr, false);
    const auto textAt = [&](const char* name) {
        return json.contains(name) && json[name].is_string() ? json[name].get<std::string>() : std::string{};
    };
    if (!json.is_object() || textAt("format") != "descent-checkpoint-1" || !json.contains("state"))
        return damaged(file, text("this is not the state of a training"));
    const std::string written = json["state"].dump(2, ' ', false, Json::error_handler_t::replace);
    if (sha256(std::as_bytes(std::span{written})) != textAt("stateSha256"))
        return damaged(file, text("its checksum is wrong: the file is damaged"));
    Result<TrainingState> state = trainingStateFromJson(written);
    if (!state)
        return damaged(file, state.problems.front().message);
    ResumePoint point{.tensors = file, .json = file, .state = std::move(*state.value), .sha256 = textAt("tensorsSha256")};
    point.tensors.replace_extension(".safetensors");
    if (sha256Of(point.tensors) != point.sha256)
        return damaged(point.tensors, text("its checksum is wrong: the file is damaged"));
    return {std::move(point), {}};
} catch (const DescentError& error) {
    return damaged(file, error.message());
}

Result<ResumePoint> newestCheckpoint(const fs::path& runFolder)
{
    Result<ResumePoint> newest;
    for (const fs::path& file : completed(checkpointFolder(runFolder))) {
        Result<ResumePoint> one = readCheckpoint(file);
        if (one) {
            newest.value = std::move(*one.value);
            return newest;
        }
        newest.problems.insert(newest.problems.end(), one.problems.begin(), one.problems.end());
    }
    newest.problems.push_back({runFolder.string(),
                               newest.problems.empty() ? text("there is no checkpoint to go on from") : text("no whole checkpoint is left to go on from"),
                               text("train it again, or start from its best network")});
    return newest;
}

std::vector<std::string> keepNewestCheckpoints(const fs::path& runFolder, std::int64_t count)
{
    const std::vector<fs::path> files = completed(checkpointFolder(runFolder));
    std::set<fs::path> kept;
    for (std::size_t i = 0; i < std::min(files.size(), static_cast<std::size_t>(count)); ++i)
        kept.insert(files[i].stem());
    return removeFiles(runFolder, [&](const fs::path& file) { return !kept.contains(file.stem()); });
}

std::vector<std::string> forgetCheckpointsBehind(const fs::path& runFolder, std::int64_t step)
{
    return removeFiles(runFolder, [&](const fs::path& file) { return stepOf(file).value_or(step) > step; });
}

}
