// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/store/point_chunk.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstring>
#include <limits>
#include <stdexcept>

namespace descent {

static_assert(std::endian::native == std::endian::little, "chunks are stored as they lie in memory");

PointSpan spanOf(std::span<const SeriesPoint> points)
{
    if (points.empty())
        throw std::invalid_argument{"a span of no points"};
    PointSpan span{.firstStep = points.front().step,
                   .lastStep = points.back().step,
                   .firstSeconds = points.front().seconds,
                   .lastSeconds = points.back().seconds,
                   .first = points.front().value,
                   .last = points.back().value,
                   .low = std::numeric_limits<double>::quiet_NaN(),
                   .high = std::numeric_limits<double>::quiet_NaN(),
                   .count = static_cast<std::uint32_t>(points.size())};
    for (std::size_t i = 0; i < points.size(); ++i) {
        const double value = points[i].value;
        if (i > 0 && !(points[i].seconds >= points[i - 1].seconds))
            span.isPlain = false;
        if (!std::isfinite(value)) {
            span.isPlain = false;
            continue;
        }
        if (!(value >= span.low)) { // also when there is none yet
            span.low = value;
            span.lowAt = static_cast<std::uint32_t>(i);
        }
        if (!(value <= span.high)) {
            span.high = value;
            span.highAt = static_cast<std::uint32_t>(i);
        }
    }
    return span;
}

namespace point_chunk {

namespace {

struct StoredPoint {
    double value, seconds;
};
struct StoredBlock {
    std::int64_t firstStep, lastStep;
    double firstSeconds, lastSeconds, first, last, low, high;
    std::uint8_t lowAt, highAt, count, isPlain;
    std::uint32_t unused;
};
static_assert(sizeof(StoredPoint) == 16 && sizeof(SeriesPoint) == 24 && sizeof(StoredBlock) == 72);
static_assert(blockSize <= 255);

}

std::int64_t strideOf(std::span<const SeriesPoint> points)
{
    if (points.size() < 2)
        return 1;
    // Unsigned: steps of another program may lie as far apart as numbers go.
    const auto apart = [&](std::size_t i) { return static_cast<std::uint64_t>(points[i].step) - static_cast<std::uint64_t>(points[i - 1].step); };
    const std::uint64_t stride = apart(1);
    constexpr std::uint64_t widest = std::uint64_t{1} << 40;
    if (stride == 0 || stride > widest)
        return 0;
    for (std::size_t i = 2; i < points.size(); ++i)
        if (apart(i) != stride)
            return 0;
    return static_cast<std::int64_t>(stride);
}

std::size_t bytesOfPoint(std::int64_t stride)
{
    return stride > 0 ? sizeof(StoredPoint) : sizeof(SeriesPoint);
}

std::string encodePoints(std::span<const SeriesPoint> points, std::int64_t stride)
{
    std::string bytes(points.size() * bytesOfPoint(stride), '\0');
    if (stride == 0) {
        std::memcpy(bytes.data(), points.data(), bytes.size());
        return bytes;
    }
    for (std::size_t i = 0; i < points.size(); ++i) {
        const StoredPoint stored{points[i].value, points[i].seconds};
        std::memcpy(bytes.data() + i * sizeof stored, &stored, sizeof stored);
    }
    return bytes;
}

std::optional<std::vector<SeriesPoint>> decodePoints(std::string_view bytes, std::int64_t firstStep, std::int64_t stride)
{
    const std::size_t each = bytesOfPoint(stride);
    if (stride < 0 || bytes.size() % each != 0)
        return std::nullopt;
    std::vector<SeriesPoint> points(bytes.size() / each);
    if (stride == 0) {
        std::memcpy(points.data(), bytes.data(), bytes.size());
        return points;
    }
    for (std::size_t i = 0; i < points.size(); ++i) {
        StoredPoint stored;
        std::memcpy(&stored, bytes.data() + i * sizeof stored, sizeof stored);
        const auto step = static_cast<std::uint64_t>(firstStep) + static_cast<std::uint64_t>(stride) * i; // wraps in a damaged file
        points[i] = {static_cast<std::int64_t>(step), stored.value, stored.seconds};
    }
    return points;
}

std::string encodeBlocks(std::span<const SeriesPoint> points)
{
    std::string bytes;
    bytes.reserve((points.size() + blockSize - 1) / blockSize * sizeof(StoredBlock));
    for (std::size_t at = 0; at < points.size(); at += blockSize) {
        const PointSpan span = spanOf(points.subspan(at, std::min(blockSize, points.size() - at)));
        const StoredBlock stored{.firstStep = span.firstStep,
                                 .lastStep = span.lastStep,
                                 .firstSeconds = span.firstSeconds,
                                 .lastSeconds = span.lastSeconds,
                                 .first = span.first,
                                 .last = span.last,
                                 .low = span.low,
                                 .high = span.high,
                                 .lowAt = static_cast<std::uint8_t>(span.lowAt),
                                 .highAt = static_cast<std::uint8_t>(span.highAt),
                                 .count = static_cast<std::uint8_t>(span.count),
                                 .isPlain = span.isPlain,
                                 .unused = 0};
        bytes.append(reinterpret_cast<const char*>(&stored), sizeof stored);
    }
    return bytes;
}

std::optional<std::vector<PointSpan>> decodeBlocks(std::string_view bytes, std::size_t count)
{
    const std::size_t blocks = (count + blockSize - 1) / blockSize;
    if (bytes.size() != blocks * sizeof(StoredBlock))
        return std::nullopt;
    std::vector<PointSpan> spans(blocks);
    std::size_t left = count;
    for (std::size_t i = 0; i < blocks; ++i) {
        StoredBlock stored;
        std::memcpy(&stored, bytes.data() + i * sizeof stored, sizeof stored);
        const std::size_t size = std::min(left, blockSize);
        if (stored.count != size || stored.lowAt >= size || stored.highAt >= size)
            return std::nullopt;
        left -= size;
        spans[i] = {.firstStep = stored.firstStep,
                    .lastStep = stored.lastStep,
                    .firstSeconds = stored.firstSeconds,
                    .lastSeconds = stored.lastSeconds,
                    .first = stored.first,
                    .last = stored.last,
                    .low = stored.low,
                    .high = stored.high,
                    .lowAt = stored.lowAt,
                    .highAt = stored.highAt,
                    .count = static_cast<std::uint32_t>(size),
                    .isPlain = stored.isPlain != 0};
    }
    return spans;
}

}

}
