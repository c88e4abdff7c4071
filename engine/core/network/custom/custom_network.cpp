// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/network/custom/custom_network.h"

#include "engine/core/network/custom/layer_kind.h"
#include "engine/core/network/layer_inference.h"

#include <algorithm>
#include <unordered_map>

namespace descent {

namespace {

constexpr std::size_t longestName = 100;
constexpr std::int64_t mostValues = 1'000'000'000; // of one layer's output for one sample: 4 GB

/// "input" is 0, "input2" is 1; none otherwise.
std::optional<std::size_t> inputNumbered(std::string_view name)
{
    for (std::size_t which = 0; which < 9; ++which)
        if (name == inputName(which))
            return which;
    return std::nullopt;
}

LayerValue valueOf(const NetworkInput& input, const NetworkBrief& brief)
{
    const bool tokens = input.kind == NetworkInput::Kind::tokens;
    // Events carry a series beside their codes, which is as long as they are.
    const bool besidePadded = input.kind == NetworkInput::Kind::series
        && std::any_of(brief.inputs.begin(), brief.inputs.end(), [](const NetworkInput& other) { return other.padded; });
    const bool writes = brief.output == NetworkBrief::Output::nextTokens;
    return {.shape = input.shape,
            .tokens = tokens,
            .stepsVary = input.padded || besidePadded || (tokens && writes),
            .written = writes && &input == &brief.inputs.back(),
            .vocabulary = input.vocabulary};
}

class Worker
{
public:
    Worker(const LayerList& layers, const NetworkBrief* brief, std::string_view path) : m_layers{layers}, m_brief{brief}, m_path{path}
    {
        for (std::size_t i = 0; i < layers.size(); ++i)
            m_places.try_emplace(layers[i].name, i);
        m_values.resize(layers.size());
        m_result.layers.resize(layers.size());
        if (brief)
            for (const NetworkInput& input : brief->inputs)
                m_inputValues.push_back(valueOf(input, *brief));
    }
    CustomNetwork work()
    {
        if (m_layers.empty())
            m_result.general.push_back({m_path, text("there are no layers yet"), text("add some, or open a named architecture as a starting point")});
        if (m_layers.size() > mostLayers) {
            m_result.general.push_back({m_path, text("%1 layers are too many", m_layers.size()), text("at most %1", mostLayers)});
            return std::move(m_result);
        }
        for (std::size_t i = 0; i < m_layers.size(); ++i)
            workAt(i);
        checkReaders();
        if (m_brief && !m_layers.empty() && m_values.back()) {
            const LayerOutcome& last = m_result.layers.back();
            if (auto wrong = outputMisfit(*m_values.back(), last.layer.value_or(layer::Flatten{}), *m_brief))
                say(m_layers.size() - 1, std::move(*wrong));
            checkNamesOfTask();
        }
        return std::move(m_result);
    }

private:
    /// The problem's own path is empty, or "." and a parameter.
    void say(std::size_t at, LayerTrouble wrong)
    {
        wrong.problem.path = fmt::format("{}.{}{}", m_path, m_layers[at].name, wrong.problem.path);
        m_result.layers[at].troubles.push_back(std::move(wrong));
    }
    void say(std::size_t at, Text message, Text hint) { say(at, LayerTrouble{{"", std::move(message), std::move(hint)}, {}}); }

    void checkName(std::size_t at)
    {
        if (Text wrong = nameProblem(m_layers[at].name); !wrong.empty())
            say(at, std::move(wrong), text("letters, digits, dots, dashes and underscores make a name"));
        else if (m_places.at(m_layers[at].name) != at)
            say(at, text("two layers are named \"%1\"", m_layers[at].name), text("give one of them another name"));
    }

    /// Fills the outcome's inputs; false when some are not known.
    bool findInputs(std::size_t at, const LayerKind& kind)
    {
        LayerOutcome& outcome = m_result.layers[at];
        std::vector<std::string> from = m_layers[at].from;
        if (from.empty())
            from = {previousLayer};
        bool all = true;
        for (const std::string& name : from) {
            const auto input = inputNumbered(name);
            const auto found = m_places.find(name);
            if (name == previousLayer) {
                outcome.inputs.push_back(static_cast<std::int32_t>(at) - 1); // of the first layer: the network's first input
            } else if (found != m_places.end() && found->second < at) {
                outcome.inputs.push_back(static_cast<std::int32_t>(found->second));
            } else if (input && (!m_brief || *input < m_brief->inputs.size())) {
                outcome.inputs.push_back(NetworkSpec::inputAt(*input));
            } else {
                all = false;
                if (input)
                    say(at, text("it reads \"%1\", and this task has %2 inputs", name, m_brief->inputs.size()), text("choose another one"));
                else if (found != m_places.end() && found->second == at)
                    say(at, text("it reads itself"), text("choose a layer before it"));
                else if (found != m_places.end())
                    say(at, text("it reads \"%1\", which stands after it", name), text("move \"%1\" before it", name));
                else
                    say(at, text("it reads \"%1\", which is not there", name), nearest(name));
            }
        }
        if (from.size() < kind.leastInputs) {
            say(at, text("it reads %1 of at least %2 inputs", from.size(), kind.leastInputs), text("choose where else it reads"));
            all = false;
        } else if (from.size() > kind.mostInputs) {
            say(at, text("it reads %1 of at most %2 inputs", from.size(), kind.mostInputs), text("take some away"));
            all = false;
        }
        return all;
    }

    Text nearest(const std::string& name) const
    {
        std::vector<std::string> known;
        for (const LayerEntry& layer : m_layers)
            known.push_back(layer.name);
        const std::string near = nearestName(name, known);
        return near.empty() ? text("choose a layer before it") : text("did you mean \"%1\"?", near);
    }

    const LayerValue* valueAt(std::int32_t node) const
    {
        if (node < 0)
            return &m_inputValues[static_cast<std::size_t>(-1 - node)];
        const auto& value = m_values[static_cast<std::size_t>(node)];
        return value ? &*value : nullptr;
    }

    void workAt(std::size_t at)
    {
        const LayerEntry& entry = m_layers[at];
        checkName(at);
        const LayerKind* kind = findLayerKind(entry.kind);
        if (!kind) {
            std::vector<std::string> known;
            for (const LayerKind& one : layerKinds())
                known.push_back(one.id);
            const std::string near = nearestName(entry.kind, known);
            say(at, text("there is no kind of layer \"%1\"", entry.kind), near.empty() ? text("see: descent catalog layers") : text("did you mean \"%1\"?", near));
            return;
        }
        for (Problem& wrong : validate(kind->schema, entry.parameters, "")) // paths ".kernel"
            say(at, {std::move(wrong), {}});
        const bool connected = findInputs(at, *kind);
        LayerOutcome& outcome = m_result.layers[at];
        if (!connected || !outcome.troubles.empty() || !m_brief)
            return;
        std::vector<const LayerValue*> inputs;
        for (const std::int32_t node : outcome.inputs)
            if (const LayerValue* value = valueAt(node))
                inputs.push_back(value);
        if (inputs.size() == outcome.inputs.size())
            make(at, *kind, inputs);
    }

    void make(std::size_t at, const LayerKind& kind, const std::vector<const LayerValue*>& inputs)
    {
        const Parameters& parameters = m_layers[at].parameters;
        LayerOutcome& outcome = m_result.layers[at];
        if (!kind.width.empty() && textOf(kind.schema, parameters, "size") != "given" && sizeParameter(kind, parameters) == 0) {
            if (kind.id == "cosine-dense") {
                outcome.skipped = true;
                outcome.shape = inputs.front()->shape;
                m_values[at] = *inputs.front();
            } else {
                say(at, {{".size", text("this task has no such size"), text("write a number")}, {.set = {{"size", std::string{"given"}}}}});
            }
            return;
        }
        std::vector<const Shape*> shapes;
        for (const LayerValue* value : inputs)
            shapes.push_back(&value->shape);
        const LayerSite site{.inputs = shapes,
                             .brief = *m_brief,
                             .vocabulary = inputs.front()->vocabulary,
                             .columns = inputs.front()->columns,
                             .sharedEmbedding = sharedEmbedding(at, kind)};
        Layer layer = kind.make(parameters, site);
        if (auto wrong = misfit(layer, inputs, m_brief->inputs.size() > 1)) {
            say(at, std::move(*wrong));
            return;
        }
        if (const auto* tied = std::get_if<layer::TiedLinear>(&layer); tied && site.sharedEmbedding->width != tied->width) {
            say(at, text("its input has %1 features, the vectors of \"%2\" have %3", tied->width, tied->embedding, site.sharedEmbedding->width),
                text("a dense layer with %1 features before it makes them equal", site.sharedEmbedding->width));
            return;
        }
        InferredLayer inferred = inferLayer(layer, shapes);
        if (inferred.shape.empty()) {
            say(at, text("its input is %1: it cannot read that", written(*shapes.front())), {});
            return;
        }
        if (inferred.parameters + m_parameters > mostParameters) {
            say(at, text("this network would have more than %1 billion weights here", 2), text("use fewer or narrower layers, or smaller pictures"));
            return;
        }
        const bool splits = std::holds_alternative<layer::Patches>(layer), ends = std::holds_alternative<layer::JoinColumns>(layer);
        const std::int64_t columns = splits ? (*shapes.front())[1] : ends ? 0 : inputs.front()->columns;
        const std::int64_t repeats = std::max<std::int64_t>(1, columns);
        if (sizeProduct({sizeProduct(inferred.shape), repeats}) > mostValues) {
            say(at, text("its output would be %1: more than 4 GB for one sample", written(inferred.shape)), text("make it narrower"));
            return;
        }
        m_parameters += inferred.parameters;
        outcome.shape = inferred.shape;
        outcome.parameterCount = inferred.parameters;
        outcome.multiplyAdds = sizeProduct({repeats, inferred.multiplyAdds});
        const auto any = [&](bool LayerValue::*flag) { return std::any_of(inputs.begin(), inputs.end(), [&](const LayerValue* v) { return v->*flag; }); };
        m_values[at] = LayerValue{.shape = std::move(inferred.shape),
                                  .stepsVary = outcome.shape.size() == 2 && inputs.front()->stepsVary,
                                  .written = any(&LayerValue::written),
                                  .columns = columns};
        outcome.layer = std::move(layer);
    }

    std::int64_t sizeParameter(const LayerKind& kind, const Parameters& parameters) const
    {
        const std::string size = textOf(kind.schema, parameters, "size");
        return size == "outputs" ? m_brief->outputs : size == "horizon" ? m_brief->horizon : sizeProduct({m_brief->horizon, m_brief->outputs});
    }

    const layer::Embedding* sharedEmbedding(std::size_t at, const LayerKind& kind) const
    {
        if (!findParameter(kind.schema, "embedding"))
            return nullptr;
        const auto found = m_places.find(textOf(kind.schema, m_layers[at].parameters, "embedding"));
        if (found == m_places.end() || found->second >= at || !m_result.layers[found->second].layer)
            return nullptr;
        return std::get_if<layer::Embedding>(&*m_result.layers[found->second].layer);
    }

    /// A layer that nobody reads would only take time, and have weights that never learn. An input may be left out: a bag of
    /// codes knows no dates.
    void checkReaders()
    {
        std::vector<bool> read(m_layers.size());
        for (const LayerOutcome& outcome : m_result.layers)
            for (const std::int32_t node : outcome.inputs)
                if (node >= 0)
                    read[static_cast<std::size_t>(node)] = true;
        for (std::size_t i = 0; i + 1 < m_layers.size(); ++i)
            if (!read[i])
                say(i, text("no layer reads it"), text("let a layer after it read it, or delete it"));
    }

    /// Tasks that ask a layer by its name.
    void checkNamesOfTask()
    {
        std::vector<std::string> wanted;
        if (m_brief->output == NetworkBrief::Output::identities)
            wanted = {"embedding"};
        else if (m_brief->output == NetworkBrief::Output::matches)
            wanted = {"picture", "text"};
        for (const std::string& name : wanted) {
            const auto found = m_places.find(name);
            const bool there = found != m_places.end()
                && (!m_result.layers[found->second].layer || std::holds_alternative<layer::UnitLength>(*m_result.layers[found->second].layer));
            if (!there)
                m_result.general.push_back({m_path, text("this task asks for a layer \"%1\" that gives a vector of length 1", name), text("name a \"Unit length\" so")});
        }
    }

    const LayerList& m_layers;
    const NetworkBrief* m_brief;
    const std::string m_path;
    std::unordered_map<std::string, std::size_t> m_places; // by name; of equal names the first
    std::vector<LayerValue> m_inputValues;
    std::vector<std::optional<LayerValue>> m_values;
    std::int64_t m_parameters = 0;
    CustomNetwork m_result;
};

}

Text nameProblem(std::string_view name)
{
    if (name.empty())
        return text("it has no name");
    if (name.size() > longestName)
        return text("this name is too long: at most %1 characters", longestName);
    if (name == previousLayer || inputNumbered(name))
        return text("\"%1\" means something else here", name);
    const bool dots = name.front() == '.' || name.back() == '.' || name.find("..") != std::string_view::npos;
    const bool plain = std::all_of(name.begin(), name.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '_' || c == '-';
    });
    return dots || !plain ? text("\"%1\" is no name for a layer", name) : Text{};
}

Problems CustomNetwork::problems() const
{
    Problems all;
    for (const LayerOutcome& outcome : layers)
        for (const LayerTrouble& trouble : outcome.troubles)
            all.push_back(trouble.problem);
    all.insert(all.end(), general.begin(), general.end());
    return all;
}

CustomNetwork workOut(const LayerList& layers, const NetworkBrief* brief, std::string_view path)
{
    return Worker{layers, brief, path}.work();
}

Problems layerProblems(const LayerList& layers, std::string_view path)
{
    return workOut(layers, nullptr, path).problems();
}

Result<NetworkSpec> buildCustom(const LayerList& layers, const NetworkBrief& brief, Initialization initialization)
{
    CustomNetwork network = workOut(layers, &brief, "architecture.layers");
    if (Problems problems = network.problems(); !problems.empty())
        return {std::nullopt, std::move(problems)};
    NetworkSpec spec{.inputs = brief.inputs, .initialization = initialization};
    std::vector<std::int32_t> positions; // in the network, of each layer of the list
    for (std::size_t i = 0; i < layers.size(); ++i) {
        LayerOutcome& outcome = network.layers[i];
        for (std::int32_t& node : outcome.inputs)
            node = node < 0 ? node : positions[static_cast<std::size_t>(node)];
        if (outcome.skipped) {
            positions.push_back(outcome.inputs.front());
            continue;
        }
        positions.push_back(static_cast<std::int32_t>(spec.layers.size()));
        spec.layers.push_back({layers[i].name, std::move(*outcome.layer), std::move(outcome.inputs), std::move(outcome.shape), outcome.parameterCount,
                               outcome.multiplyAdds});
    }
    return {std::move(spec), {}};
}

}
