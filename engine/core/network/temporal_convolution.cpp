// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/network/architecture.h"
#include "engine/core/network/network_builder.h"
#include "engine/core/network/window_parameters.h"

namespace descent {

namespace {

/// So many blocks that the last step sees the whole window: each block of two convolutions reaches
/// 2 * (kernel - 1) * 2^block steps further back.
std::int64_t blocksThatSee(std::int64_t steps, std::int64_t kernel)
{
    std::int64_t seen = 1, blocks = 0;
    for (std::int64_t dilation = 1; seen < steps; dilation *= 2, ++blocks)
        seen += 2 * (kernel - 1) * dilation;
    return std::max<std::int64_t>(1, blocks);
}

}

/// Convolutions that see only what came before, each block twice as far apart as the last. Without the paper's weight
/// normalisation, which Adam makes up for.
Architecture temporalConvolution()
{
    const Schema schema{
        {.name = "width",
         .label = "Width",
         .help = "Channels of every convolution.",
         .type = ParameterType::integer,
         .defaultValue = std::int64_t{32},
         .minimum = 1,
         .maximum = 2048,
         .logarithmic = true,
         .common = true},
        {.name = "kernel",
         .label = "Kernel",
         .help = "Steps that one convolution sees.",
         .type = ParameterType::integer,
         .defaultValue = std::int64_t{3},
         .minimum = 2,
         .maximum = 31,
         .common = true},
        {.name = "blocks",
         .label = "Blocks",
         .help = "Each looks twice as far back as the one before; 0: as many as the window needs.",
         .type = ParameterType::integer,
         .defaultValue = std::int64_t{0},
         .minimum = 0,
         .maximum = 16,
         .common = true},
        {.name = "dropout",
         .label = "Dropout",
         .help = "Share left out at random behind each convolution. arXiv:1207.0580",
         .type = ParameterType::real,
         .defaultValue = 0.1,
         .minimum = 0,
         .maximum = 1,
         .belowMaximum = true},
        windowNormParameter(true),
    };
    return {.id = "temporal-convolution",
            .label = "Temporal convolution",
            .help = "Dilated convolutions that look only back, over the whole window at once. arXiv:1803.01271",
            .fits = fitsFuture,
            .schema = schema,
            .build = [schema](const Parameters& parameters, const NetworkBrief& brief) {
                const std::int64_t width = integerOf(schema, parameters, "width"), kernel = integerOf(schema, parameters, "kernel");
                const std::int64_t asked = integerOf(schema, parameters, "blocks");
                const std::int64_t blocks = asked > 0 ? asked : blocksThatSee(brief.inputShape()[0], kernel);
                const double dropout = realOf(schema, parameters, "dropout");
                NetworkBuilder net{brief.inputs};
                const NetworkBuilder::Node window = beginWindow(net, brief, booleanOf(schema, parameters, "windowNorm"));
                NetworkBuilder::Node entry = window;
                for (std::int64_t block = 0; block < blocks; ++block) {
                    const std::string prefix = "blocks." + std::to_string(block) + ".";
                    const std::int64_t dilation = std::int64_t{1} << block;
                    for (const char* number : {"1", "2"}) {
                        const bool first = *number == '1';
                        net.conv1d(prefix + "conv" + number, width, {.kernel = kernel, .dilation = dilation, .causal = true}, first ? entry : NetworkBuilder::last);
                        net.activation(prefix + "relu" + number);
                        if (dropout > 0)
                            net.dropout(prefix + "dropout" + number, dropout);
                    }
                    const NetworkBuilder::Node branch = net.position();
                    if (net.shape(entry).back() != width)
                        entry = net.conv1d(prefix + "downsample", width, {.kernel = 1}, entry);
                    net.add(prefix + "add", branch, entry);
                    entry = net.activation(prefix + "relu");
                }
                net.sequencePool("last", layer::SequencePool::Kind::last);
                appendFutureHead(net, brief);
                endWindow(net, window);
                return std::move(net).build();
            }};
}

}
