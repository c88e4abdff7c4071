// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/base/problem.h"
#include "engine/core/checkpoint/safetensors.h"
#include "engine/core/checkpoint/training_state.h"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <span>
#include <string>
#include <vector>

namespace descent {

/// A checkpoint from which a training goes on: `step-600.safetensors` holds the tensors, `step-600.json` the rest and their
/// SHA-256. The JSON is written last, so a checkpoint is there whole or not at all.
struct ResumePoint {
    std::filesystem::path tensors, json;
    TrainingState state;
    std::string sha256; ///< of the tensors' file
    bool operator==(const ResumePoint&) const = default;
};

/// The folder of these in a run's folder.
std::filesystem::path checkpointFolder(const std::filesystem::path& runFolder);

/// A safetensors file that survives a kill, written tensor by tensor, so that they lie in memory once. bytesOf(i) gives the
/// bytes of tensors[i], valid until the next is asked for. Returns its SHA-256. Throws DescentError.
std::string writeTensors(const std::filesystem::path& file, std::span<const StoredTensor> tensors,
                         const std::map<std::string, std::string>& metadata,
                         const std::function<std::span<const std::byte>(std::size_t)>& bytesOf);

/// Puts the JSON beside tensors that were written with that SHA-256: from here on the checkpoint is there.
/// Throws DescentError.
ResumePoint completeCheckpoint(const std::filesystem::path& tensors, const TrainingState& state, const std::string& sha256);

/// The newest checkpoint of a run that is whole. Problems: there is none; beside a value, which newer ones are damaged and
/// were passed over.
Result<ResumePoint> newestCheckpoint(const std::filesystem::path& runFolder);

/// One checkpoint, checked. The problem says what is damaged.
Result<ResumePoint> readCheckpoint(const std::filesystem::path& json);

/// Removes all but the newest `count`, and what a kill has left behind. Returns the files that have gone, relative to
/// `runFolder`. Never throws: a file that cannot be removed stays.
std::vector<std::string> keepNewestCheckpoints(const std::filesystem::path& runFolder, std::int64_t count);
/// Removes those behind `step`, where a training goes on there: what is written from now on is newer than they are.
std::vector<std::string> forgetCheckpointsBehind(const std::filesystem::path& runFolder, std::int64_t step);

}
