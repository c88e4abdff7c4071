// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/base/checksum.h"

#include <array>
#include <fmt/format.h>
#include <openssl/evp.h>
#include <zlib.h>

namespace descent {

std::uint32_t crc32Of(std::span<const std::byte> bytes)
{
    return static_cast<std::uint32_t>(::crc32_z(0, reinterpret_cast<const Bytef*>(bytes.data()), bytes.size()));
}

std::string sha256(std::span<const std::byte> bytes)
{
    std::array<unsigned char, 32> digest{};
    EVP_Digest(bytes.data(), bytes.size(), digest.data(), nullptr, EVP_sha256(), nullptr);
    std::string hexadecimal;
    for (const unsigned char byte : digest)
        hexadecimal += fmt::format("{:02x}", byte);
    return hexadecimal;
}

}
