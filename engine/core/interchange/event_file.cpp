// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/interchange/event_file.h"

#include "engine/core/base/files.h"
#include "engine/core/base/problem.h"
#include "engine/core/interchange/protobuf.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>
#include <fmt/format.h>
#include <span>
#include <unistd.h>

namespace descent {

namespace {

constexpr std::uint64_t longestRecord = std::uint64_t{1} << 30; // a graph of a large network; nothing sound is longer

std::array<std::uint32_t, 256> crcTable()
{
    std::array<std::uint32_t, 256> table{};
    for (std::uint32_t i = 0; i < 256; ++i) {
        std::uint32_t crc = i;
        for (int bit = 0; bit < 8; ++bit)
            crc = crc & 1 ? crc >> 1 ^ 0x82f63b78u : crc >> 1;
        table[i] = crc;
    }
    return table;
}

template <typename Value>
std::string_view bytesOf(const Value& value)
{
    return {reinterpret_cast<const char*>(&value), sizeof value};
}

// Field numbers of tensorflow/core/util/event.proto, framework/summary.proto, framework/tensor.proto and of tensorboard/plugins/hparams.
namespace event {
constexpr std::uint32_t wallTime = 1, step = 2, fileVersion = 3, summary = 5;
}
namespace summary {
constexpr std::uint32_t value = 1;
}
namespace value {
constexpr std::uint32_t tag = 1, simpleValue = 2, tensor = 8, metadata = 9;
}
namespace metadata {
constexpr std::uint32_t pluginData = 1, dataClass = 4;
}
namespace plugin {
constexpr std::uint32_t name = 1, content = 2;
}
namespace tensor {
constexpr std::uint32_t type = 1, content = 4, floats = 5, doubles = 6, floatType = 1, doubleType = 2;
}
namespace hparams {
constexpr std::uint32_t sessionStart = 3, sessionEnd = 4, values = 1, status = 1, key = 1, value = 2;
constexpr std::uint32_t numberValue = 2, stringValue = 3, boolValue = 4; // of google.protobuf.Value
constexpr const char *pluginName = "hparams", *startTag = "_hparams_/session_start_info", *endTag = "_hparams_/session_end_info";
}

/// A tensor of one number, as add_scalar of TensorFlow 2 writes it.
std::optional<double> scalarOf(std::string_view message)
{
    std::uint64_t type = 0;
    std::optional<double> number;
    std::string_view content;
    ProtobufReader reader{message};
    while (const auto field = reader.next()) {
        if (field->number == tensor::type && field->type == ProtobufField::Type::varint)
            type = field->number64;
        else if (field->number == tensor::content && field->type == ProtobufField::Type::bytes)
            content = field->bytes;
        else if (field->number == tensor::floats && field->type == ProtobufField::Type::fixed32)
            number = field->asFloat();
        else if (field->number == tensor::doubles && field->type == ProtobufField::Type::fixed64)
            number = field->asDouble();
        else if ((field->number == tensor::floats || field->number == tensor::doubles) && field->type == ProtobufField::Type::bytes)
            content = field->bytes; // packed
    }
    if (number || reader.isDamaged())
        return number;
    if (float single = 0; type == tensor::floatType && content.size() == sizeof single) {
        std::memcpy(&single, content.data(), sizeof single);
        return single;
    }
    if (double whole = 0; type == tensor::doubleType && content.size() == sizeof whole) {
        std::memcpy(&whole, content.data(), sizeof whole);
        return whole;
    }
    return std::nullopt;
}

/// One entry of the map of hyperparameters.
void readHyperparameter(std::string_view message, EventHyperparameters& into)
{
    std::string key;
    std::string_view value;
    ProtobufReader entry{message};
    while (const auto field = entry.next()) {
        if (field->type == ProtobufField::Type::bytes && field->number == hparams::key)
            key = field->bytes;
        else if (field->type == ProtobufField::Type::bytes && field->number == hparams::value)
            value = field->bytes;
    }
    ProtobufReader reader{value};
    while (const auto field = reader.next()) {
        if (field->number == hparams::numberValue && field->type == ProtobufField::Type::fixed64)
            into.values[key] = field->asDouble();
        else if (field->number == hparams::stringValue && field->type == ProtobufField::Type::bytes)
            into.values[key] = std::string{field->bytes};
        else if (field->number == hparams::boolValue && field->type == ProtobufField::Type::varint)
            into.values[key] = field->number64 != 0;
    }
}

EventHyperparameters hyperparametersOf(std::string_view content)
{
    EventHyperparameters read;
    ProtobufReader reader{content};
    while (const auto field = reader.next()) {
        if (field->type != ProtobufField::Type::bytes)
            continue;
        ProtobufReader session{field->bytes};
        while (const auto part = session.next()) {
            if (field->number == hparams::sessionStart && part->number == hparams::values && part->type == ProtobufField::Type::bytes)
                readHyperparameter(part->bytes, read);
            else if (field->number == hparams::sessionEnd && part->number == hparams::status && part->type == ProtobufField::Type::varint)
                read.status = static_cast<int>(part->number64);
        }
    }
    return read;
}

/// The plug-in's name and content of a summary's metadata.
std::pair<std::string_view, std::string_view> pluginOf(std::string_view message)
{
    std::pair<std::string_view, std::string_view> found;
    ProtobufReader reader{message};
    while (const auto field = reader.next()) {
        if (field->number != metadata::pluginData || field->type != ProtobufField::Type::bytes)
            continue;
        ProtobufReader data{field->bytes};
        while (const auto part = data.next())
            if (part->type == ProtobufField::Type::bytes)
                (part->number == plugin::name ? found.first : found.second) = part->bytes; // its content
    }
    return found;
}

}

std::uint32_t maskedCrc32c(std::string_view bytes)
{
    static const std::array<std::uint32_t, 256> table = crcTable();
    std::uint32_t crc = 0xffffffffu;
    for (const char byte : bytes)
        crc = table[(crc ^ static_cast<std::uint8_t>(byte)) & 0xff] ^ crc >> 8;
    crc ^= 0xffffffffu;
    return (crc >> 15 | crc << 17) + 0xa282ead8u;
}

std::optional<double> readEvent(std::string_view message, const std::function<void(EventFileItem)>& take)
{
    EventScalar scalar;
    std::string_view values;
    ProtobufReader reader{message};
    while (const auto field = reader.next()) {
        if (field->number == event::wallTime && field->type == ProtobufField::Type::fixed64)
            scalar.wallTime = field->asDouble();
        else if (field->number == event::step && field->type == ProtobufField::Type::varint)
            scalar.step = static_cast<std::int64_t>(field->number64);
        else if (field->number == event::summary && field->type == ProtobufField::Type::bytes)
            values = field->bytes;
    }
    if (reader.isDamaged())
        return std::nullopt;
    ProtobufReader each{values};
    while (const auto one = each.next()) {
        if (one->number != summary::value || one->type != ProtobufField::Type::bytes)
            continue;
        std::optional<double> number;
        std::pair<std::string_view, std::string_view> plugin;
        scalar.tag.clear();
        ProtobufReader parts{one->bytes};
        while (const auto part = parts.next()) {
            if (part->number == value::tag && part->type == ProtobufField::Type::bytes)
                scalar.tag = part->bytes;
            else if (part->number == value::simpleValue && part->type == ProtobufField::Type::fixed32)
                number = part->asFloat();
            else if (part->number == value::tensor && part->type == ProtobufField::Type::bytes)
                number = scalarOf(part->bytes);
            else if (part->number == value::metadata && part->type == ProtobufField::Type::bytes)
                plugin = pluginOf(part->bytes);
        }
        if (parts.isDamaged())
            return std::nullopt;
        if (plugin.first == hparams::pluginName)
            take(hyperparametersOf(plugin.second));
        else if (number) {
            scalar.value = *number;
            take(scalar);
        }
    }
    return each.isDamaged() ? std::nullopt : std::optional{scalar.wallTime};
}

EventFileReader::Progress EventFileReader::read(const std::function<void(EventFileItem)>& take)
{
    Progress progress{.isBroken = m_isBroken};
    if (m_isBroken)
        return progress;
    const OpenFile file{m_file};
    // A window over the file: most records are fifty bytes, and a call each would be most of the work.
    std::string window;
    std::uint64_t windowAt = 0;
    const auto bytesAt = [&](std::uint64_t offset, std::uint64_t size) -> std::optional<std::string_view> {
        if (offset + size > file.size())
            return std::nullopt;
        if (offset < windowAt || offset + size > windowAt + window.size()) {
            constexpr std::uint64_t atOnce = 1 << 20;
            window.resize(static_cast<std::size_t>(std::min(file.size() - offset, std::max(size, atOnce))));
            windowAt = offset;
            if (!file.read(offset, std::as_writable_bytes(std::span{window})))
                throw DescentError{text("%1 cannot be read", m_file.string())};
        }
        return std::string_view{window}.substr(static_cast<std::size_t>(offset - windowAt), static_cast<std::size_t>(size));
    };
    constexpr std::uint64_t head = 12, tail = 4;
    while (const auto header = bytesAt(m_offset, head)) {
        std::uint64_t length = 0;
        std::uint32_t crc = 0;
        std::memcpy(&length, header->data(), sizeof length);
        std::memcpy(&crc, header->data() + sizeof length, sizeof crc);
        if (crc != maskedCrc32c(header->substr(0, sizeof length)) || length > longestRecord) {
            progress.isBroken = m_isBroken = true;
            return progress;
        }
        const auto record = bytesAt(m_offset + head, length + tail);
        if (!record)
            break;
        std::memcpy(&crc, record->data() + length, sizeof crc);
        const std::string_view message = record->substr(0, static_cast<std::size_t>(length));
        ++progress.records;
        const std::optional<double> wallTime = crc == maskedCrc32c(message) ? readEvent(message, take) : std::nullopt;
        progress.damaged += !wallTime;
        if (!m_began)
            m_began = wallTime;
        m_offset += head + length + tail;
    }
    progress.isCut = m_offset < file.size();
    return progress;
}

EventFileWriter::EventFileWriter(const std::filesystem::path& folder, double wallTime)
{
    makeFolder(folder);
    char host[256] = "localhost";
    ::gethostname(host, sizeof host - 1);
    m_file = folder / fmt::format("events.out.tfevents.{}.{}.descent", static_cast<std::int64_t>(wallTime), host);
    record(ProtobufWriter{}.number(event::wallTime, wallTime).bytes(event::fileVersion, "brain.Event:2").written());
}

void EventFileWriter::record(const std::string& event)
{
    const std::uint64_t length = event.size();
    const std::uint32_t lengthCrc = maskedCrc32c(bytesOf(length)), crc = maskedCrc32c(event);
    m_bytes.append(bytesOf(length)).append(bytesOf(lengthCrc)).append(event).append(bytesOf(crc));
}

void EventFileWriter::add(const EventScalar& scalar)
{
    ProtobufWriter of;
    of.bytes(value::tag, scalar.tag);
    if (static_cast<double>(static_cast<float>(scalar.value)) == scalar.value || std::isnan(scalar.value)) {
        of.number(value::simpleValue, static_cast<float>(scalar.value));
    } else { // what a float would round
        constexpr std::uint64_t scalars = 1;
        of.message(value::tensor, ProtobufWriter{}.varint(tensor::type, tensor::doubleType).bytes(2, {}).number(tensor::doubles, scalar.value));
        of.message(value::metadata, ProtobufWriter{}.message(metadata::pluginData, ProtobufWriter{}.bytes(plugin::name, "scalars")).varint(metadata::dataClass, scalars));
    }
    record(ProtobufWriter{}
               .number(event::wallTime, scalar.wallTime)
               .varint(event::step, static_cast<std::uint64_t>(scalar.step))
               .message(event::summary, ProtobufWriter{}.message(summary::value, of))
               .written());
}

void EventFileWriter::add(const EventHyperparameters& hyperparameters, double wallTime)
{
    ProtobufWriter content;
    const bool ends = hyperparameters.status.has_value();
    if (ends) {
        content.message(hparams::sessionEnd, ProtobufWriter{}.varint(hparams::status, static_cast<std::uint64_t>(*hyperparameters.status)).number(2, wallTime));
    } else {
        ProtobufWriter session;
        for (const auto& [name, given] : hyperparameters.values) {
            ProtobufWriter of;
            if (const auto* number = std::get_if<double>(&given))
                of.number(hparams::numberValue, *number);
            else if (const auto* flag = std::get_if<bool>(&given))
                of.varint(hparams::boolValue, *flag ? 1 : 0);
            else
                of.bytes(hparams::stringValue, std::get<std::string>(given));
            session.message(hparams::values, ProtobufWriter{}.bytes(hparams::key, name).message(hparams::value, of));
        }
        session.number(5, wallTime);
        content.message(hparams::sessionStart, session);
    }
    const ProtobufWriter plugin = ProtobufWriter{}.bytes(plugin::name, hparams::pluginName).bytes(plugin::content, content.written());
    const ProtobufWriter of =
        ProtobufWriter{}.bytes(value::tag, ends ? hparams::endTag : hparams::startTag).message(value::metadata, ProtobufWriter{}.message(metadata::pluginData, plugin));
    record(ProtobufWriter{}.number(event::wallTime, wallTime).message(event::summary, ProtobufWriter{}.message(summary::value, of)).written());
}

void EventFileWriter::finish()
{
    writeFileAtomically(m_file, m_bytes);
}

}
