// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/network/architecture.h"
#include "engine/core/network/network_builder.h"
#include "engine/core/network/residual_blocks.h"

#include <algorithm>

namespace descent {

// A trunk for the picture and one for each thing beside it, all of which end with vectors of one width. To predict, the
// vectors are joined; to match, they are brought to length 1 and kept apart.

namespace {

using Node = NetworkBuilder::Node;
using Kind = NetworkInput::Kind;

bool fitsTwo(const NetworkBrief& brief)
{
    using enum NetworkBrief::Output;
    if (brief.output == matches)
        return brief.reads({Kind::picture, Kind::tokens});
    return brief.output == numbers
        && (brief.reads({Kind::picture, Kind::row}) || brief.reads({Kind::picture, Kind::tokens})
            || brief.reads({Kind::picture, Kind::row, Kind::tokens}));
}

Node pictureTrunk(NetworkBuilder& net, std::int64_t width, std::int64_t features, Node from)
{
    smallResidualTrunk(net, "picture_trunk.", width, 1, from);
    net.flatten("picture_trunk.flatten"); // not pooled: where something is may be asked
    return net.linear("picture_trunk.fc", features);
}

Node rowTrunk(NetworkBuilder& net, std::int64_t features, Node from)
{
    net.linear("row_trunk.fc1", features, true, from);
    net.activation("row_trunk.relu");
    return net.linear("row_trunk.fc2", features);
}

Node textTrunk(NetworkBuilder& net, const std::string& reading, std::int64_t features, std::int64_t vocabulary, Node from)
{
    const std::int64_t width = std::max<std::int64_t>(8, features / 2);
    net.embedding("text_trunk.words", vocabulary, width, from);
    if (reading == "gru")
        net.recurrent("text_trunk.gru", {.cell = layer::Recurrent::Cell::gru, .hidden = width});
    net.sequencePool("text_trunk.pool");
    return net.linear("text_trunk.fc", features);
}

}

Architecture twoTrunks()
{
    const Schema schema{
        {.name = "width",
         .label = "Width",
         .help = "Channels of the picture trunk's first stage; each next stage doubles them.",
         .type = ParameterType::integer,
         .defaultValue = std::int64_t{16},
         .minimum = 4,
         .maximum = 256,
         .logarithmic = true,
         .common = true},
        {.name = "features",
         .label = "Features",
         .help = "Numbers with which each trunk ends.",
         .type = ParameterType::integer,
         .defaultValue = std::int64_t{128},
         .minimum = 8,
         .maximum = 2048,
         .logarithmic = true,
         .common = true},
        {.name = "reading",
         .label = "Reading",
         .help = "How a sentence is read.",
         .type = ParameterType::choice,
         .defaultValue = std::string{"gru"},
         .common = true,
         .choices = {{"gru", "GRU", "Word after word. arXiv:1406.1078"},
                     {"words", "Words alone", "The mean of its words, whatever their order."}}},
        {.name = "joint",
         .label = "Joined by",
         .help = "How the trunks meet to predict.",
         .type = ParameterType::choice,
         .defaultValue = std::string{"product"},
         .choices = {{"product", "Product", "Place by place, beside both: each decides what of the other counts. arXiv:1505.00468"},
                     {"side-by-side", "Side by side", "One after the other."}}},
        {.name = "dropout",
         .label = "Dropout",
         .help = "Share of features left out at random before the last layer. arXiv:1207.0580",
         .type = ParameterType::real,
         .defaultValue = 0.0,
         .minimum = 0,
         .maximum = 1,
         .belowMaximum = true},
    };
    return {.id = "two-trunks",
            .label = "Two trunks",
            .help = "One network for the picture, one for what stands beside it, joined at their ends.",
            .fits = fitsTwo,
            .schema = schema,
            .build = [schema](const Parameters& parameters, const NetworkBrief& brief) {
                const std::int64_t features = integerOf(schema, parameters, "features");
                const std::string reading = textOf(schema, parameters, "reading");
                NetworkBuilder net{brief.inputs, Initialization::kaimingFanOut};
                std::vector<Node> ends{pictureTrunk(net, integerOf(schema, parameters, "width"), features, NetworkBuilder::input(0))};
                for (std::size_t i = 1; i < brief.inputs.size(); ++i)
                    ends.push_back(brief.inputs[i].kind == Kind::row
                                       ? rowTrunk(net, features, NetworkBuilder::input(i))
                                       : textTrunk(net, reading, features, brief.inputs[i].vocabulary, NetworkBuilder::input(i)));
                if (brief.output == NetworkBrief::Output::matches) {
                    const Node picture = net.unitLength("picture", ends[0]);
                    const Node text = net.unitLength("text", ends[1]);
                    net.stack("both", {picture, text});
                    return std::move(net).build();
                }
                if (textOf(schema, parameters, "joint") == "product") {
                    const std::vector<Node> trunks = ends;
                    for (std::size_t i = 1; i < trunks.size(); ++i)
                        ends.push_back(net.multiply("joint.product" + std::to_string(i), trunks[0], trunks[i]));
                }
                net.concat("joint.all", ends);
                net.linear("joint.fc1", 2 * features);
                net.activation("joint.relu1");
                net.linear("joint.fc2", features);
                net.activation("joint.relu2");
                if (const double dropout = realOf(schema, parameters, "dropout"); dropout > 0)
                    net.dropout("joint.dropout", dropout);
                net.linear("head", brief.outputs);
                return std::move(net).build();
            }};
}

}
