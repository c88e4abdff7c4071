// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/network/text_parameters.h"
#include "engine/core/network/whole_numbers.h"

namespace descent {

/// Of the paper the variant whose embeddings are learnt from scratch. Windows reach over the ends, so no text is too short.
Architecture textCnn()
{
    const Schema schema{
        embeddingWidth(128),
        {.name = "windows",
         .label = "Windows",
         .help = "How many words in a row each kind of filter sees.",
         .type = ParameterType::text,
         .defaultValue = std::string{"3, 4, 5"},
         .common = true},
        {.name = "filters",
         .label = "Filters",
         .help = "Filters for each size of window; the strongest match in the text counts.",
         .type = ParameterType::integer,
         .defaultValue = std::int64_t{100},
         .minimum = 1,
         .maximum = 4096,
         .logarithmic = true,
         .common = true},
        wordDropout(0.3),
        outputDropout(0.5),
    };
    return {.id = "text-cnn",
            .label = "TextCNN",
            .help = "Filters over a few words in a row, the strongest match of each in the whole text. arXiv:1408.5882",
            .fits = fitsTextClasses,
            .schema = schema,
            .build = [schema](const Parameters& parameters, const NetworkBrief& brief) -> Result<NetworkSpec> {
                constexpr std::int64_t widestWindow = 64;
                const auto windows = wholeNumbers(textOf(schema, parameters, "windows"), 1, widestWindow, 16);
                if (!windows || windows->empty())
                    return {std::nullopt,
                            {{"architecture.windows", text("\"%1\" is no list of window sizes", textOf(schema, parameters, "windows")),
                              text("write whole numbers from 1 to %1, such as 3, 4, 5", widestWindow)}}};
                NetworkBuilder net{brief.inputs, Initialization::transformer};
                appendEmbedding(net, schema, parameters, brief);
                const NetworkBuilder::Node words = net.position();
                std::vector<NetworkBuilder::Node> matches;
                for (std::size_t i = 0; i < windows->size(); ++i) {
                    const std::string prefix = "window" + std::to_string(i + 1) + ".";
                    net.conv1d(prefix + "conv", integerOf(schema, parameters, "filters"), {.kernel = (*windows)[i]}, words);
                    net.activation(prefix + "relu");
                    matches.push_back(net.sequencePool(prefix + "pool", layer::SequencePool::Kind::max));
                }
                if (matches.size() > 1)
                    net.concat("concat", matches);
                appendScores(net, schema, parameters, brief);
                return std::move(net).build();
            }};
}

}
