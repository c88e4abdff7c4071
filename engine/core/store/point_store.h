// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/store/curve_reduction.h"
#include "engine/core/store/run_store.h"
#include "engine/core/store/series_visitor.h"

#include <SQLiteCpp/SQLiteCpp.h>

#include <optional>
#include <utility>
#include <vector>

namespace descent {

/// The points of series in the database: those that fill one in chunks (point_chunk.h), the newest as rows, which any program can add.
/// Works inside a transaction of the caller.
class PointStore {
public:
    explicit PointStore(SQLite::Database& database) : m_database{database} {}

    struct Series {
        std::int64_t id = 0;
        std::optional<std::int64_t> lastStep; ///< the highest of its points
        std::int64_t rows = 0;                ///< how many of its points are no part of a chunk
    };
    /// Adds points in any order of their steps; those of one step stay in the order in which they came. Keeps `series` up to date.
    void append(Series& series, std::vector<SeriesPoint> points);

    /// In order of step.
    std::vector<SeriesPoint> points(std::int64_t series);
    /// What a picture of it needs: see CurveReduction.
    std::vector<SeriesPoint> curve(std::int64_t series, const CurveColumns& columns);
    /// Shows it from its point number `from` on.
    void visit(std::int64_t series, SeriesVisitor& visitor, std::uint64_t from = 0);
    /// Its first and last point, without reading what lies between; nothing where it has none.
    std::optional<std::pair<SeriesPoint, SeriesPoint>> ends(std::int64_t series);

    /// Forgets all points of steps above `step`.
    void forgetBehind(std::int64_t series, std::int64_t step);

private:
    struct Chunk {
        std::int64_t id = 0, stride = 0;
        PointSpan span;
    };
    std::vector<Chunk> chunks(std::int64_t series);
    std::vector<SeriesPoint> pointsOf(std::int64_t series, const Chunk& chunk);
    std::vector<SeriesPoint> rows(std::int64_t series, std::uint64_t from = 0);
    bool isInOrder(std::int64_t series, const std::vector<Chunk>& chunks);
    class BlobReader;
    SeriesVisitor::Way visitBlocks(std::int64_t series, const Chunk& chunk, BlobReader& reader, SeriesVisitor& visitor, std::uint64_t position,
                                   std::uint64_t from);
    void insertRows(Series& series, std::span<const SeriesPoint> points);
    void insertChunk(std::int64_t series, std::span<const SeriesPoint> points);

    SQLite::Database& m_database;
    std::optional<SQLite::Statement> m_insertRow;
    std::optional<SQLite::Statement> m_blocks; // of a chunk
};

}
