// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/store/point_store.h"

#include "engine/core/store/store_database.h"

#include <algorithm>
#include <iterator>
#include <sqlite3.h>

namespace descent {

namespace {

bool comesBefore(const SeriesPoint& left, const SeriesPoint& right)
{
    return left.step < right.step;
}

void sortBySteps(std::vector<SeriesPoint>& points)
{
    if (!std::is_sorted(points.begin(), points.end(), comesBefore))
        std::stable_sort(points.begin(), points.end(), comesBefore);
}

StoreError damaged(std::int64_t series)
{
    return StoreError{text("the points of series %1 are damaged: restore a backup of the run history, or delete that run", series)};
}

}

/// Parts of the blobs of chunk_points.points, without the rest of them.
class PointStore::BlobReader {
public:
    explicit BlobReader(SQLite::Database& database) : m_database{database} {}
    ~BlobReader() { sqlite3_blob_close(m_blob); }
    BlobReader(const BlobReader&) = delete;
    BlobReader& operator=(const BlobReader&) = delete;

    std::string read(std::int64_t row, std::size_t offset, std::size_t size)
    {
        sqlite3* const connection = m_database.getHandle();
        const int opened = m_blob ? sqlite3_blob_reopen(m_blob, row) : sqlite3_blob_open(connection, "main", "chunk_points", "points", row, 0, &m_blob);
        if (opened != SQLITE_OK)
            throw SQLite::Exception{connection, opened};
        std::string bytes(size, '\0');
        if (const int done = sqlite3_blob_read(m_blob, bytes.data(), static_cast<int>(size), static_cast<int>(offset)); done != SQLITE_OK)
            throw SQLite::Exception{connection, done};
        return bytes;
    }

private:
    SQLite::Database& m_database;
    sqlite3_blob* m_blob = nullptr;
};

void PointStore::append(Series& series, std::vector<SeriesPoint> points)
{
    if (series.rows + static_cast<std::int64_t>(points.size()) < static_cast<std::int64_t>(point_chunk::capacity)) {
        insertRows(series, points);
        return;
    }
    if (series.rows > 0) {
        std::vector<SeriesPoint> before = rows(series.id);
        before.insert(before.end(), points.begin(), points.end());
        points = std::move(before);
        execute(m_database, "DELETE FROM point WHERE series = ?1", series.id);
        series.rows = 0;
    }
    if (points.empty())
        return;
    sortBySteps(points);
    std::span<const SeriesPoint> left{points};
    for (; left.size() >= point_chunk::capacity; left = left.subspan(point_chunk::capacity))
        insertChunk(series.id, left.first(point_chunk::capacity));
    const std::size_t chunked = points.size() - left.size();
    execute(m_database, "UPDATE series SET chunked = chunked + ?2 WHERE id = ?1", series.id, static_cast<std::int64_t>(chunked));
    insertRows(series, left);
    series.lastStep = std::max(series.lastStep.value_or(points.back().step), points.back().step);
}

void PointStore::insertRows(Series& series, std::span<const SeriesPoint> points)
{
    if (points.empty())
        return;
    if (!m_insertRow)
        m_insertRow.emplace(m_database, "INSERT INTO point (series, step, nth, value, seconds) VALUES (?1, ?2, ?3, ?4, ?5)");
    std::optional<SQLite::Statement> taken;
    std::optional<std::int64_t> before;
    std::int64_t nth = 0;
    for (const SeriesPoint& point : points) {
        if (before == point.step) {
            ++nth;
        } else if (!series.lastStep || point.step > *series.lastStep) {
            nth = 0;
        } else { // as when a run goes on: some steps pass again
            if (!taken)
                taken.emplace(m_database, "SELECT coalesce(max(nth), -1) + 1 FROM point WHERE series = ?1 AND step = ?2");
            taken->reset();
            SQLite::bind(*taken, series.id, point.step);
            taken->executeStep();
            nth = taken->getColumn(0).getInt64();
        }
        before = point.step;
        SQLite::bind(*m_insertRow, series.id, point.step, nth);
        bindReal(*m_insertRow, 4, point.value);
        m_insertRow->bind(5, point.seconds);
        m_insertRow->exec();
        m_insertRow->reset();
        series.lastStep = std::max(series.lastStep.value_or(point.step), point.step);
    }
    series.rows += static_cast<std::int64_t>(points.size());
}

void PointStore::insertChunk(std::int64_t series, std::span<const SeriesPoint> points)
{
    const std::int64_t stride = point_chunk::strideOf(points);
    const std::string blocks = point_chunk::encodeBlocks(points), bytes = point_chunk::encodePoints(points, stride);
    SQLite::Statement blobs{m_database, "INSERT INTO chunk_points (blocks, points) VALUES (?1, ?2)"};
    blobs.bindNoCopy(1, blocks.data(), static_cast<int>(blocks.size()));
    blobs.bindNoCopy(2, bytes.data(), static_cast<int>(bytes.size()));
    blobs.exec();
    const PointSpan span = spanOf(points);
    SQLite::Statement chunk{m_database,
                            "INSERT INTO chunk (series, first_step, id, last_step, stride, count, first_seconds, last_seconds, first, last, "
                            "low, high, low_at, high_at, plain) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15)"};
    SQLite::bind(chunk, series, span.firstStep, m_database.getLastInsertRowid(), span.lastStep, stride, span.count, span.firstSeconds, span.lastSeconds);
    bindReal(chunk, 9, span.first);
    bindReal(chunk, 10, span.last);
    bindReal(chunk, 11, span.low);
    bindReal(chunk, 12, span.high);
    chunk.bind(13, span.lowAt);
    chunk.bind(14, span.highAt);
    chunk.bind(15, span.isPlain ? 1 : 0);
    chunk.exec();
}

std::vector<PointStore::Chunk> PointStore::chunks(std::int64_t series)
{
    SQLite::Statement row{m_database,
                          "SELECT id, stride, first_step, last_step, first_seconds, last_seconds, first, last, low, high, low_at, high_at, "
                          "count, plain FROM chunk WHERE series = ?1 ORDER BY first_step, id"};
    SQLite::bind(row, series);
    std::vector<Chunk> chunks;
    while (row.executeStep()) {
        const Chunk& chunk = chunks.emplace_back(Chunk{.id = row.getColumn(0).getInt64(),
                                                       .stride = row.getColumn(1).getInt64(),
                                                       .span = {.firstStep = row.getColumn(2).getInt64(),
                                                                .lastStep = row.getColumn(3).getInt64(),
                                                                .firstSeconds = row.getColumn(4).getDouble(),
                                                                .lastSeconds = row.getColumn(5).getDouble(),
                                                                .first = readReal(row.getColumn(6)),
                                                                .last = readReal(row.getColumn(7)),
                                                                .low = readReal(row.getColumn(8)),
                                                                .high = readReal(row.getColumn(9)),
                                                                .lowAt = row.getColumn(10).getUInt(),
                                                                .highAt = row.getColumn(11).getUInt(),
                                                                .count = row.getColumn(12).getUInt(),
                                                                .isPlain = row.getColumn(13).getInt() != 0}});
        if (chunk.stride < 0 || chunk.span.count == 0 || chunk.span.count > point_chunk::capacity)
            throw damaged(series);
    }
    return chunks;
}

std::vector<SeriesPoint> PointStore::pointsOf(std::int64_t series, const Chunk& chunk)
{
    SQLite::Statement row{m_database, "SELECT points FROM chunk_points WHERE id = ?1"};
    SQLite::bind(row, chunk.id);
    if (row.executeStep()) {
        const SQLite::Column bytes = row.getColumn(0);
        const std::string_view view{static_cast<const char*>(bytes.getBlob()), static_cast<std::size_t>(bytes.getBytes())};
        if (auto points = point_chunk::decodePoints(view, chunk.span.firstStep, chunk.stride); points && points->size() == chunk.span.count)
            return std::move(*points);
    }
    throw damaged(series);
}

std::vector<SeriesPoint> PointStore::rows(std::int64_t series, std::uint64_t from)
{
    // The table is clustered on (series, step, nth): one range scan, already in order.
    SQLite::Statement row{m_database, "SELECT step, value, seconds FROM point WHERE series = ?1 ORDER BY step, nth LIMIT -1 OFFSET ?2"};
    SQLite::bind(row, series, static_cast<std::int64_t>(from));
    std::vector<SeriesPoint> points;
    while (row.executeStep())
        points.push_back({row.getColumn(0).getInt64(), readReal(row.getColumn(1)), row.getColumn(2).getDouble()});
    return points;
}

std::vector<SeriesPoint> PointStore::points(std::int64_t series)
{
    std::vector<SeriesPoint> points;
    for (const Chunk& chunk : chunks(series)) {
        const std::vector<SeriesPoint> some = pointsOf(series, chunk);
        points.insert(points.end(), some.begin(), some.end());
    }
    const std::vector<SeriesPoint> newest = rows(series);
    points.insert(points.end(), newest.begin(), newest.end());
    sortBySteps(points);
    return points;
}

/// Of programs that wrote steps again, chunks may overlap.
bool PointStore::isInOrder(std::int64_t series, const std::vector<Chunk>& chunks)
{
    for (std::size_t i = 1; i < chunks.size(); ++i)
        if (chunks[i].span.firstStep < chunks[i - 1].span.lastStep)
            return false;
    if (chunks.empty())
        return true;
    SQLite::Statement row{m_database, "SELECT min(step) FROM point WHERE series = ?1"};
    SQLite::bind(row, series);
    return !row.executeStep() || row.getColumn(0).isNull() || row.getColumn(0).getInt64() >= chunks.back().span.lastStep;
}

SeriesVisitor::Way PointStore::visitBlocks(std::int64_t series, const Chunk& chunk, BlobReader& reader, SeriesVisitor& visitor,
                                           std::uint64_t position, std::uint64_t from)
{
    if (!m_blocks)
        m_blocks.emplace(m_database, "SELECT blocks FROM chunk_points WHERE id = ?1");
    m_blocks->reset();
    SQLite::bind(*m_blocks, chunk.id);
    if (!m_blocks->executeStep())
        throw damaged(series);
    const SQLite::Column bytes = m_blocks->getColumn(0);
    const auto blocks =
        point_chunk::decodeBlocks({static_cast<const char*>(bytes.getBlob()), static_cast<std::size_t>(bytes.getBytes())}, chunk.span.count);
    m_blocks->reset(); // an open statement would hold the blob, and the transaction, back
    if (!blocks)
        throw damaged(series);
    const std::size_t each = point_chunk::bytesOfPoint(chunk.stride);
    std::size_t offset = 0;
    for (const PointSpan& block : *blocks) {
        const std::uint64_t skipped = std::min<std::uint64_t>(from > position ? from - position : 0, block.count);
        const SeriesVisitor::Way way = skipped == block.count ? SeriesVisitor::Way::over
            : skipped > 0                                     ? SeriesVisitor::Way::inside
                                                              : visitor.meet(block, position);
        if (way == SeriesVisitor::Way::stop)
            return way;
        if (way != SeriesVisitor::Way::over) {
            const auto points = point_chunk::decodePoints(reader.read(chunk.id, offset, block.count * each), block.firstStep, chunk.stride);
            if (!points)
                throw damaged(series);
            visitor.take(std::span{*points}.subspan(skipped), position + skipped);
        }
        offset += block.count * each;
        position += block.count;
    }
    return SeriesVisitor::Way::over;
}

void PointStore::visit(std::int64_t series, SeriesVisitor& visitor, std::uint64_t from)
{
    const std::vector<Chunk> all = chunks(series);
    if (!isInOrder(series, all)) {
        const std::vector<SeriesPoint> sorted = points(series);
        if (from < sorted.size())
            visitor.take(std::span{sorted}.subspan(from), from);
        return;
    }
    BlobReader reader{m_database};
    std::uint64_t position = 0;
    for (const Chunk& chunk : all) {
        SeriesVisitor::Way way = SeriesVisitor::Way::over;
        if (position + chunk.span.count > from) {
            way = from > position ? SeriesVisitor::Way::inside : visitor.meet(chunk.span, position);
            if (way == SeriesVisitor::Way::points)
                visitor.take(pointsOf(series, chunk), position);
            else if (way == SeriesVisitor::Way::inside)
                way = visitBlocks(series, chunk, reader, visitor, position, from);
        }
        if (way == SeriesVisitor::Way::stop)
            return;
        position += chunk.span.count;
    }
    const std::uint64_t skipped = from > position ? from - position : 0;
    if (const std::vector<SeriesPoint> newest = rows(series, skipped); !newest.empty())
        visitor.take(newest, position + skipped);
}

std::vector<SeriesPoint> PointStore::curve(std::int64_t series, const CurveColumns& columns)
{
    struct Picture : SeriesVisitor {
        CurveReduction reduction;
        explicit Picture(const CurveColumns& columns) : reduction{columns} {}
        Way meet(const PointSpan& span, std::uint64_t) override
        {
            if (!reduction.covers(span))
                return Way::inside;
            reduction.add(span);
            return Way::over;
        }
        void take(std::span<const SeriesPoint> points, std::uint64_t) override
        {
            for (const SeriesPoint& point : points)
                reduction.add(point);
        }
    } picture{columns};
    visit(series, picture);
    return picture.reduction.take();
}

std::optional<std::pair<SeriesPoint, SeriesPoint>> PointStore::ends(std::int64_t series)
{
    // Each part of the union walks one end of a clustered table.
    SQLite::Statement row{m_database,
                          "SELECT * FROM (SELECT first_step, first, first_seconds FROM chunk WHERE series = ?1 ORDER BY first_step, id LIMIT 1) "
                          "UNION ALL SELECT * FROM (SELECT last_step, last, last_seconds FROM chunk WHERE series = ?1 ORDER BY first_step DESC, id DESC LIMIT 1) "
                          "UNION ALL SELECT * FROM (SELECT step, value, seconds FROM point WHERE series = ?1 ORDER BY step, nth LIMIT 1) "
                          "UNION ALL SELECT * FROM (SELECT step, value, seconds FROM point WHERE series = ?1 ORDER BY step DESC, nth DESC LIMIT 1)"};
    SQLite::bind(row, series);
    std::optional<std::pair<SeriesPoint, SeriesPoint>> ends;
    while (row.executeStep()) {
        const SeriesPoint point{row.getColumn(0).getInt64(), readReal(row.getColumn(1)), row.getColumn(2).getDouble()};
        if (!ends)
            ends.emplace(point, point);
        if (point.step < ends->first.step)
            ends->first = point;
        if (point.step >= ends->second.step)
            ends->second = point;
    }
    return ends;
}

void PointStore::forgetBehind(std::int64_t series, std::int64_t step)
{
    execute(m_database, "DELETE FROM point WHERE series = ?1 AND step > ?2", series, step);
    std::vector<SeriesPoint> kept;
    for (const Chunk& chunk : chunks(series)) {
        if (chunk.span.lastStep <= step)
            continue;
        if (chunk.span.firstStep <= step)
            std::ranges::copy_if(pointsOf(series, chunk), std::back_inserter(kept), [step](const SeriesPoint& point) { return point.step <= step; });
        execute(m_database, "DELETE FROM chunk WHERE series = ?1 AND first_step = ?2 AND id = ?3", series, chunk.span.firstStep, chunk.id);
    }
    const std::vector<SeriesPoint> left = rows(series); // behind them now: they came later
    kept.insert(kept.end(), left.begin(), left.end());
    execute(m_database, "DELETE FROM point WHERE series = ?1", series);
    execute(m_database, "UPDATE series SET chunked = (SELECT coalesce(sum(count), 0) FROM chunk WHERE series = ?1) WHERE id = ?1", series);
    sortBySteps(kept);
    Series emptied{.id = series};
    append(emptied, std::move(kept));
    execute(m_database,
            "UPDATE series SET points = chunked + (SELECT count(*) FROM point WHERE series = ?1), last_step = (SELECT max(step) FROM "
            "(SELECT max(step) AS step FROM point WHERE series = ?1 UNION ALL SELECT max(last_step) FROM chunk WHERE series = ?1)) WHERE id = ?1",
            series);
}

}
