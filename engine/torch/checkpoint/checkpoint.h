// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/base/problem.h"
#include "engine/core/checkpoint/checkpoint_folder.h"
#include "engine/core/run/run_event.h"

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace torch::nn {
class Module;
}

namespace descent {

using NamedTensors = std::vector<std::pair<std::string, at::Tensor>>;

/// Parameters and buffers by dotted name. The tensors are the network's own, not copies.
NamedTensors stateOf(const torch::nn::Module& network);

/// Copies of a network's state, on its device: the best model so far.
class Snapshot {
public:
    void take(const torch::nn::Module& network);
    void restore(torch::nn::Module& network) const; ///< throws std::logic_error when nothing was taken
    bool empty() const { return m_state.empty(); }
    const NamedTensors& state() const { return m_state; }

private:
    NamedTensors m_state;
};

/// Tensors of a ResumePoint that are no part of the network: "optimizer/conv1.weight.momentum". No layer's name has a slash.
bool belongsToTraining(std::string_view tensor);
/// The same tensors named so: part "optimizer" of a training.
NamedTensors partOfTraining(std::string_view part, NamedTensors tensors);

/// Writes tensors as a safetensors file that survives a kill at any instant. Throws DescentError.
/// The event names the file and carries its SHA-256.
CheckpointWritten writeCheckpoint(const std::filesystem::path& folder, const std::string& name, const NamedTensors& tensors,
                                  const std::map<std::string, std::string>& metadata, std::int64_t step, bool best);

/// A safetensors file read whole. What is viewed points into `content`.
struct WeightsFile {
    std::string content;
    SafetensorsView view;
};
/// Problems (path: the file) where it cannot be read, is damaged, or is larger than 16 GiB.
Result<WeightsFile> readWeights(const std::filesystem::path& file);

/// A copy on the CPU, in the type it is stored in; undefined for a type that tensors do not have.
at::Tensor tensorOf(const StoredTensor& stored);

/// Writes all from which a training goes on into `runFolder`, and keeps the newest `kept` of such. Throws DescentError.
CheckpointWritten writeResumePoint(const std::filesystem::path& runFolder, const NamedTensors& tensors,
                                   const std::map<std::string, std::string>& metadata, const TrainingState& state, std::int64_t kept);

/// Puts stored values into tensors of the same names. Problems: names, types or shapes do not fit (each is listed); then all
/// are as they were.
Problems putBack(const WeightsFile& weights, const NamedTensors& places);

/// Puts the tensors of a safetensors file into a network. Problems: the file is damaged, names or shapes do not fit (each is
/// listed); then the network is as it was.
Problems loadWeights(const std::filesystem::path& file, torch::nn::Module& network);

}
