// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/base/checksum.h"

#include <zlib.h>

namespace descent {

std::uint32_t crc32Of(std::span<const std::byte> bytes)
{
    return static_cast<std::uint32_t>(::crc32_z(0, reinterpret_cast<const Bytef*>(bytes.data()), bytes.size()));
}

}
