// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/torch/checkpoint/take_over.h"

#include "engine/core/network/stages.h"
#include "engine/torch/checkpoint/checkpoint.h"

#include <ATen/ATen.h>
#include <fmt/ranges.h>
#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <string_view>
#include <torch/nn/module.h>
#include <torch/utils.h>

namespace descent {

namespace {

constexpr std::string_view batchCount = ".num_batches_tracked";
constexpr const char *classesKey = "classes", *wordsKey = "words"; // of a checkpoint's metadata

std::string sizes(at::IntArrayRef shape)
{
    return shape.empty() ? "a single number" : fmt::format("{}", fmt::join(shape.vec(), "x"));
}

/// Which of the network's tensors begin as which of the file's, and what is wrong.
class Matching {
public:
    Matching(const WeightsFile& weights, const StartOptions& options, const NetworkSpec& spec, const Meanings& meanings)
        : m_options{options}, m_spec{spec}, m_stages{stagesOf(spec)}
    {
        const std::map<std::string, std::string> ours = writtenMeanings(meanings);
        const auto differs = [&](const char* key) {
            const auto stored = weights.view.metadata.find(key), own = ours.find(key);
            return stored != weights.view.metadata.end() && (own == ours.end() || stored->second != own->second);
        };
        m_otherWords = differs(wordsKey);
        const bool givesTokens = meanings.classNames.empty() && !meanings.words.empty();
        m_keepsHead = options.head == StartOptions::Head::keep && !differs(classesKey) && !(givesTokens && m_otherWords);
        for (const StoredTensor& tensor : weights.view.tensors)
            if (!belongsToTraining(tensor.name))
                m_stored.emplace(tensor.name, &tensor);
    }

    void match(const NamedTensors& state)
    {
        for (const auto& [name, tensor] : state)
            matchOne(name, tensor);
        for (const auto& [name, stored] : m_stored)
            if (!m_used.contains(name)) {
                m_names.unused.push_back(name);
                if (!m_options.takeWhatFits && !isOfHead(name) && !m_known.contains(name))
                    complain(name, m_unknown, text("this network has no such tensor"));
            }
        if (m_options.takeWhatFits && m_takenOfTrunk == 0 && m_stages.stages.size() > 1)
            m_problems.push_back({"start.take", text("nothing of the file fits this network but perhaps its head"),
                                  text("choose the architecture and the settings that the weights were trained with")});
    }

    Problems problems() const
    {
        if (m_missing + m_otherSize + m_unknown == 0)
            return m_problems;
        const char* path = m_options.from == StartOptions::From::file ? "start.file" : "start.run";
        const bool branches = m_options.from == StartOptions::From::branch;
        Problems problems{{path,
                           text("the weights do not fit this network: %1 missing, %2 of another size, %3 too many", m_missing, m_otherSize,
                                m_unknown),
                           branches ? text("a branch keeps the network as it is; to begin with its weights alone choose start.from=run")
                                    : text("choose the architecture and the settings they were trained with, or start.take=what-fits")}};
        problems.insert(problems.end(), m_problems.begin(), m_problems.end());
        return problems;
    }
    TakeOver& names() { return m_names; }
    const NamedTensors& values() const { return m_values; }

private:
    void complain(const std::string& name, std::size_t& count, Text message)
    {
        ++count;
        m_problems.push_back({name, std::move(message), {}});
    }

    bool isOfHead(std::string_view tensor) const
    {
        const std::int32_t layer = layerOfTensor(m_spec, tensor);
        return layer >= 0 && m_stages.stageOf[static_cast<std::size_t>(layer)] == static_cast<std::int32_t>(m_stages.stages.size()) - 1;
    }

    bool isOfTokens(std::string_view tensor) const
    {
        const std::int32_t position = layerOfTensor(m_spec, tensor);
        return position >= 0 && std::holds_alternative<layer::Embedding>(m_spec.layers[static_cast<std::size_t>(position)].layer);
    }

    void matchOne(const std::string& name, const at::Tensor& tensor)
    {
        m_known.insert(name);
        const bool ofHead = isOfHead(name), mayDiffer = ofHead || m_options.takeWhatFits;
        const auto found = m_stored.find(name);
        if ((ofHead && !m_keepsHead) || (m_otherWords && isOfTokens(name))) {
            m_names.fresh.push_back(name);
            return;
        }
        if (found == m_stored.end()) {
            if (name.ends_with(batchCount)) // torch before 0.4.1 did not write it, and only statistics without momentum need it
                return;
            m_names.fresh.push_back(name);
            if (!mayDiffer)
                complain(name, m_missing, text("the file has no such tensor"));
            return;
        }
        const StoredTensor& stored = *found->second;
        if (at::IntArrayRef{stored.shape} != tensor.sizes()) {
            m_names.fresh.push_back(name);
            if (!mayDiffer)
                complain(name, m_otherSize, text("the file has %1, the network %2", sizes(stored.shape), sizes(tensor.sizes())));
            return;
        }
        const at::Tensor value = tensorOf(stored);
        if (!value.defined() || value.is_floating_point() != tensor.is_floating_point()) {
            m_problems.push_back({name, text("values of the type %1 are not taken", stored.dtype), text("save them as F32, F16 or BF16")});
            return;
        }
        at::Tensor converted = value.to(tensor.scalar_type());
        if (converted.is_floating_point() && !converted.isfinite().all().item<bool>()) {
            m_problems.push_back({name, text("the file holds values here that are no numbers, or too large for float32"), {}});
            return;
        }
        m_values.emplace_back(name, std::move(converted));
        m_names.taken.push_back(name);
        m_used.insert(name);
        m_takenOfTrunk += ofHead ? 0 : 1;
    }

    const StartOptions& m_options;
    const NetworkSpec& m_spec;
    const Stages m_stages;
    bool m_keepsHead = true, m_otherWords = false;
    std::map<std::string, const StoredTensor*> m_stored;
    std::set<std::string> m_known, m_used;
    std::size_t m_missing = 0, m_otherSize = 0, m_unknown = 0, m_takenOfTrunk = 0;
    Problems m_problems;
    NamedTensors m_values;
    TakeOver m_names;
};

}

std::map<std::string, std::string> writtenMeanings(const Meanings& meanings)
{
    std::map<std::string, std::string> written;
    if (!meanings.classNames.empty())
        written[classesKey] = nlohmann::json(meanings.classNames).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace); // a file's name may be no UTF-8
    if (!meanings.words.empty())
        written[wordsKey] = meanings.words;
    return written;
}

Result<TakeOver> takeOver(const std::filesystem::path& file, const StartOptions& options, const NetworkSpec& spec,
                          const Meanings& meanings, torch::nn::Module& network)
{
    const Result<WeightsFile> weights = readWeights(file);
    if (!weights)
        return {std::nullopt, weights.problems};
    const torch::NoGradGuard guard;
    const NamedTensors state = stateOf(network);
    Matching matching{*weights, options, spec, meanings};
    matching.match(state);
    if (Problems problems = matching.problems(); !problems.empty())
        return {std::nullopt, std::move(problems)};
    std::map<std::string, at::Tensor> places{state.begin(), state.end()};
    for (const auto& [name, value] : matching.values())
        places.at(name).copy_(value);
    return {std::move(matching.names()), {}};
}

}
