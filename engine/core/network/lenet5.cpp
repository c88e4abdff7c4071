// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/network/activation_parameter.h"
#include "engine/core/network/architecture.h"
#include "engine/core/network/network_builder.h"

namespace descent {

/// "Gradient-Based Learning Applied to Document Recognition" (LeCun et al., 1998), with a softmax head in place of the
/// radial basis functions, and every map of the third layer joined to every map of the second, as is usual today.
Architecture lenet5()
{
    const Schema schema = [] {
        ParameterSchema activation = activationParameter("tanh");
        activation.common = true;
        return Schema{
            activation,
            {.name = "pooling",
             .label = "Pooling",
             .help = "How a picture is halved: by the mean, as in 1998, or by the largest value.",
             .type = ParameterType::choice,
             .defaultValue = std::string{"average"},
             .common = true,
             .choices = {{"average", "Average", "As in the paper."}, {"max", "Max", "Usual today."}}},
        };
    }();
    return {.id = "lenet5",
            .label = "LeNet-5",
            .help = "The network that read cheques in 1998: two convolutions, three dense layers.",
            .fits = fitsPictures,
            .schema = schema,
            .build = [schema](const Parameters& parameters, const NetworkBrief& brief) {
                const auto function = activationOf(schema, parameters);
                const bool average = textOf(schema, parameters, "pooling") == "average";
                NetworkBuilder net{brief.inputs};
                const auto pool = [&](const char* name) { average ? net.avgPool2d(name) : net.maxPool2d(name); };
                // The paper pads 28x28 digits to 32x32; so does this padding, for pictures as small as those.
                const std::int64_t padding = shorterSide(brief.inputShape()) < 32 ? 2 : 0;
                net.conv2d("conv1", 6, {.kernel = 5, .padding = padding});
                net.activation("act1", function);
                pool("pool1");
                net.conv2d("conv2", 16, {.kernel = 5});
                net.activation("act2", function);
                pool("pool2");
                net.flatten("flatten");
                net.linear("fc1", 120);
                net.activation("act3", function);
                net.linear("fc2", 84);
                net.activation("act4", function);
                net.linear("fc3", brief.outputs);
                return std::move(net).build();
            }};
}

}
