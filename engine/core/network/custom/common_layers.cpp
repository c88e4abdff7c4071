// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/network/custom/layer_parameters.h"

#include <algorithm>
#include <array>

namespace descent {

namespace {

using Function = layer::Activation::Function;

struct NamedFunction {
    Function function;
    const char *id, *label, *help;
};
constexpr std::array<NamedFunction, 7> functions{{
    {Function::relu, "relu", "ReLU", "Zero below zero: quick, the usual choice."},
    {Function::gelu, "gelu", "GELU", "A smooth ReLU. arXiv:1606.08415"},
    {Function::silu, "silu", "SiLU", "A smooth ReLU that dips below zero. arXiv:1702.03118"},
    {Function::leakyRelu, "leaky-relu", "Leaky ReLU", "A ReLU that never dies."},
    {Function::relu6, "relu6", "ReLU6", "A ReLU that stops at 6, for small machines."},
    {Function::tanh, "tanh", "Tanh", "Smooth, between -1 and 1."},
    {Function::sigmoid, "sigmoid", "Sigmoid", "Between 0 and 1, as in the first networks."},
}};

LayerKind activation()
{
    ParameterSchema function{.name = "function",
                             .label = "Function",
                             .help = "The bend between two layers, without which all of them would be one.",
                             .type = ParameterType::choice,
                             .defaultValue = std::string{"relu"},
                             .common = true};
    for (const NamedFunction& one : functions)
        function.choices.push_back({one.id, one.label, one.help});
    return kindOf<layer::Activation>(
        {.id = "activation",
         .label = "Activation",
         .help = "Bends each number: without it, layers in a row would be one.",
         .group = "Activation",
         .stem = "act",
         .schema = {function}},
        [](const Schema& schema, const Parameters& p, const LayerSite&) {
            const std::string id = textOf(schema, p, "function");
            return layer::Activation{std::find_if(functions.begin(), functions.end(), [&](const auto& one) { return one.id == id; })->function};
        },
        [](const layer::Activation& l, const NetworkBrief&) {
            const auto found = std::find_if(functions.begin(), functions.end(), [&](const auto& one) { return one.function == l.function; });
            return Parameters{{"function", std::string{found->id}}};
        });
}

LayerKind dense()
{
    return kindOf<layer::Linear>(
        {.id = "dense",
         .label = "Dense",
         .help = "Every number of a row, or of each step, counts for every output.",
         .group = "Dense",
         .stem = "fc",
         .schema = sizeParameters("features", "Features", "Numbers that it gives.", 64)
             + Schema{flagParameter("bias", "Bias", "A number is added to each output. Not needed before a batch normalisation.", true)},
         .width = "features"},
        [](const Schema& schema, const Parameters& p, const LayerSite& site) {
            return layer::Linear{site.inputs.front()->back(), sizeOf(schema, p, "features", site.brief), booleanOf(schema, p, "bias")};
        },
        [](const layer::Linear& l, const NetworkBrief&) {
            return Parameters{{"size", std::string{"given"}}, {"features", l.outFeatures}, {"bias", l.bias}};
        });
}

LayerKind cosineDense()
{
    return kindOf<layer::CosineLinear>(
        {.id = "cosine-dense",
         .label = "Cosines",
         .help = "Of a vector of length 1: its cosine to each of so many directions that are learnt. Left out where a task has no outputs.",
         .group = "Dense",
         .stem = "identities",
         .schema = sizeParameters("features", "Directions", "That are learnt.", 64),
         .width = "features"},
        [](const Schema& schema, const Parameters& p, const LayerSite& site) {
            return layer::CosineLinear{featuresOf(site), sizeOf(schema, p, "features", site.brief)};
        },
        [](const layer::CosineLinear& l, const NetworkBrief&) {
            return Parameters{{"size", std::string{"given"}}, {"features", l.outFeatures}};
        });
}

LayerKind batchNorm()
{
    return kindOf<layer::BatchNorm>(
        {.id = "batch-norm",
         .label = "Batch normalisation",
         .help = "Keeps each channel's values centred over the batch. arXiv:1502.03167",
         .group = "Normalisation",
         .stem = "bn",
         .schema = {flagParameter("zeroWeight", "Silent start", "Fresh weights are 0: a residual branch that ends so starts silent. arXiv:1706.02677", false)}},
        [](const Schema& schema, const Parameters& p, const LayerSite& site) {
            return layer::BatchNorm{featuresOf(site), booleanOf(schema, p, "zeroWeight")};
        },
        [](const layer::BatchNorm& l, const NetworkBrief&) { return Parameters{{"zeroWeight", l.zeroWeight}}; });
}

LayerKind layerNorm()
{
    return kindOf<layer::LayerNorm>(
        {.id = "layer-norm",
         .label = "Layer normalisation",
         .help = "Keeps the features of each place centred, whatever the batch. arXiv:1607.06450",
         .group = "Normalisation",
         .stem = "norm"},
        [](const Schema&, const Parameters&, const LayerSite& site) { return layer::LayerNorm{featuresOf(site)}; },
        [](const layer::LayerNorm&, const NetworkBrief&) { return Parameters{}; });
}

LayerKind layerScale()
{
    ParameterSchema initial{.name = "initial",
                            .label = "Begins at",
                            .help = "The factor before anything is learnt: small, and a branch starts silent.",
                            .type = ParameterType::real,
                            .defaultValue = 1e-6,
                            .minimum = -1000,
                            .maximum = 1000,
                            .logarithmic = true,
                            .common = true};
    return kindOf<layer::LayerScale>(
        {.id = "layer-scale",
         .label = "Layer scale",
         .help = "A factor a channel that is learnt. arXiv:2103.17239",
         .group = "Normalisation",
         .stem = "scale",
         .schema = {initial}},
        [](const Schema& schema, const Parameters& p, const LayerSite& site) {
            return layer::LayerScale{featuresOf(site), realOf(schema, p, "initial")};
        },
        [](const layer::LayerScale& l, const NetworkBrief&) { return Parameters{{"initial", l.initial}}; });
}

LayerKind dropout()
{
    return kindOf<layer::Dropout>(
        {.id = "dropout",
         .label = "Dropout",
         .help = "Leaves numbers out at random while learning, against learning by heart. arXiv:1207.0580",
         .group = "Normalisation",
         .stem = "dropout",
         .schema = {shareParameter("probability", "Share", "Of the numbers that are left out.", 0.5)}},
        [](const Schema& schema, const Parameters& p, const LayerSite&) { return layer::Dropout{realOf(schema, p, "probability")}; },
        [](const layer::Dropout& l, const NetworkBrief&) { return Parameters{{"probability", l.probability}}; });
}

}

std::vector<LayerKind> commonLayers()
{
    return {
        dense(),
        activation(),
        batchNorm(),
        layerNorm(),
        layerScale(),
        dropout(),
        cosineDense(),
        plainKind<layer::Flatten>({.id = "flatten",
                                   .label = "Flatten",
                                   .help = "All numbers of a sample in one row, as a dense layer wants them.",
                                   .group = "Shape",
                                   .stem = "flatten"}),
        plainKind<layer::UnitLength>({.id = "unit-length",
                                      .label = "Unit length",
                                      .help = "A vector divided by its length: only its direction counts.",
                                      .group = "Normalisation",
                                      .stem = "unit"}),
    };
}

}
