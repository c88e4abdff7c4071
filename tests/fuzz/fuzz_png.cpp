// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/fuzz/harness.h"

#include "engine/core/data/picture.h"

#include <zlib.h>

namespace descent {

namespace {

/// The same with checksums that are right, so that damage below them is met as well.
std::vector<std::byte> withChecksums(std::span<const std::byte> input)
{
    std::vector<std::byte> bytes{input.begin(), input.end()};
    constexpr std::size_t signature = 8, lengthAndName = 8, checksum = 4;
    for (std::size_t at = signature; bytes.size() >= at + lengthAndName + checksum;) {
        std::size_t length = 0;
        for (std::size_t i = 0; i < 4; ++i)
            length = length << 8 | std::to_integer<std::size_t>(bytes[at + i]);
        if (length > bytes.size() - at - lengthAndName - checksum)
            break;
        const auto* start = reinterpret_cast<const Bytef*>(bytes.data() + at + 4);
        const auto sum = crc32(0, start, static_cast<uInt>(4 + length));
        for (std::size_t i = 0; i < checksum; ++i)
            bytes[at + lengthAndName + length + i] = static_cast<std::byte>(sum >> (24 - 8 * i));
        at += lengthAndName + length + checksum;
    }
    return bytes;
}

}

void readDamaged(std::span<const std::byte> input)
{
    fuzz::readPicture(input);
    fuzz::readPicture(withChecksums(input));
}

}
