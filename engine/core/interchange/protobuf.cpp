// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/interchange/protobuf.h"

#include <bit>
#include <cstring>

namespace descent {

namespace {

enum Wire : std::uint32_t { varintWire = 0, fixed64Wire = 1, bytesWire = 2, fixed32Wire = 5 };

static_assert(std::endian::native == std::endian::little, "numbers are taken as they lie in memory");

template <typename Value>
Value taken(std::string_view& bytes)
{
    Value value;
    std::memcpy(&value, bytes.data(), sizeof value);
    bytes.remove_prefix(sizeof value);
    return value;
}

}

double ProtobufField::asDouble() const
{
    return std::bit_cast<double>(number64);
}

float ProtobufField::asFloat() const
{
    return std::bit_cast<float>(static_cast<std::uint32_t>(number64));
}

std::optional<std::uint64_t> ProtobufReader::varint()
{
    std::uint64_t value = 0;
    for (unsigned shift = 0; shift < 64 && !m_left.empty(); shift += 7) {
        const auto byte = static_cast<std::uint8_t>(m_left.front());
        m_left.remove_prefix(1);
        value |= static_cast<std::uint64_t>(byte & 0x7f) << shift;
        if (byte < 0x80)
            return value;
    }
    return std::nullopt;
}

std::optional<ProtobufField> ProtobufReader::next()
{
    const auto damaged = [this] {
        m_isDamaged = true;
        m_left = {};
        return std::nullopt;
    };
    if (m_left.empty())
        return std::nullopt;
    const auto key = varint();
    if (!key || *key >> 3 == 0 || *key >> 3 > 0x1fffffff)
        return damaged();
    ProtobufField field{.number = static_cast<std::uint32_t>(*key >> 3)};
    switch (*key & 7) {
    case varintWire: {
        const auto value = varint();
        if (!value)
            return damaged();
        field.number64 = *value;
        return field;
    }
    case fixed64Wire:
        if (m_left.size() < 8)
            return damaged();
        field.type = ProtobufField::Type::fixed64;
        field.number64 = taken<std::uint64_t>(m_left);
        return field;
    case fixed32Wire:
        if (m_left.size() < 4)
            return damaged();
        field.type = ProtobufField::Type::fixed32;
        field.number64 = taken<std::uint32_t>(m_left);
        return field;
    case bytesWire: {
        const auto size = varint();
        if (!size || *size > m_left.size())
            return damaged();
        field.type = ProtobufField::Type::bytes;
        field.bytes = m_left.substr(0, static_cast<std::size_t>(*size));
        m_left.remove_prefix(static_cast<std::size_t>(*size));
        return field;
    }
    default: // groups, which nobody writes any more
        return damaged();
    }
}

void ProtobufWriter::raw(std::uint64_t value)
{
    for (; value >= 0x80; value >>= 7)
        m_bytes += static_cast<char>(value | 0x80);
    m_bytes += static_cast<char>(value);
}

ProtobufWriter& ProtobufWriter::varint(std::uint32_t field, std::uint64_t value)
{
    raw(std::uint64_t{field} << 3 | varintWire);
    raw(value);
    return *this;
}

ProtobufWriter& ProtobufWriter::number(std::uint32_t field, double value)
{
    raw(std::uint64_t{field} << 3 | fixed64Wire);
    m_bytes.append(reinterpret_cast<const char*>(&value), sizeof value);
    return *this;
}

ProtobufWriter& ProtobufWriter::number(std::uint32_t field, float value)
{
    raw(std::uint64_t{field} << 3 | fixed32Wire);
    m_bytes.append(reinterpret_cast<const char*>(&value), sizeof value);
    return *this;
}

ProtobufWriter& ProtobufWriter::bytes(std::uint32_t field, std::string_view value)
{
    raw(std::uint64_t{field} << 3 | bytesWire);
    raw(value.size());
    m_bytes.append(value);
    return *this;
}

}
