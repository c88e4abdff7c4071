// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/network/architecture.h"
#include "engine/core/network/custom/custom.h"

#include <algorithm>

namespace descent {

Architecture mlp();
Architecture smallCnn();
Architecture airbench();
Architecture lenet5();
Architecture alexnet();
Architecture resnet18();
Architecture resnet34();
Architecture resnet50();
Architecture vgg11();
Architecture vgg16();
Architecture mobilenetV2();
Architecture convnext();
Architecture visionTransformer();
Architecture tabularResnet();
Architecture ftTransformer();
Architecture rnnForecaster();
Architecture temporalConvolution();
Architecture dlinear();
Architecture patchTransformer();
Architecture recordRnn();
Architecture recordTransformer();
Architecture recordBag();
Architecture embeddingBag();
Architecture textCnn();
Architecture textRecurrent();
Architecture transformerEncoder();
Architecture gpt();
Architecture lstmLanguageModel();
Architecture translationTransformer();
Architecture lstmAttention();
Architecture faceEmbedding();
Architecture twoTrunks();
Architecture detector();

bool NetworkBrief::reads(std::vector<NetworkInput::Kind> kinds) const
{
    return std::equal(inputs.begin(), inputs.end(), kinds.begin(), kinds.end(),
                      [](const NetworkInput& input, NetworkInput::Kind kind) { return input.kind == kind; });
}

NetworkBrief numbersFrom(Shape inputShape, std::int64_t outputs)
{
    return {.inputs = {numericInput(std::move(inputShape))}, .outputs = outputs};
}

bool fitsPictures(const NetworkBrief& brief)
{
    return brief.output == NetworkBrief::Output::numbers && brief.reads({NetworkInput::Kind::picture});
}

bool fitsRows(const NetworkBrief& brief)
{
    return brief.output == NetworkBrief::Output::numbers && brief.reads({NetworkInput::Kind::row});
}

bool fitsNumbers(const NetworkBrief& brief)
{
    return brief.output == NetworkBrief::Output::numbers && brief.inputs.size() == 1
        && brief.inputs.front().kind != NetworkInput::Kind::tokens;
}

const std::vector<Architecture>& architectures()
{
    static const std::vector<Architecture> list{
        mlp(), smallCnn(), airbench(), lenet5(), alexnet(), resnet18(), resnet34(), resnet50(), vgg11(), vgg16(),
        mobilenetV2(), convnext(), visionTransformer(), tabularResnet(), ftTransformer(), dlinear(), rnnForecaster(),
        temporalConvolution(), patchTransformer(), recordRnn(), recordTransformer(), recordBag(), embeddingBag(),
        textCnn(), textRecurrent(), transformerEncoder(), gpt(), lstmLanguageModel(), translationTransformer(),
        lstmAttention(), faceEmbedding(), twoTrunks(), detector(), custom(),
    };
    return list;
}

const Architecture* findArchitecture(std::string_view id)
{
    const auto& list = architectures();
    const auto found =
        std::find_if(list.begin(), list.end(), [&](const Architecture& architecture) { return architecture.id == id; });
    return found == list.end() ? nullptr : &*found;
}

}
