// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/torch/checkpoint/checkpoint.h"

#include "engine/core/base/checksum.h"
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

CheckpointWritten writeCheckpoint(const std::filesystem::path& folder, const std::string& name, const NamedTensors& tensors,
                                  const std::map<std::string, std::string>& metadata, std::int64_t step, bool best)
{
    std::vector<at::Tensor> held; // keeps the host copies alive while they are written
    std::vector<StoredTensor> stored;
    for (const auto& [tensorName, tensor] : tensors) {
        const at::Tensor host = tensor.detach().to(at::kCPU).contiguous();
        stored.push_back({tensorName,
                          nameOf(host.scalar_type()),
                          host.sizes().vec(),
                          {static_cast<const std::byte*>(host.const_data_ptr()), host.nbytes()}});
        held.push_back(host);
    }
    const std::vector<std::byte> file = writeSafetensors(stored, metadata);
    writeFileAtomically(folder / name, std::span<const std::byte>{file});
    return {.path = name, .step = step, .best = best, .sha256 = sha256(file)};
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

Problems loadWeights(const std::filesystem::path& file, torch::nn::Module& network)
{
    const Result<WeightsFile> weights = readWeights(file);
    if (!weights)
        return weights.problems;
    const std::vector<StoredTensor>& stored = weights->view.tensors;
    Problems problems;
    NamedTensors loaded;
    for (const auto& [name, tensor] : stateOf(network)) {
        const auto found = std::find_if(stored.begin(), stored.end(), [&](const StoredTensor& t) { return t.name == name; });
        if (found == stored.end()) {
            problems.push_back({name, text("the file has no such tensor"), {}});
            continue;
        }
        at::Tensor value = at::IntArrayRef{found->shape} == tensor.sizes() ? tensorOf(*found) : at::Tensor{};
        if (!value.defined()) {
            problems.push_back({name,
                                text("the file has shape %1, the network %2", fmt::format("{}", fmt::join(found->shape, "x")),
                                     fmt::format("{}", fmt::join(tensor.sizes().vec(), "x"))),
                                {}});
            continue;
        }
        loaded.emplace_back(name, std::move(value));
    }
    if (!problems.empty())
        return problems;
    const torch::NoGradGuard guard;
    const NamedTensors state = stateOf(network);
    for (std::size_t i = 0; i < state.size(); ++i)
        at::Tensor{state[i].second}.copy_(loaded[i].second);
    return {};
}

}
