// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/torch/checkpoint/checkpoint.h"

#include "engine/core/base/files.h"

#include <ATen/ATen.h>
#include <algorithm>
#include <fmt/ranges.h>
#include <stdexcept>
#include <torch/nn/module.h>
#include <torch/utils.h>

namespace descent {

namespace {

constexpr std::pair<at::ScalarType, const char*> types[] = {
    {at::kFloat, "F32"}, {at::kDouble, "F64"}, {at::kHalf, "F16"}, {at::kBFloat16, "BF16"}, {at::kLong, "I64"},
    {at::kInt, "I32"},   {at::kShort, "I16"},  {at::kChar, "I8"},  {at::kByte, "U8"},       {at::kBool, "BOOL"},
};

std::string nameOf(at::ScalarType type)
{
    for (const auto& [known, name] : types)
        if (known == type)
            return name;
    throw std::invalid_argument{"a checkpoint cannot hold this type of tensor"};
}

std::optional<at::ScalarType> typeOf(const std::string& wanted)
{
    for (const auto& [type, name] : types)
        if (wanted == name)
            return type;
    return std::nullopt;
}

/// Returns the file's SHA-256.
std::string write(const std::filesystem::path& file, const NamedTensors& tensors, const std::map<std::string, std::string>& metadata)
{
    std::vector<StoredTensor> stored;
    for (const auto& [name, tensor] : tensors)
        stored.push_back({name, nameOf(tensor.scalar_type()), tensor.sizes().vec(), {}});
    at::Tensor host; // one at a time: a copy of all of them would double what a large network takes
    return writeTensors(file, stored, metadata, [&](std::size_t i) {
        host = tensors[i].second.detach().to(at::kCPU).contiguous();
        return std::span{static_cast<const std::byte*>(host.const_data_ptr()), host.nbytes()};
    });
}

}

NamedTensors stateOf(const torch::nn::Module& network)
{
    NamedTensors state;
    for (const auto& parameter : network.named_parameters())
        state.emplace_back(parameter.key(), parameter.value());
    for (const auto& buffer : network.named_buffers())
        state.emplace_back(buffer.key(), buffer.value());
    return state;
}

void Snapshot::take(const torch::nn::Module& network)
{
    const torch::NoGradGuard guard;
    const NamedTensors current = stateOf(network);
    if (m_state.empty())
        for (const auto& [name, tensor] : current)
            m_state.emplace_back(name, at::empty_like(tensor.detach()));
    for (std::size_t i = 0; i < current.size(); ++i)
        m_state[i].second.copy_(current[i].second);
}

void Snapshot::restore(torch::nn::Module& network) const
{
    if (m_state.empty())
        throw std::logic_error{"there is no snapshot to restore"};
    const torch::NoGradGuard guard;
    const NamedTensors current = stateOf(network);
    for (std::size_t i = 0; i < current.size(); ++i)
        at::Tensor{current[i].second}.copy_(m_state[i].second);
}

bool belongsToTraining(std::string_view tensor)
{
    return tensor.find('/') != std::string_view::npos;
}

NamedTensors partOfTraining(std::string_view part, NamedTensors tensors)
{
    for (auto& [name, tensor] : tensors)
        name = fmt::format("{}/{}", part, name);
    return tensors;
}

CheckpointWritten writeCheckpoint(const std::filesystem::path& folder, const std::string& name, const NamedTensors& tensors,
                                  const std::map<std::string, std::string>& metadata, std::int64_t step, bool best)
{
    return {.path = name, .step = step, .best = best, .sha256 = write(folder / name, tensors, metadata)};
}

CheckpointWritten writeResumePoint(const std::filesystem::path& runFolder, const NamedTensors& tensors,
                                   const std::map<std::string, std::string>& metadata, const TrainingState& state, std::int64_t kept)
{
    const std::filesystem::path folder = checkpointFolder(runFolder), file = folder / fmt::format("step-{}.safetensors", state.step);
    makeFolder(folder);
    const std::string sha256 = write(file, tensors, metadata);
    completeCheckpoint(file, state, sha256);
    return {.path = std::filesystem::relative(file, runFolder).generic_string(),
            .step = state.step,
            .sha256 = sha256,
            .removed = keepNewestCheckpoints(runFolder, kept)};
}

Result<WeightsFile> readWeights(const std::filesystem::path& file)
{
    constexpr std::size_t largestFile = std::size_t{16} << 30;
    WeightsFile weights;
    try {
        weights.content = readFile(file, largestFile);
    } catch (const DescentError& error) {
        return {std::nullopt, {{file.string(), error.message(), {}}}};
    }
    Result<SafetensorsView> view = readSafetensors(std::as_bytes(std::span{weights.content}));
    if (!view)
        return {std::nullopt, {{file.string(), view.problems.front().message, {}}}};
    weights.view = std::move(*view.value);
    return {std::move(weights), {}}; // moving keeps the bytes where they are: a file of weights is never a short string
}

at::Tensor tensorOf(const StoredTensor& stored)
{
    const std::optional<at::ScalarType> type = typeOf(stored.dtype);
    if (!type)
        return {};
    // Copied at once: the file's bytes have no alignment to rely on.
    at::Tensor tensor = at::empty(stored.shape, *type);
    std::copy(stored.bytes.begin(), stored.bytes.end(), static_cast<std::byte*>(tensor.mutable_data_ptr()));
    return tensor;
}

Problems putBack(const WeightsFile& weights, const NamedTensors& places)
{
    std::map<std::string_view, const StoredTensor*> stored;
    for (const StoredTensor& tensor : weights.view.tensors)
        stored.emplace(tensor.name, &tensor);
    Problems problems;
    std::vector<at::Tensor> values;
    for (const auto& [name, tensor] : places) {
        const auto found = stored.find(name);
        if (found == stored.end()) {
            problems.push_back({name, text("the file has no such tensor"), {}});
            continue;
        }
        const at::Tensor value = at::IntArrayRef{found->second->shape} == tensor.sizes() ? tensorOf(*found->second) : at::Tensor{};
        if (value.defined() && value.scalar_type() == tensor.scalar_type())
            values.push_back(value);
        else if (value.defined())
            problems.push_back({name, text("values of the type %1 are not taken", found->second->dtype), {}});
        else
            problems.push_back({name,
                                text("the file has shape %1, the network %2", fmt::format("{}", fmt::join(found->second->shape, "x")),
                                     fmt::format("{}", fmt::join(tensor.sizes().vec(), "x"))),
                                {}});
    }
    if (!problems.empty())
        return problems;
    const torch::NoGradGuard guard;
    for (std::size_t i = 0; i < places.size(); ++i)
        at::Tensor{places[i].second}.copy_(values[i]);
    return {};
}

Problems loadWeights(const std::filesystem::path& file, torch::nn::Module& network)
{
    const Result<WeightsFile> weights = readWeights(file);
    return weights ? putBack(*weights, stateOf(network)) : weights.problems;
}

}
