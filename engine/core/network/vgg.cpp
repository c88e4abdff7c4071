// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/network/architecture.h"
#include "engine/core/network/network_builder.h"

#include <algorithm>

namespace descent {

namespace {

constexpr std::int64_t halve = 0; // in a plan: a pooling

/// Channels of the convolutions in order, with their poolings.
using Plan = std::vector<std::int64_t>;

/// Parameter names are torchvision's: features.N of vgg11_bn and vgg16_bn, classifier.0, 3, 6 with the wide head.
Architecture vgg(std::string id, std::string label, Plan plan)
{
    const Schema schema{
        {.name = "head",
         .label = "Head",
         .help = "The paper's two dense layers of 4,096 hold 90 % of the weights; averaging each channel does without.",
         .type = ParameterType::choice,
         .defaultValue = std::string{"average"},
         .common = true,
         .choices = {{"average", "Average", "Global average pooling and one dense layer: for small pictures."},
                     {"dense", "Dense", "As published: 7x7 places, two dense layers of 4,096."}}},
        {.name = "dropout",
         .label = "Dropout",
         .help = "Share of features left out at random before the last layers. arXiv:1207.0580",
         .type = ParameterType::real,
         .defaultValue = 0.5,
         .minimum = 0,
         .maximum = 1,
         .belowMaximum = true},
    };
    return {.id = std::move(id),
            .label = std::move(label),
            .help = "Stacked 3x3 convolutions with batch normalisation: simple, heavy, a good trunk. arXiv:1409.1556",
            .fits = fitsPictures,
            .schema = schema,
            .build = [schema, plan = std::move(plan)](const Parameters& parameters, const NetworkBrief& brief) {
                NetworkBuilder net{brief.inputs, Initialization::kaimingFanOut};
                const double dropout = realOf(schema, parameters, "dropout");
                std::int64_t position = 0, side = shorterSide(brief.inputShape());
                const auto name = [&] { return "features." + std::to_string(position++); };
                for (const std::int64_t step : plan) {
                    if (step == halve) {
                        // A picture of 32 is one place after five halvings; a smaller one keeps its last.
                        const std::string pool = name();
                        if (side >= 2)
                            net.maxPool2d(pool);
                        side /= 2;
                        continue;
                    }
                    net.conv2d(name(), step, {.padding = 1});
                    net.batchNorm(name());
                    net.activation(name());
                }
                if (textOf(schema, parameters, "head") == "dense") {
                    constexpr std::int64_t width = 4096, places = 7;
                    net.adaptiveAvgPool2d("avgpool", places, places);
                    net.flatten("flatten");
                    net.linear("classifier.0", width);
                    net.activation("classifier.1");
                    net.dropout("classifier.2", dropout);
                    net.linear("classifier.3", width);
                    net.activation("classifier.4");
                    net.dropout("classifier.5", dropout);
                    net.linear("classifier.6", brief.outputs);
                } else {
                    net.adaptiveAvgPool2d("avgpool", 1, 1);
                    net.flatten("flatten");
                    net.dropout("dropout", dropout);
                    net.linear("classifier", brief.outputs);
                }
                return std::move(net).build();
            }};
}

}

Architecture vgg11()
{
    return vgg("vgg11", "VGG-11", {64, halve, 128, halve, 256, 256, halve, 512, 512, halve, 512, 512, halve});
}

Architecture vgg16()
{
    return vgg("vgg16", "VGG-16",
               {64, 64, halve, 128, 128, halve, 256, 256, 256, halve, 512, 512, 512, halve, 512, 512, 512, halve});
}

}
