// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

namespace descent {

/// CRC-32 as zip and PNG have it.
std::uint32_t crc32Of(std::span<const std::byte> bytes);

/// Lower-case hexadecimal SHA-256.
std::string sha256(std::span<const std::byte> bytes);

}
