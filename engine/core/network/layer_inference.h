// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/network/network_spec.h"

#include <cstdint>
#include <initializer_list>
#include <vector>

namespace descent {

/// Beyond this a network fits no machine, and products of sizes would come near overflow.
inline constexpr std::int64_t mostParameters = 2'000'000'000;

/// Far above any count that passes, so that sums of a few products still fit.
inline constexpr std::int64_t absurdSize = std::int64_t{1} << 60;

/// Product of sizes, none negative; stops at `absurdSize`, since a person may ask for anything.
std::int64_t sizeProduct(std::initializer_list<std::int64_t> factors);
std::int64_t sizeProduct(const Shape& shape); ///< how many numbers a value of this shape has

/// Where the features of each place stand in a shape: channels of a picture, the last size of anything else.
std::size_t featuresAt(const Shape& shape);

/// What a layer gives and costs for one sample that passes through it once.
struct InferredLayer {
    Shape shape; ///< empty: the layer cannot read that
    std::int64_t parameters = 0, multiplyAdds = 0;
};
/// inputs: at least one, and as many as the layer reads. That they fit each other (Add, Concat) is the caller's to check.
InferredLayer inferLayer(const Layer& layer, const std::vector<const Shape*>& inputs);

}
