// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/network/custom/layer_kind.h"

#include <utility>

namespace descent {

// What the kinds of layers are described with.

ParameterSchema wholeParameter(const char* name, const char* label, const char* help, std::int64_t defaultValue, std::int64_t minimum,
                               std::int64_t maximum);
ParameterSchema shareParameter(const char* name, const char* label, const char* help, double defaultValue); ///< from 0 to below 1
ParameterSchema flagParameter(const char* name, const char* label, const char* help, bool defaultValue);

inline constexpr std::int64_t widestLayer = 1'000'000;

/// How wide a layer's output is: a number `name`, or by `size` as many as the task asks for ("outputs", "horizon", "future").
Schema sizeParameters(const char* name, const char* label, const char* help, std::int64_t defaultValue);
std::int64_t sizeOf(const Schema& schema, const Parameters& parameters, const char* name, const NetworkBrief& brief);

Schema operator+(Schema left, const Schema& right);

/// A kind whose functions take the layer's own type.
template <typename L, typename Make, typename Describe>
LayerKind kindOf(LayerKind kind, Make make, Describe describe)
{
    kind.alternative = Layer{L{}}.index();
    kind.make = [schema = kind.schema, make](const Parameters& parameters, const LayerSite& site) -> Layer {
        return make(schema, parameters, site);
    };
    kind.parametersOf = [describe](const Layer& layer, const NetworkBrief& brief) -> Parameters {
        return describe(std::get<L>(layer), brief);
    };
    return kind;
}

/// A kind without parameters.
template <typename L>
LayerKind plainKind(LayerKind kind)
{
    return kindOf<L>(
        std::move(kind), [](const Schema&, const Parameters&, const LayerSite&) { return L{}; },
        [](const L&, const NetworkBrief&) { return Parameters{}; });
}

inline std::int64_t featuresOf(const LayerSite& site)
{
    const Shape& in = *site.inputs.front();
    return in.size() == 3 ? in.front() : in.back();
}

}
