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

Sha256::Sha256() : m_context{EVP_MD_CTX_new()}
{
    EVP_DigestInit_ex(m_context, EVP_sha256(), nullptr);
}

Sha256::~Sha256()
{
    EVP_MD_CTX_free(m_context);
}

void Sha256::add(std::span<const std::byte> bytes)
{
    EVP_DigestUpdate(m_context, bytes.data(), bytes.size());
}

std::string Sha256::finish()
{
    std::array<unsigned char, 32> digest{};
    EVP_DigestFinal_ex(m_context, digest.data(), nullptr);
    std::string hexadecimal;
    for (const unsigned char byte : digest)
        hexadecimal += fmt::format("{:02x}", byte);
    return hexadecimal;
}

std::string sha256(std::span<const std::byte> bytes)
{
    Sha256 hash;
    hash.add(bytes);
    return hash.finish();
}

}
