// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/network/custom/layer_parameters.h"

namespace descent {

namespace {

constexpr std::int64_t largestWindow = 1024;

ParameterSchema kernelParameter(std::int64_t defaultValue)
{
    return wholeParameter("kernel", "Kernel", "Side of the window that slides over the picture.", defaultValue, 1, largestWindow);
}

ParameterSchema strideParameter(std::int64_t defaultValue)
{
    return wholeParameter("stride", "Stride", "Places from one window to the next: 2 halves the picture.", defaultValue, 1, largestWindow);
}

ParameterSchema paddingParameter()
{
    return wholeParameter("padding", "Padding", "Zeros around the picture: half of an odd kernel keeps its size.", 0, 0, largestWindow);
}

LayerKind conv2d()
{
    LayerKind kind{.id = "conv2d",
                   .label = "Convolution 2D",
                   .help = "Looks for the same patterns everywhere in a picture.",
                   .group = "Convolution",
                   .stem = "conv",
                   .width = "channels"};
    ParameterSchema startValue{.name = "startValue",
                               .label = "Begins at",
                               .help = "What the output is near to before anything is learnt.",
                               .type = ParameterType::real,
                               .defaultValue = 0.0,
                               .minimum = -1000,
                               .maximum = 1000,
                               .appliesWhen = {"startsNear", {true}}};
    ParameterSchema startsNear = flagParameter("startsNear", "Fixed start", "Fresh weights are small and the output begins near one value. arXiv:1708.02002", false);
    startsNear.common = false;
    kind.schema = sizeParameters("channels", "Channels", "Patterns that are looked for.", 32)
        + Schema{kernelParameter(3), strideParameter(1), paddingParameter(),
                 wholeParameter("groups", "Groups", "Channels are split into so many parts that do not see each other; as many as channels: depthwise.", 1, 1,
                                widestLayer),
                 flagParameter("bias", "Bias", "A number is added to each channel. Not needed before a batch normalisation.", true),
                 startsNear, startValue};
    return kindOf<layer::Conv2d>(
        std::move(kind),
        [](const Schema& schema, const Parameters& p, const LayerSite& site) {
            layer::Conv2d conv{.inChannels = featuresOf(site),
                               .outChannels = sizeOf(schema, p, "channels", site.brief),
                               .kernel = integerOf(schema, p, "kernel"),
                               .stride = integerOf(schema, p, "stride"),
                               .padding = integerOf(schema, p, "padding"),
                               .groups = integerOf(schema, p, "groups"),
                               .bias = booleanOf(schema, p, "bias")};
            if (booleanOf(schema, p, "startsNear"))
                conv.startsAt = realOf(schema, p, "startValue");
            return conv;
        },
        [](const layer::Conv2d& l, const NetworkBrief&) {
            return Parameters{{"size", std::string{"given"}}, {"channels", l.outChannels}, {"kernel", l.kernel},
                              {"stride", l.stride},           {"padding", l.padding},      {"groups", l.groups},
                              {"bias", l.bias},               {"startsNear", l.startsAt.has_value()}, {"startValue", l.startsAt.value_or(0)}};
        });
}

LayerKind patchWhitening()
{
    return kindOf<layer::PatchWhitening>(
        {.id = "patch-whitening",
         .label = "Patch whitening",
         .help = "The directions in which patches of the training pictures differ, worked out before training: a first layer that need not learn. "
                 "arXiv:2404.00498",
         .group = "Convolution",
         .stem = "whiten",
         .schema = {wholeParameter("kernel", "Kernel", "Height and width of a patch; the layer gives twice as many channels as a patch has values.", 2, 1, 5)}},
        [](const Schema& schema, const Parameters& p, const LayerSite& site) {
            return layer::PatchWhitening{.inChannels = featuresOf(site), .kernel = integerOf(schema, p, "kernel")};
        },
        [](const layer::PatchWhitening& l, const NetworkBrief&) { return Parameters{{"kernel", l.kernel}}; });
}

template <typename Pool>
LayerKind pooling(const char* id, const char* label, const char* help)
{
    LayerKind kind{.id = id, .label = label, .help = help, .group = "Pooling", .stem = "pool"};
    kind.schema = {kernelParameter(2), strideParameter(2), paddingParameter()};
    return kindOf<Pool>(
        std::move(kind),
        [](const Schema& schema, const Parameters& p, const LayerSite&) {
            return Pool{.kernel = integerOf(schema, p, "kernel"), .stride = integerOf(schema, p, "stride"), .padding = integerOf(schema, p, "padding")};
        },
        [](const Pool& l, const NetworkBrief&) { return Parameters{{"kernel", l.kernel}, {"stride", l.stride}, {"padding", l.padding}}; });
}

LayerKind adaptivePool()
{
    LayerKind kind{.id = "adaptive-pool",
                   .label = "Adaptive pooling",
                   .help = "The mean of each part of a picture cut into so many parts; 1 by 1: the mean of each channel.",
                   .group = "Pooling",
                   .stem = "avgpool"};
    kind.schema = {wholeParameter("height", "Height", "Places from top to bottom.", 1, 1, largestWindow),
                   wholeParameter("width", "Width", "Places from left to right.", 1, 1, largestWindow)};
    return kindOf<layer::AdaptiveAvgPool2d>(
        std::move(kind),
        [](const Schema& schema, const Parameters& p, const LayerSite&) {
            return layer::AdaptiveAvgPool2d{integerOf(schema, p, "height"), integerOf(schema, p, "width")};
        },
        [](const layer::AdaptiveAvgPool2d& l, const NetworkBrief&) { return Parameters{{"height", l.height}, {"width", l.width}}; });
}

}

std::vector<LayerKind> pictureLayers()
{
    return {
        conv2d(),
        patchWhitening(),
        pooling<layer::MaxPool2d>("max-pool", "Max pooling", "The largest value of each window: halves a picture and keeps what stands out."),
        pooling<layer::AvgPool2d>("avg-pool", "Average pooling", "The mean of each window: halves a picture and smooths it."),
        adaptivePool(),
        plainKind<layer::UpsampleTo>({.id = "upsample",
                                      .label = "Upsample to",
                                      .help = "The first input brought to the height and width of the second by repeating places.",
                                      .group = "Shape",
                                      .stem = "upsample",
                                      .leastInputs = 2,
                                      .mostInputs = 2}),
        plainKind<layer::Tokens>({.id = "tokens",
                                  .label = "Places as tokens",
                                  .help = "A picture as a sequence of its places, row after row, as attention wants it.",
                                  .group = "Shape",
                                  .stem = "tokens"}),
    };
}

}
