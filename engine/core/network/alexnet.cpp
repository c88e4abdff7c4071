// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/network/architecture.h"
#include "engine/core/network/network_builder.h"

namespace descent {

/// "One weird trick for parallelizing convolutional neural networks" (Krizhevsky, 2014), arXiv:1404.5997: the one-tower
/// form of the 2012 network, layer names as torchvision's. For pictures below 64 pixels the first convolution has stride 1
/// and a 3x3 window, since the large one would leave nothing to pool.
Architecture alexnet()
{
    const Schema schema{
        {.name = "dropout",
         .label = "Dropout",
         .help = "Share of features left out at random in the two dense layers. arXiv:1207.0580",
         .type = ParameterType::real,
         .defaultValue = 0.5,
         .minimum = 0,
         .maximum = 1,
         .belowMaximum = true,
         .common = true},
        {.name = "denseWidth",
         .label = "Dense width",
         .help = "Width of the two dense layers; 4096 in the paper.",
         .type = ParameterType::integer,
         .defaultValue = std::int64_t{4096},
         .minimum = 1,
         .maximum = 16384,
         .logarithmic = true,
         .common = true},
    };
    return {.id = "alexnet",
            .label = "AlexNet",
            .help = "The network that began the deep learning years. arXiv:1404.5997",
            .fits = fitsPictures,
            .schema = schema,
            .build = [schema](const Parameters& parameters, const NetworkBrief& brief) {
                const double dropout = realOf(schema, parameters, "dropout");
                const std::int64_t denseWidth = integerOf(schema, parameters, "denseWidth");
                const bool small = shorterSide(brief.inputShape()) < 64;
                const layer::MaxPool2d pool = small ? layer::MaxPool2d{} : layer::MaxPool2d{.kernel = 3, .stride = 2};
                NetworkBuilder net{brief.inputs};
                net.conv2d("features.0", 64,
                           small ? layer::Conv2d{.padding = 1} : layer::Conv2d{.kernel = 11, .stride = 4, .padding = 2});
                net.activation("features.1");
                net.maxPool2d("features.2", pool);
                net.conv2d("features.3", 192, {.kernel = 5, .padding = 2});
                net.activation("features.4");
                net.maxPool2d("features.5", pool);
                net.conv2d("features.6", 384, {.padding = 1});
                net.activation("features.7");
                net.conv2d("features.8", 256, {.padding = 1});
                net.activation("features.9");
                net.conv2d("features.10", 256, {.padding = 1});
                net.activation("features.11");
                net.maxPool2d("features.12", pool);
                if (!small)
                    net.adaptiveAvgPool2d("avgpool", 6, 6);
                net.flatten("flatten");
                net.dropout("classifier.0", dropout);
                net.linear("classifier.1", denseWidth);
                net.activation("classifier.2");
                net.dropout("classifier.3", dropout);
                net.linear("classifier.4", denseWidth);
                net.activation("classifier.5");
                net.linear("classifier.6", brief.outputs);
                return std::move(net).build();
            }};
}

}
