// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/network/custom/layer_checks.h"

#include "engine/core/network/layer_inference.h"

#include <algorithm>
#include <numeric>

namespace descent {

namespace {

using Trouble = std::optional<LayerTrouble>;

Trouble trouble(Text message, Text hint, LayerFix fix = {}, const char* parameter = "")
{
    return LayerTrouble{{parameter, std::move(message), std::move(hint)}, std::move(fix)};
}

/// Largest divisor of `number` that is not above `wanted`.
std::int64_t divisorNear(std::int64_t number, std::int64_t wanted)
{
    std::int64_t divisor = std::clamp<std::int64_t>(wanted, 1, std::max<std::int64_t>(1, number));
    while (number % divisor != 0)
        --divisor;
    return divisor;
}

/// One check a kind of layer; what is common to all was checked before.
struct Check {
    const std::vector<const LayerValue*>& inputs;
    const Shape& in = inputs.front()->shape;
    const Shape& second = inputs[inputs.size() > 1 ? 1 : 0]->shape;

    Trouble wantsPicture() const
    {
        if (in.size() == 3)
            return {};
        return trouble(text("its input is %1: it reads pictures of channels, height and width", written(in)),
                       in.size() == 2 ? text("steps of features are read by Convolution 1D, recurrent layers or attention")
                                      : text("put it before the picture is flattened"));
    }
    Trouble wantsSteps() const
    {
        if (in.size() == 2)
            return {};
        if (in.size() == 3)
            return trouble(text("its input is %1: it reads steps of features", written(in)),
                           text("\"Places as tokens\" before it makes steps of a picture"), {.insertBefore = "tokens"});
        return trouble(text("its input is %1: it reads steps of features", written(in)), text("let it read a layer that still has steps"));
    }
    Trouble wantsRow() const
    {
        if (in.size() == 1)
            return {};
        const bool varies = inputs.front()->stepsVary;
        return trouble(text("its input is %1: it reads one row of numbers", written(in)),
                       varies ? text("\"Pool steps\" before it makes one row of many steps") : text("\"Flatten\" before it makes one row"),
                       {.insertBefore = varies ? "sequence-pool" : "flatten"});
    }
    /// Sizes along the steps are weights of this layer, or mixed by it.
    Trouble wantsFixedSteps() const
    {
        if (!inputs.front()->stepsVary || in.size() != 2)
            return {};
        return trouble(text("its input has a length of its own for each sample"), text("\"Pool steps\" before it makes one row of many steps"),
                       {.insertBefore = "sequence-pool"});
    }
    Trouble wantsEqual() const
    {
        for (const LayerValue* other : inputs) {
            if (other->shape == in)
                continue;
            Text hint = text("let both end with the same shape");
            if (in.size() == 3 && other->shape.size() == 3) {
                if (std::equal(in.begin() + 1, in.end(), other->shape.begin() + 1))
                    hint = text("a convolution with kernel 1 and %1 channels on the shortcut makes them equal", in[0]);
                else
                    hint = text("a convolution with kernel 1, %1 channels and the stride of the branch on the shortcut makes them equal", in[0]);
            } else if (in.size() == other->shape.size() && in.front() == other->shape.front()) {
                hint = text("a dense layer with %1 features makes them equal", in.back());
            }
            return trouble(text("its inputs differ: %1 and %2", written(in), written(other->shape)), std::move(hint));
        }
        return {};
    }
    Trouble windowFits(std::int64_t kernel, std::int64_t padding) const
    {
        const std::int64_t side = std::min(in[1], in[2]);
        if (side + 2 * padding >= kernel)
            return {};
        const std::int64_t needed = (kernel - side + 1) / 2;
        return trouble(text("its input is %1: a kernel of %2 does not fit", written(in), kernel),
                       text("padding %1 would do, or a kernel of at most %2", needed, side + 2 * padding), {.set = {{"padding", needed}}}, ".kernel");
    }
    Trouble pools(std::int64_t kernel, std::int64_t padding) const
    {
        if (Trouble wrong = wantsPicture())
            return wrong;
        if (padding > kernel / 2)
            return trouble(text("a padding of %1 is more than half the kernel", padding), text("at most %1", kernel / 2), {.set = {{"padding", kernel / 2}}}, ".padding");
        // Padding may be half the kernel at most, so that a window which is too large stays so.
        const std::int64_t side = std::min(in[1], in[2]);
        if (side + 2 * padding < kernel)
            return trouble(text("its input is %1: a kernel of %2 does not fit", written(in), kernel),
                           text("a kernel of at most %1 does", side + 2 * padding), {.set = {{"kernel", std::max<std::int64_t>(side, 2 * padding)}}}, ".kernel");
        return {};
    }
    Trouble headsShareOut(std::int64_t width, std::int64_t heads) const
    {
        if (width % heads == 0)
            return {};
        const std::int64_t fitting = divisorNear(width, heads);
        return trouble(text("%1 features cannot be shared out evenly to %2 heads", width, heads), text("%1 heads can", fitting), {.set = {{"heads", fitting}}}, ".heads");
    }

    Trouble operator()(const layer::Conv2d& l) const
    {
        if (Trouble wrong = wantsPicture())
            return wrong;
        if (l.inChannels % l.groups != 0 || l.outChannels % l.groups != 0) {
            const std::int64_t fitting = divisorNear(std::gcd(l.inChannels, l.outChannels), l.groups);
            return trouble(text("%1 channels in and %2 out cannot be shared out to %3 groups", l.inChannels, l.outChannels, l.groups),
                           text("%1 groups can", fitting), {.set = {{"groups", fitting}}}, ".groups");
        }
        return windowFits(l.kernel, l.padding);
    }
    Trouble operator()(const layer::PatchWhitening& l) const { return either(wantsPicture(), windowFits(l.kernel, 0)); }
    Trouble operator()(const layer::Linear&) const { return in.size() <= 2 ? Trouble{} : wantsRow(); }
    Trouble operator()(const layer::BatchNorm&) const
    {
        if (in.size() != 2)
            return {};
        return trouble(text("its input is %1: it reads pictures or rows", written(in)), text("layer normalisation reads steps"));
    }
    Trouble operator()(const layer::Activation&) const { return {}; }
    Trouble operator()(const layer::MaxPool2d& l) const { return pools(l.kernel, l.padding); }
    Trouble operator()(const layer::AvgPool2d& l) const { return pools(l.kernel, l.padding); }
    Trouble operator()(const layer::AdaptiveAvgPool2d&) const { return wantsPicture(); }
    Trouble operator()(const layer::UpsampleTo&) const
    {
        if (Trouble wrong = wantsPicture())
            return wrong;
        return second.size() == 3 ? Trouble{} : trouble(text("its second input is %1: it has no height and width", written(second)), text("let it be a picture"));
    }
    Trouble operator()(const layer::Flatten&) const { return wantsFixedSteps(); }
    Trouble operator()(const layer::Dropout&) const { return {}; }
    Trouble operator()(const layer::Add&) const { return wantsEqual(); }
    Trouble operator()(const layer::LayerNorm&) const { return {}; }
    Trouble operator()(const layer::LayerScale&) const { return {}; }
    Trouble operator()(const layer::Tokens&) const { return wantsPicture(); }
    Trouble operator()(const layer::FeatureTokens&) const { return wantsRow(); }
    Trouble operator()(const layer::ClassToken&) const { return either(wantsSteps(), wantsFixedSteps()); }
    Trouble operator()(const layer::Embedding&) const { return {}; }
    Trouble operator()(const layer::PositionEmbedding&) const { return wantsSteps(); }
    Trouble operator()(const layer::SelfAttention& l) const { return either(wantsSteps(), headsShareOut(l.width, l.heads)); }
    Trouble operator()(const layer::Recurrent& l) const
    {
        if (Trouble wrong = wantsSteps())
            return wrong;
        if (inputs.size() == 1)
            return {};
        if (l.bidirectional)
            return trouble(text("it cannot read both ways and begin from its second input"), text("switch \"Both ways\" off"), {.set = {{"bidirectional", false}}},
                           ".bidirectional");
        if (second != Shape{l.hidden})
            return trouble(text("its second input is %1: it begins from a row of %2 numbers", written(second), l.hidden),
                           text("a dense layer with %1 features gives them", l.hidden));
        return {};
    }
    Trouble operator()(const layer::Conv1d&) const { return wantsSteps(); }
    Trouble operator()(const layer::SequencePool&) const { return wantsSteps(); }
    Trouble operator()(const layer::Concat&) const
    {
        for (const LayerValue* other : inputs) {
            Shape widened = other->shape;
            if (widened.size() == in.size())
                widened[featuresAt(in)] = in[featuresAt(in)];
            if (widened != in)
                return trouble(text("its inputs differ in more than their features: %1 and %2", written(in), written(other->shape)),
                               text("let both have the same places"));
        }
        return {};
    }
    Trouble operator()(const layer::FirstFeatures& l) const
    {
        if (Trouble wrong = wantsSteps())
            return wrong;
        if (l.count >= 1 && l.count <= in[1])
            return {};
        return trouble(text("its input is %1: there are no %2 columns", written(in), l.count), text("write at most %1", in[1]), {.set = {{"count", in[1]}}}, ".count");
    }
    Trouble operator()(const layer::Transpose&) const { return either(wantsSteps(), wantsFixedSteps()); }
    Trouble operator()(const layer::Unflatten& l) const
    {
        if (Trouble wrong = wantsRow())
            return wrong;
        if (l.steps >= 1 && l.features >= 1 && sizeProduct({l.steps, l.features}) == in[0])
            return {};
        return trouble(text("its input is %1: that is not %2 steps of %3 columns", written(in), l.steps, l.features),
                       text("a dense layer of the size \"Steps × columns to forecast\" before it gives them"));
    }
    Trouble operator()(const layer::MovingAverage&) const { return either(wantsSteps(), wantsFixedSteps()); }
    Trouble operator()(const layer::Subtract&) const { return wantsEqual(); }
    Trouble operator()(const layer::WindowNorm& l) const
    {
        if (Trouble wrong = either(wantsSteps(), wantsFixedSteps()))
            return wrong;
        if (l.features >= 1 && l.features <= in[1])
            return {};
        return trouble(text("its input is %1: there are no %2 columns", written(in), l.features), text("write at most %1", in[1]), {.set = {{"features", in[1]}}},
                       ".features");
    }
    Trouble operator()(const layer::WindowRestore&) const
    {
        if (Trouble wrong = wantsSteps())
            return wrong;
        if (second.size() == 2 && second[1] >= in[1] && !inputs[1]->stepsVary)
            return {};
        return trouble(text("its second input is %1: there is no level for each of %2 columns", written(second), in[1]),
                       text("let it be the window before it was normalised"));
    }
    Trouble operator()(const layer::Patches& l) const
    {
        if (Trouble wrong = either(wantsSteps(), wantsFixedSteps()))
            return wrong;
        if (inputs.front()->columns > 0)
            return trouble(text("the columns are taken apart already"), text("\"Join columns\" before it brings them together"), {.insertBefore = "join-columns"});
        if (l.length > in[0])
            return trouble(text("a patch of %1 steps is longer than the window of %2", l.length, in[0]), text("at most %1", in[0]), {.set = {{"length", in[0]}}}, ".length");
        return {};
    }
    Trouble operator()(const layer::JoinColumns&) const
    {
        if (inputs.front()->columns == 0)
            return trouble(text("no columns were taken apart before it"), text("it ends what \"Patches of columns\" began"));
        return wantsRow();
    }
    Trouble operator()(const layer::CrossAttention& l) const
    {
        if (Trouble wrong = wantsSteps())
            return wrong;
        if (second.size() != 2 || second[1] != l.width)
            return trouble(text("its second input is %1: it looks for steps of %2 features", written(second), l.width),
                           text("a dense layer with %1 features on the second input gives them", l.width));
        return headsShareOut(l.width, l.heads);
    }
    Trouble operator()(const layer::TiedLinear& l) const
    {
        if (l.vocabulary == 0)
            return trouble(text("there is no embedding \"%1\" before it", l.embedding), text("name one"), {}, ".embedding");
        return wantsSteps();
    }
    Trouble operator()(const layer::Multiply&) const { return wantsEqual(); }
    Trouble operator()(const layer::UnitLength&) const { return wantsRow(); }
    Trouble operator()(const layer::CosineLinear&) const { return wantsRow(); }
    Trouble operator()(const layer::Stack&) const { return either(wantsRow(), wantsEqual()); }

    static Trouble either(Trouble first, Trouble then) { return first ? std::move(first) : std::move(then); }
};

/// Layers that take each step for itself, whatever else they read.
bool takesStepsAlone(const Layer& any)
{
    using namespace layer;
    return std::holds_alternative<Linear>(any) || std::holds_alternative<LayerNorm>(any) || std::holds_alternative<LayerScale>(any)
        || std::holds_alternative<Activation>(any) || std::holds_alternative<Dropout>(any) || std::holds_alternative<Add>(any)
        || std::holds_alternative<Concat>(any) || std::holds_alternative<Multiply>(any) || std::holds_alternative<Subtract>(any)
        || std::holds_alternative<Embedding>(any) || std::holds_alternative<TiedLinear>(any) || std::holds_alternative<PositionEmbedding>(any);
}

/// A network that writes must not see what it is to write.
Trouble looksAhead(const Layer& layer, const std::vector<const LayerValue*>& inputs, bool writesBesideReading)
{
    if (std::none_of(inputs.begin(), inputs.end(), [](const LayerValue* value) { return value->written; }) || takesStepsAlone(layer))
        return {};
    if (const auto* attention = std::get_if<layer::SelfAttention>(&layer))
        return attention->causal ? Trouble{}
                                 : trouble(text("a word would see those that come after it"), text("switch \"Only back\" on"), {.set = {{"causal", true}}}, ".causal");
    if (const auto* recurrent = std::get_if<layer::Recurrent>(&layer); recurrent && (inputs.size() == 1 || !inputs[1]->written))
        return recurrent->bidirectional ? trouble(text("a word would see those that come after it"), text("switch \"Both ways\" off"),
                                                  {.set = {{"bidirectional", false}}}, ".bidirectional")
                                        : Trouble{};
    if (const auto* conv = std::get_if<layer::Conv1d>(&layer); conv && !writesBesideReading)
        return conv->causal ? Trouble{}
                            : trouble(text("a word would see those that come after it"), text("switch \"Only back\" on"), {.set = {{"causal", true}}}, ".causal");
    if (std::holds_alternative<layer::CrossAttention>(layer) && !inputs[1]->written)
        return {};
    return trouble(text("what is being written cannot pass through it"),
                   text("between its first word and its scores are causal attention, recurrent layers and those that take each word for itself"));
}

}

std::string written(const Shape& shape)
{
    return fmt::format("[{}]", fmt::join(shape, ", "));
}

std::optional<LayerTrouble> misfit(const Layer& layer, const std::vector<const LayerValue*>& inputs, bool writesBesideReading)
{
    const bool embeds = std::holds_alternative<layer::Embedding>(layer);
    for (const LayerValue* value : inputs) {
        if (value->tokens && !embeds)
            return trouble(text("its input is words, not numbers"), text("\"Embedding\" before it makes numbers of words"), {.insertBefore = "embedding"});
        if (!value->tokens && embeds)
            return trouble(text("its input is numbers, not words"), text("let it read an input of the network that is tokens"));
        if (value->columns != inputs.front()->columns && !std::holds_alternative<layer::WindowRestore>(layer))
            return trouble(text("one of its inputs is read column by column, the other is not"), text("\"Join columns\" before it brings them together"));
    }
    if (std::holds_alternative<layer::WindowRestore>(layer) && (inputs[0]->columns > 0 || inputs[1]->columns > 0))
        return trouble(text("its input is read column by column"), text("\"Join columns\" before it brings them together"), {.insertBefore = "join-columns"});
    if (Trouble wrong = std::visit(Check{inputs}, layer))
        return wrong;
    return looksAhead(layer, inputs, writesBesideReading);
}

std::optional<LayerTrouble> outputMisfit(const LayerValue& value, const Layer& layer, const NetworkBrief& brief)
{
    const Shape& out = value.shape;
    const auto wanted = [&](const Shape& shape, Text hint) {
        return out == shape ? Trouble{} : trouble(text("the last layer gives %1, the task wants %2", written(out), written(shape)), std::move(hint));
    };
    if (value.columns > 0)
        return trouble(text("the last layer gives single columns"), text("\"Join columns\" behind it brings them together"));
    switch (brief.output) {
    case NetworkBrief::Output::numbers:
        return wanted({brief.outputs}, text("end with a dense layer of the size \"Outputs of the task\""));
    case NetworkBrief::Output::nextTokens:
        return wanted({brief.inputs.back().shape.front(), brief.outputs}, text("end with a dense layer of the size \"Outputs of the task\" on the words that are written"));
    case NetworkBrief::Output::future:
        return wanted({brief.horizon, brief.outputs},
                      text("end with a dense layer of the size \"Steps × columns to forecast\", then \"Unflatten\""));
    case NetworkBrief::Output::boxes: {
        const Shape& picture = brief.inputShape();
        const bool isMap = out.size() == 3 && out[0] == brief.outputs + 4 && out[1] <= picture[1] && out[2] <= picture[2]
            && picture[1] / out[1] == picture[2] / out[2];
        return isMap ? Trouble{}
                     : trouble(text("the last layer gives %1, the task wants a map of %2 channels, as often smaller than the picture in height as in width", written(out),
                                    brief.outputs + 4),
                               text("open the architecture \"Detector\" and change that"));
    }
    case NetworkBrief::Output::identities:
        if (brief.outputs > 0)
            return wanted({brief.outputs}, text("end with \"Unit length\", named \"embedding\", and \"Cosines\" of the size \"Outputs of the task\""));
        return out.size() == 1 ? Trouble{} : trouble(text("the last layer gives %1, the task wants one vector", written(out)), text("end with \"Unit length\""));
    case NetworkBrief::Output::matches:
        return std::holds_alternative<layer::Stack>(layer) && out.size() == 2 && out.front() == 2
            ? Trouble{}
            : trouble(text("the last layer gives %1, the task wants the vectors of both inputs below each other", written(out)),
                      text("end with \"Stack\" of two \"Unit length\" named \"picture\" and \"text\""));
    }
    return {};
}

}
