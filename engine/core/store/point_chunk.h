// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/store/run_store.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace descent {

/// Some points of a series one after another, as far as a picture goes whose column they all fall into: a line through the four values
/// named here covers the same height as one through all of them.
/// "M4: A Visualization-Oriented Time Series Data Aggregation" (2014), doi:10.14778/2732951.2732953
struct PointSpan {
    std::int64_t firstStep = 0, lastStep = 0;
    double firstSeconds = 0, lastSeconds = 0;
    double first = 0, last = 0, low = 0, high = 0; ///< values; low and high of the finite ones, NaN where there is none
    std::uint32_t lowAt = 0, highAt = 0;           ///< their positions, counted from the first point
    std::uint32_t count = 0;
    bool isPlain = true; ///< all values are finite and no time goes back: a line through the four hides nothing
    bool operator==(const PointSpan&) const = default;
};
/// points: at least one
PointSpan spanOf(std::span<const SeriesPoint> points);

/// Points of one series that have found their last place, stored as one value: a thousandth of the rows, 2 million of them a second, and
/// with a summary of all and of every 64 of them, so that a picture reads little more than it shows.
namespace point_chunk {

constexpr std::size_t capacity = 4096, blockSize = 64;

/// A run of equal steps apart needs none of them stored. 0: they are stored.
std::int64_t strideOf(std::span<const SeriesPoint> points);

// Little-endian, in the order of the points. Bytes of each point: value and seconds; with a stride of 0 its step before them.
std::string encodePoints(std::span<const SeriesPoint> points, std::int64_t stride);
/// `bytes` begins with the point at `firstStep`. Nothing where they are cut short.
std::optional<std::vector<SeriesPoint>> decodePoints(std::string_view bytes, std::int64_t firstStep, std::int64_t stride);
std::size_t bytesOfPoint(std::int64_t stride);

/// The spans of each `blockSize` points.
std::string encodeBlocks(std::span<const SeriesPoint> points);
/// Nothing where they are not those of `count` points.
std::optional<std::vector<PointSpan>> decodeBlocks(std::string_view bytes, std::size_t count);

}

}
