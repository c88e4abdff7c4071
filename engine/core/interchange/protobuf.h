// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace descent {

/// One field of a Protocol Buffers message, as it lies on the wire.
struct ProtobufField {
    std::uint32_t number = 0;
    enum class Type { varint, fixed64, bytes, fixed32 } type = Type::varint;
    std::uint64_t number64 = 0; ///< a varint, or the bits of a fixed value
    std::string_view bytes;     ///< of Type::bytes: text, a message within, packed numbers
    double asDouble() const;    ///< of a fixed64
    float asFloat() const;      ///< of a fixed32
};

/// Reads a message field by field; nested ones are read with another reader of their bytes. Points into `message`.
/// https://protobuf.dev/programming-guides/encoding
class ProtobufReader {
public:
    explicit ProtobufReader(std::string_view message) : m_left{message} {}
    /// Nothing at the end, and where the message is damaged.
    std::optional<ProtobufField> next();
    bool isDamaged() const { return m_isDamaged; }

private:
    std::optional<std::uint64_t> varint();
    std::string_view m_left;
    bool m_isDamaged = false;
};

/// Puts a message together.
class ProtobufWriter {
public:
    ProtobufWriter& varint(std::uint32_t field, std::uint64_t value);
    ProtobufWriter& number(std::uint32_t field, double value);
    ProtobufWriter& number(std::uint32_t field, float value);
    ProtobufWriter& bytes(std::uint32_t field, std::string_view value);
    ProtobufWriter& message(std::uint32_t field, const ProtobufWriter& value) { return bytes(field, value.m_bytes); }
    const std::string& written() const { return m_bytes; }

private:
    void raw(std::uint64_t value);
    std::string m_bytes;
};

}
