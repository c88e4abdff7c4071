// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/network/record_inputs.h"

namespace descent {

bool fitsRecords(const NetworkBrief& brief)
{
    using enum NetworkInput::Kind;
    return brief.output == NetworkBrief::Output::numbers && brief.reads({tokens, series}) && brief.inputs[0].padded
        && brief.inputs[0].shape.front() == brief.inputs[1].shape.front();
}

void appendEventEmbedding(NetworkBuilder& net, const NetworkBrief& brief, std::int64_t width)
{
    const NetworkBuilder::Node code = net.embedding("codes", brief.inputs[0].vocabulary, width, NetworkBuilder::input(0));
    net.linear("numbers1", width, true, NetworkBuilder::input(1));
    net.activation("gelu", layer::Activation::Function::gelu);
    const NetworkBuilder::Node numbers = net.linear("numbers2", width);
    net.add("event", code, numbers);
}

}
