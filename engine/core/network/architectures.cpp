// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/network/architecture.h"

#include <algorithm>

namespace descent {

Architecture mlp();
Architecture smallCnn();
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

bool reads(Architecture::Input input, const Shape& shape)
{
    switch (input) {
    case Architecture::Input::any: return true;
    case Architecture::Input::picture: return shape.size() == 3;
    case Architecture::Input::row: return shape.size() == 1;
    }
    return false;
}

const std::vector<Architecture>& architectures()
{
    static const std::vector<Architecture> list{mlp(), smallCnn(), lenet5(), alexnet(),
                                                resnet18(), resnet34(), resnet50(), vgg11(), vgg16(), mobilenetV2(), convnext(),
                                                visionTransformer(), tabularResnet(), ftTransformer()};
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
