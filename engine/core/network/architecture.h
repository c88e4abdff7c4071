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

/// What a network is wanted for: all that an architecture is told of data and task.
struct NetworkBrief {
    enum class Output {
        numbers,    ///< [outputs] for a sample: a score a class, or a number
        nextTokens, ///< [steps, outputs] for the last input's steps, none seeing a later one: a score a word
        future,     ///< [horizon, outputs]: the columns of a series, to come
        boxes,      ///< a map of places, [what a box detector tells, height, width]; `outputs` classes
        identities, ///< [outputs] cosines to people; a layer "embedding" gives a unit vector, and with 0 outputs is the last
        matches     ///< [2, width]: unit vectors of both inputs, layers "picture" and "text", near where they belong together
    };
    std::vector<NetworkInput> inputs;
    Output output = Output::numbers;
    std::int64_t outputs = 0;
    std::int64_t horizon = 0; ///< of the future
    const Shape& inputShape() const { return inputs.front().shape; }
    bool reads(std::vector<NetworkInput::Kind> kinds) const; ///< its inputs are of these kinds, in this order
};
/// A score a class, or a number, of samples of one numeric input.
NetworkBrief numbersFrom(Shape inputShape, std::int64_t outputs);

/// A named family of networks: `mlp`, `resnet18`, … Adding one is one file and the line in architectures.cpp that names it.
struct Architecture {
    std::string id, label, help; ///< help: one sentence, with the paper where there is one
    bool (*fits)(const NetworkBrief&) = nullptr;
    Schema schema;
    /// Only for a brief that fits. Problems where sizes do not.
    std::function<Result<NetworkSpec>(const Parameters&, const NetworkBrief&)> build;
};

const std::vector<Architecture>& architectures();
const Architecture* findArchitecture(std::string_view id); ///< null when there is none

// What most architectures fit: one score a class, or a number, from …
bool fitsPictures(const NetworkBrief& brief); ///< [channels, height, width]
bool fitsRows(const NetworkBrief& brief);     ///< [features]
bool fitsNumbers(const NetworkBrief& brief);  ///< one input of any shape, but for tokens

}
