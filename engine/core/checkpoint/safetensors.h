// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/base/problem.h"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <map>
#include <span>
#include <string>
#include <vector>

namespace descent {

/// One tensor of a safetensors file: row-major, little-endian.
struct StoredTensor {
    std::string name;
    std::string dtype; ///< "F32", "F64", "BF16", "F16", "I64", "I32", "U8", "BOOL", …
    std::vector<std::int64_t> shape;
    std::span<const std::byte> bytes;
};

/// The safetensors format: 8 bytes of header length, a JSON header, then the tensors' bytes. Nothing in it is code.
/// https://github.com/huggingface/safetensors, format 0.4. Names must differ; offsets are packed in the order given.
std::vector<std::byte> writeSafetensors(std::span<const StoredTensor> tensors,
                                        const std::map<std::string, std::string>& metadata);

/// What such a file begins with: length and JSON, up to the first tensor's bytes. The sizes follow from types and shapes, so
/// that the bytes may come later, tensor by tensor. Throws std::invalid_argument for a type the format does not have.
std::string safetensorsHeader(std::span<const StoredTensor> tensors, const std::map<std::string, std::string>& metadata);

struct SafetensorsView {
    std::vector<StoredTensor> tensors; ///< in the order of their bytes, which point into what was read
    std::map<std::string, std::string> metadata;
};
/// Reads strictly: a header within bounds, known types, sizes that agree with shapes, ranges that tile the data without gap
/// or overlap. The problem says what is wrong.
Result<SafetensorsView> readSafetensors(std::span<const std::byte> bytes);

}
