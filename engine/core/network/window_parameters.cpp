// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/network/window_parameters.h"

namespace descent {

ParameterSchema windowNormParameter(bool defaultValue)
{
    return {.name = "windowNorm",
            .label = "Normalise each window",
            .help = "Takes level and spread out of every window and gives them back to its forecast: for series whose level moves.",
            .type = ParameterType::boolean,
            .defaultValue = defaultValue,
            .common = true};
}

NetworkBuilder::Node beginWindow(NetworkBuilder& net, const NetworkBrief& brief, bool normalised)
{
    return normalised ? net.windowNorm("window_norm", brief.outputs, NetworkBuilder::input()) : NetworkBuilder::input();
}

void endWindow(NetworkBuilder& net, NetworkBuilder::Node window)
{
    if (window != NetworkBuilder::input())
        net.windowRestore("window_restore", net.position(), NetworkBuilder::input());
}

void appendFutureHead(NetworkBuilder& net, const NetworkBrief& brief)
{
    net.linear("head", brief.horizon * brief.outputs);
    net.unflatten("future", brief.horizon, brief.outputs);
}

bool fitsFuture(const NetworkBrief& brief)
{
    return brief.output == NetworkBrief::Output::future && brief.reads({NetworkInput::Kind::series});
}

}
