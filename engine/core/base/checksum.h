// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

struct evp_md_ctx_st; // of OpenSSL

namespace descent {

/// CRC-32 as zip and PNG have it.
std::uint32_t crc32Of(std::span<const std::byte> bytes);

/// Lower-case hexadecimal SHA-256.
std::string sha256(std::span<const std::byte> bytes);

/// The same of what comes piece by piece.
class Sha256 {
public:
    Sha256();
    ~Sha256();
    Sha256(const Sha256&) = delete;
    void add(std::span<const std::byte> bytes);
    std::string finish(); ///< of all that was added; nothing may be added after it

private:
    ::evp_md_ctx_st* m_context;
};

}
