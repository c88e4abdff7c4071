// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/checkpoint/safetensors.h"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

namespace descent {

namespace {

using OrderedJson = nlohmann::ordered_json; // to write: in the order of the data
using Json = nlohmann::json;                // to read: an ordered one looks at every name before it adds one

constexpr std::size_t largestHeader = 100'000'000; // the reference implementation's bound

/// Bytes of one value; 0 for a type that is not known.
std::int64_t sizeOf(const std::string& dtype)
{
    static const std::map<std::string, std::int64_t> sizes{{"BOOL", 1}, {"U8", 1},  {"I8", 1},  {"F8_E5M2", 1}, {"F8_E4M3", 1},
                                                           {"I16", 2},  {"U16", 2}, {"F16", 2}, {"BF16", 2},    {"I32", 4},
                                                           {"U32", 4},  {"F32", 4}, {"F64", 8}, {"I64", 8},     {"U64", 8}};
    const auto found = sizes.find(dtype);
    return found == sizes.end() ? 0 : found->second;
}

Result<SafetensorsView> wrong(Text message)
{
    return {std::nullopt, {{"", std::move(message), {}}}};
}

/// Shape and range of one entry, believed only when they agree.
bool readEntry(const Json& entry, StoredTensor& tensor, std::size_t& begin, std::size_t& end)
{
    if (!entry.is_object() || entry.size() != 3 || !entry.contains("dtype") || !entry.contains("shape")
        || !entry.contains("data_offsets"))
        return false;
    const Json &dtype = entry["dtype"], &shape = entry["shape"], &offsets = entry["data_offsets"];
    if (!dtype.is_string() || !shape.is_array() || !offsets.is_array() || offsets.size() != 2)
        return false;
    tensor.dtype = dtype.get<std::string>();
    std::uint64_t bytes = static_cast<std::uint64_t>(sizeOf(tensor.dtype));
    if (bytes == 0)
        return false;
    for (const Json& size : shape) {
        if (!size.is_number_unsigned())
            return false;
        const auto value = size.get<std::uint64_t>();
        constexpr std::uint64_t most = std::uint64_t{1} << 62;
        if (value > most || (value != 0 && bytes > most / value))
            return false;
        bytes *= value;
        tensor.shape.push_back(static_cast<std::int64_t>(value));
    }
    if (!offsets[0].is_number_unsigned() || !offsets[1].is_number_unsigned())
        return false;
    begin = offsets[0].get<std::size_t>();
    end = offsets[1].get<std::size_t>();
    return begin <= end && end - begin == bytes;
}

}

std::string safetensorsHeader(std::span<const StoredTensor> tensors, const std::map<std::string, std::string>& metadata)
{
    OrderedJson header = OrderedJson::object();
    if (!metadata.empty())
        header["__metadata__"] = metadata;
    std::int64_t offset = 0;
    for (const StoredTensor& tensor : tensors) {
        if (header.contains(tensor.name))
            throw std::invalid_argument{fmt::format("two tensors are named \"{}\"", tensor.name)};
        std::int64_t bytes = sizeOf(tensor.dtype);
        if (bytes == 0)
            throw std::invalid_argument{fmt::format("\"{}\" is no type of a safetensors file", tensor.dtype)};
        for (const std::int64_t size : tensor.shape)
            bytes *= size;
        header[tensor.name] = {{"dtype", tensor.dtype}, {"shape", tensor.shape}, {"data_offsets", {offset, offset + bytes}}};
        offset += bytes;
    }
    std::string text = header.dump(-1, ' ', false, OrderedJson::error_handler_t::replace);
    text.append((8 - text.size() % 8) % 8, ' '); // so that the data is aligned
    std::string length(8, '\0');
    for (std::size_t i = 0; i < 8; ++i)
        length[i] = static_cast<char>(text.size() >> (8 * i));
    return length + text;
}

std::vector<std::byte> writeSafetensors(std::span<const StoredTensor> tensors, const std::map<std::string, std::string>& metadata)
{
    const std::string header = safetensorsHeader(tensors, metadata);
    const auto begin = std::as_bytes(std::span{header});
    std::vector<std::byte> file{begin.begin(), begin.end()};
    for (const StoredTensor& tensor : tensors)
        file.insert(file.end(), tensor.bytes.begin(), tensor.bytes.end());
    return file;
}

Result<SafetensorsView> readSafetensors(std::span<const std::byte> bytes)
{
    if (bytes.size() < 8)
        return wrong(text("this is no safetensors file: it is too short"));
    std::uint64_t length = 0;
    for (std::size_t i = 0; i < 8; ++i)
        length |= std::to_integer<std::uint64_t>(bytes[i]) << (8 * i);
    if (length > largestHeader || length > bytes.size() - 8)
        return wrong(text("this is no safetensors file: its header would have %1 bytes", length));
    const auto* start = reinterpret_cast<const char*>(bytes.data()) + 8;
    const Json header = Json::parse(start, start + length, nullptr, false);
    if (!header.is_object())
        return wrong(text("this is no safetensors file: its header is not JSON"));
    const auto data = bytes.subspan(8 + length);

    SafetensorsView view;
    for (const auto& [name, entry] : header.items()) {
        if (name == "__metadata__") {
            if (!entry.is_object())
                return wrong(text("the metadata of this file is damaged"));
            for (const auto& [key, value] : entry.items())
                if (value.is_string())
                    view.metadata[key] = value.get<std::string>();
            continue;
        }
        StoredTensor tensor{.name = name};
        std::size_t begin = 0, end = 0;
        if (!readEntry(entry, tensor, begin, end) || end > data.size())
            return wrong(text("tensor \"%1\" is described wrongly", name));
        tensor.bytes = data.subspan(begin, end - begin);
        view.tensors.push_back(std::move(tensor));
    }
    std::stable_sort(view.tensors.begin(), view.tensors.end(), [](const StoredTensor& a, const StoredTensor& b) {
        return std::pair{a.bytes.data(), a.bytes.size()} < std::pair{b.bytes.data(), b.bytes.size()};
    });
    std::size_t at = 0;
    for (const StoredTensor& tensor : view.tensors) {
        if (tensor.bytes.data() != data.data() + at)
            return wrong(text("the tensors of this file overlap or leave gaps"));
        at += tensor.bytes.size();
    }
    if (at != data.size())
        return wrong(text("this file holds %1 bytes that belong to no tensor", data.size() - at));
    return {std::move(view), {}};
}

}
