// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/base/problem.h"
#include "engine/core/network/network_spec.h"
#include "engine/core/schema/parameter_schema.h"

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace descent {

/// A named family of networks: `mlp`, `resnet18`, … Adding one is one file and the line in architectures.cpp that names it.
struct Architecture {
    enum class Input { any, picture, row }; ///< what it reads: anything flattened, [channels, height, width], [features]
    std::string id, label, help;            ///< help: one sentence, with the paper where there is one
    Input input = Input::picture;
    Schema schema;
    /// The network for samples of `inputShape` with `outputs` outputs; problems where the shape does not fit.
    std::function<Result<NetworkSpec>(const Parameters&, const Shape& inputShape, std::int64_t outputs)> build;
};

/// Whether an architecture that reads `input` can read samples of `shape`.
bool reads(Architecture::Input input, const Shape& shape);

const std::vector<Architecture>& architectures();
const Architecture* findArchitecture(std::string_view id); ///< null when there is none

}
