// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/base/random.h"
#include "engine/core/store/point_store.h"
#include "engine/core/store/store_database.h"

#include <QTemporaryDir>
#include <QTest>

#include <cmath>
#include <limits>

using namespace descent;

namespace {

constexpr double notANumber = std::numeric_limits<double>::quiet_NaN(), infinity = std::numeric_limits<double>::infinity();

bool same(const SeriesPoint& left, const SeriesPoint& right)
{
    const bool equal = left.value == right.value || (std::isnan(left.value) && std::isnan(right.value));
    return equal && left.step == right.step && left.seconds == right.seconds;
}

bool same(const std::vector<SeriesPoint>& left, const std::vector<SeriesPoint>& right)
{
    return std::equal(left.begin(), left.end(), right.begin(), right.end(), [](const auto& a, const auto& b) { return same(a, b); });
}

/// A noisy curve from `step` on, a step in eight apart where `jumps`; with values that are no numbers where `breaks`.
std::vector<SeriesPoint> noise(std::size_t count, std::int64_t step, bool jumps, bool breaks, Random& random)
{
    std::vector<SeriesPoint> points;
    double seconds = static_cast<double>(step) * 0.01, value = 1;
    for (std::size_t i = 0; i < count; ++i) {
        value += 0.1 * random.normal();
        const std::uint64_t dice = random.below(1000);
        const double shown = !breaks || dice > 4 ? value : dice == 0 ? infinity : dice == 1 ? -infinity : notANumber;
        points.push_back({step, shown, seconds});
        step += jumps && random.below(8) == 0 ? 1 + static_cast<std::int64_t>(random.below(30)) : 1;
        seconds += 0.01;
    }
    return points;
}

}

class TestPointStore : public QObject {
    Q_OBJECT
    QTemporaryDir m_folder;
    std::unique_ptr<StoreDatabase> m_database;

    std::int64_t newSeries()
    {
        return m_database->write([](SQLite::Database& db) {
            db.exec("INSERT INTO experiment (id, name, created_at) VALUES (1, 'x', 0) ON CONFLICT DO NOTHING");
            db.exec("INSERT INTO run (experiment, name, status, dataset_name, dataset_kind, architecture, task, primary_metric, higher_is_better, "
                    "parameter_count, created_at, updated_at, owner_pid, owner_start, owner_boot) VALUES (1, '', 'stopped', '', '', '', '', '', 1, 0, 0, 0, 0, 0, '')");
            execute(db, "INSERT INTO series (run, name) VALUES (?1, 'loss')", db.getLastInsertRowid());
            return db.getLastInsertRowid();
        });
    }
    /// In so many points a transaction, as a writer does it.
    void write(std::int64_t series, const std::vector<SeriesPoint>& points, std::size_t atOnce)
    {
        for (std::size_t at = 0; at < points.size(); at += atOnce) {
            const std::size_t size = std::min(atOnce, points.size() - at);
            m_database->write([&](SQLite::Database& db) {
                PointStore::Series target{.id = series};
                SQLite::Statement row{db, "SELECT last_step, points - chunked FROM series WHERE id = ?1"};
                SQLite::bind(row, series);
                row.executeStep();
                if (!row.getColumn(0).isNull())
                    target.lastStep = row.getColumn(0).getInt64();
                target.rows = row.getColumn(1).getInt64();
                row.reset();
                PointStore{db}.append(target, {points.begin() + static_cast<std::ptrdiff_t>(at), points.begin() + static_cast<std::ptrdiff_t>(at + size)});
                execute(db, "UPDATE series SET last_step = ?2, points = points + ?3 WHERE id = ?1", series, *target.lastStep, static_cast<std::int64_t>(size));
            });
        }
    }
    std::vector<SeriesPoint> read(std::int64_t series)
    {
        return m_database->read([&](SQLite::Database& db) { return PointStore{db}.points(series); });
    }
    std::int64_t number(const char* sql, std::int64_t series)
    {
        return m_database->read([&](SQLite::Database& db) {
            SQLite::Statement row{db, sql};
            SQLite::bind(row, series);
            row.executeStep();
            return row.getColumn(0).getInt64();
        });
    }

private Q_SLOTS:
    void init() { m_database = std::make_unique<StoreDatabase>(std::filesystem::path{m_folder.path().toStdString()}); }

    void chunksComeBackToTheLastBit_data()
    {
        QTest::addColumn<int>("count");
        QTest::addColumn<bool>("jumps");
        for (const int count : {1, 2, 63, 64, 65, 4096})
            for (const bool jumps : {false, true})
                QTest::addRow("%d%s", count, jumps ? ", steps left out" : "") << count << jumps;
    }
    void chunksComeBackToTheLastBit()
    {
        QFETCH(int, count);
        QFETCH(bool, jumps);
        Random random{3};
        std::vector<SeriesPoint> points = noise(static_cast<std::size_t>(count), -7, jumps, true, random);
        const std::int64_t stride = point_chunk::strideOf(points);
        QCOMPARE(stride > 0, !jumps || count < 3 || stride > 0);
        const std::string bytes = point_chunk::encodePoints(points, stride);
        QCOMPARE(bytes.size(), points.size() * (stride > 0 ? 16 : 24));
        const auto back = point_chunk::decodePoints(bytes, points.front().step, stride);
        QVERIFY(back && same(*back, points));
        QVERIFY(!point_chunk::decodePoints(std::string_view{bytes}.substr(1), points.front().step, stride));

        const std::string encoded = point_chunk::encodeBlocks(points);
        const auto blocks = point_chunk::decodeBlocks(encoded, points.size());
        QVERIFY(blocks);
        QCOMPARE(blocks->size(), (points.size() + 63) / 64);
        for (std::size_t i = 0; i < blocks->size(); ++i) {
            const std::span<const SeriesPoint> some = std::span{points}.subspan(i * 64, std::min<std::size_t>(64, points.size() - i * 64));
            const PointSpan& block = (*blocks)[i];
            QCOMPARE(block.count, some.size());
            QCOMPARE(block.firstStep, some.front().step);
            QCOMPARE(block.lastStep, some.back().step);
            double low = notANumber, high = notANumber;
            for (const SeriesPoint& point : some)
                if (std::isfinite(point.value)) {
                    low = std::isnan(low) ? point.value : std::min(low, point.value);
                    high = std::isnan(high) ? point.value : std::max(high, point.value);
                }
            QVERIFY(block.low == low || (std::isnan(low) && std::isnan(block.low)));
            QVERIFY(block.high == high || (std::isnan(high) && std::isnan(block.high)));
            QCOMPARE(block.isPlain, std::ranges::all_of(some, [](const SeriesPoint& point) { return std::isfinite(point.value); }));
            if (!std::isnan(low)) {
                QCOMPARE(some[block.lowAt].value, low);
                QCOMPARE(some[block.highAt].value, high);
            }
        }
        QVERIFY(!point_chunk::decodeBlocks(encoded, points.size() + 64));
        std::string damaged = encoded;
        damaged[64] = static_cast<char>(200); // lowAt
        QVERIFY(!point_chunk::decodeBlocks(damaged, points.size()));
    }

    void stepsAsFarApartAsNumbersGoAreKept()
    {
        const std::vector<SeriesPoint> points{{std::numeric_limits<std::int64_t>::min(), 1, 0}, {std::numeric_limits<std::int64_t>::max(), 2, 1}};
        QCOMPARE(point_chunk::strideOf(points), 0);
        QVERIFY(same(*point_chunk::decodePoints(point_chunk::encodePoints(points, 0), points.front().step, 0), points));
    }

    void aTimeThatGoesBackIsNotPlain()
    {
        const std::vector<SeriesPoint> points{{1, 1, 5}, {2, 1, 4}};
        QVERIFY(!spanOf(points).isPlain);
        QVERIFY_THROWS_EXCEPTION(std::invalid_argument, spanOf({}));
    }

    void whatIsWrittenIsRead_data()
    {
        QTest::addColumn<int>("count");
        QTest::addColumn<int>("atOnce");
        QTest::newRow("a few") << 30 << 7;
        QTest::newRow("one chunk and not a point more") << 4096 << 4096;
        QTest::newRow("as a training tells it") << 9000 << 250;
        QTest::newRow("point by point over the edge") << 4100 << 1;
        QTest::newRow("all at once") << 30'000 << 30'000;
    }
    void whatIsWrittenIsRead()
    {
        QFETCH(int, count);
        QFETCH(int, atOnce);
        Random random{5};
        const std::int64_t series = newSeries(), other = newSeries();
        const std::vector<SeriesPoint> points = noise(static_cast<std::size_t>(count), 1, true, true, random), others = noise(5000, 1, false, false, random);
        write(other, others, 999);
        write(series, points, static_cast<std::size_t>(atOnce));
        QVERIFY(same(read(series), points));
        QVERIFY(same(read(other), others));
        QCOMPARE(number("SELECT count(*) FROM point WHERE series = ?1", series), count % 4096);
        QCOMPARE(number("SELECT sum(count) FROM chunk WHERE series = ?1", series), count - count % 4096);
        QCOMPARE(number("SELECT chunked FROM series WHERE id = ?1", series), count - count % 4096);
    }

    /// As when a run goes on from an earlier place, or another program writes the same series.
    void stepsThatPassAgainStandBehindThoseBefore()
    {
        Random random{6};
        const std::int64_t series = newSeries();
        std::vector<SeriesPoint> all;
        for (const std::int64_t start : {0, 3000, 2000, 9000, 8500, 100}) {
            const std::vector<SeriesPoint> some = noise(3000, start, false, false, random);
            write(series, some, 400);
            all.insert(all.end(), some.begin(), some.end());
        }
        std::stable_sort(all.begin(), all.end(), [](const SeriesPoint& left, const SeriesPoint& right) { return left.step < right.step; });
        const std::vector<SeriesPoint> back = read(series);
        QCOMPARE(back.size(), all.size());
        for (std::size_t i = 0; i < all.size(); ++i)
            QCOMPARE(back[i].step, all[i].step);
        const CurveColumns columns{.count = 100, .of = [](std::int64_t step, double) { return step / 120; }};
        CurveReduction whole{columns};
        for (const SeriesPoint& point : back)
            whole.add(point);
        QVERIFY(same(m_database->read([&](SQLite::Database& db) { return PointStore{db}.curve(series, columns); }), whole.take()));
    }

    /// In the rows, at a chunk's edge, inside it, before all.
    void whatLiesBehindAPlaceIsForgotten()
    {
        Random random{7};
        const std::vector<SeriesPoint> points = noise(10'000, 1, false, true, random);
        for (const std::int64_t place : {9990, 9000, 8192, 8191, 4097, 4096, 300, 1, 0}) {
            const std::int64_t series = newSeries();
            write(series, points, 777);
            m_database->write([&](SQLite::Database& db) { PointStore{db}.forgetBehind(series, place); });
            std::vector<SeriesPoint> left{points.begin(), points.begin() + place};
            QVERIFY(same(read(series), left));
            QCOMPARE(number("SELECT points FROM series WHERE id = ?1", series), place);
            QCOMPARE(number("SELECT coalesce(last_step, 0) FROM series WHERE id = ?1", series), place);
            const std::vector<SeriesPoint> more = noise(5000, place + 1, false, false, random); // and the run goes on
            write(series, more, 300);
            left.insert(left.end(), more.begin(), more.end());
            QVERIFY(same(read(series), left));
            QCOMPARE(number("SELECT count(*) FROM chunk_points WHERE ?1 > 0 AND id NOT IN (SELECT id FROM chunk)", series), 0);
        }
    }

    /// Or of this one before there were chunks.
    void rowsOfAnotherProgramAreTakenIntoChunks()
    {
        Random random{12};
        const std::int64_t series = newSeries();
        std::vector<SeriesPoint> points = noise(10'001, 1, true, true, random);
        m_database->write([&](SQLite::Database& db) {
            SQLite::Statement insert{db, "INSERT INTO point (series, step, nth, value, seconds) VALUES (?1, ?2, 0, ?3, ?4)"};
            for (std::size_t i = 0; i < 10'000; ++i) {
                insert.reset();
                SQLite::bind(insert, series, points[i].step);
                bindReal(insert, 3, points[i].value);
                insert.bind(4, points[i].seconds);
                insert.exec();
            }
            execute(db, "UPDATE series SET points = 10000, last_step = ?2 WHERE id = ?1", series, points[9999].step);
        });
        const std::vector<SeriesPoint> before{points.begin(), points.begin() + 10'000};
        QVERIFY(same(read(series), before));
        write(series, {points.back()}, 1);
        QVERIFY(same(read(series), points));
        QCOMPARE(number("SELECT count(*) FROM chunk WHERE series = ?1", series), 2);
        QCOMPARE(number("SELECT count(*) FROM point WHERE series = ?1", series), 10'001 - 2 * 4096);
    }

    void aCurveIsWhatAllItsPointsReduceTo_data()
    {
        QTest::addColumn<bool>("jumps");
        QTest::addColumn<bool>("breaks");
        QTest::addColumn<double>("from");
        QTest::addColumn<double>("to");
        for (const bool jumps : {false, true})
            for (const bool breaks : {false, true})
                for (const auto& [from, to] : {std::pair{0.0, 60'000.0}, {-1000.0, 300'000.0}, {20'000.0, 20'900.0}, {31'234.0, 31'236.0}, {1e6, 2e6}})
                    QTest::addRow("%s%s%g to %g", jumps ? "steps left out, " : "", breaks ? "no numbers, " : "", from, to) << jumps << breaks << from << to;
    }
    /// In each column first, lowest, highest and last are those of all its points, and gaps stand where they stood.
    void aCurveIsWhatAllItsPointsReduceTo()
    {
        QFETCH(bool, jumps);
        QFETCH(bool, breaks);
        QFETCH(double, from);
        QFETCH(double, to);
        Random random{8};
        const std::int64_t series = newSeries();
        const std::vector<SeriesPoint> points = noise(50'000, 1, jumps, breaks, random);
        write(series, points, 20'000);
        const CurveColumns columns{.count = 700, .of = [=](std::int64_t step, double) {
                                       return static_cast<std::int64_t>(std::floor((static_cast<double>(step) - from) / (to - from) * 700));
                                   }};
        CurveReduction whole{columns};
        for (const SeriesPoint& point : points)
            whole.add(point);
        const std::vector<SeriesPoint> expected = whole.take();
        const std::vector<SeriesPoint> curve = m_database->read([&](SQLite::Database& db) { return PointStore{db}.curve(series, columns); });
        QCOMPARE(curve.size(), expected.size());
        for (std::size_t i = 0; i < curve.size(); ++i) {
            QCOMPARE(std::isfinite(curve[i].value), std::isfinite(expected[i].value));
            QVERIFY(!std::isfinite(curve[i].value) || curve[i].value == expected[i].value);
            QCOMPARE(whole.columnOf(curve[i].step, curve[i].seconds), whole.columnOf(expected[i].step, expected[i].seconds));
        }
        if (!breaks)
            QVERIFY(curve.size() <= 4 * 700 + 4);
    }

    /// Whatever is looked at from afar or from near, and from wherever it begins.
    void aWalkMeetsEveryPointOnce_data()
    {
        QTest::addColumn<quint64>("from");
        QTest::addColumn<int>("eachTh");
        for (const quint64 from : {0, 1, 63, 64, 4095, 4096, 5000, 8192, 9999, 10'000, 20'000})
            for (const int eachTh : {1, 2, 1000})
                QTest::addRow("from %llu, every %d. span opened", from, eachTh) << from << eachTh;
    }
    void aWalkMeetsEveryPointOnce()
    {
        QFETCH(const quint64, from);
        QFETCH(const int, eachTh);
        Random random{13};
        const std::int64_t series = newSeries();
        const std::vector<SeriesPoint> points = noise(10'000, 1, true, true, random);
        write(series, points, 3000);
        struct Walk : SeriesVisitor {
            const std::vector<SeriesPoint>& all;
            std::uint64_t next;
            int eachTh, met = 0;
            bool isRight = true;
            Walk(const std::vector<SeriesPoint>& points, std::uint64_t start, int each) : all{points}, next{start}, eachTh{each} {}
            Way meet(const PointSpan& span, std::uint64_t position) override
            {
                isRight &= position == next && span.firstStep == all[position].step && span.lastStep == all[position + span.count - 1].step;
                if (++met % eachTh == 0)
                    return met % 3 == 0 ? Way::points : Way::inside;
                next += span.count;
                return Way::over;
            }
            void take(std::span<const SeriesPoint> some, std::uint64_t position) override
            {
                isRight &= position == next && !some.empty()
                    && same({some.begin(), some.end()}, {all.begin() + static_cast<std::ptrdiff_t>(position), all.begin() + static_cast<std::ptrdiff_t>(position + some.size())});
                next += some.size();
            }
        } walk{points, from, eachTh};
        m_database->read([&](SQLite::Database& db) {
            PointStore{db}.visit(series, walk, from);
            return true;
        });
        QVERIFY(walk.isRight);
        QCOMPARE(walk.next, std::max<std::uint64_t>(from, points.size()));
        const auto ends = m_database->read([&](SQLite::Database& db) { return PointStore{db}.ends(series); });
        QVERIFY(ends && same({ends->first, ends->second}, {points.front(), points.back()}));
    }

    void aDamagedChunkIsSaidSo()
    {
        Random random{9};
        const std::int64_t series = newSeries();
        write(series, noise(4096, 1, false, false, random), 4096);
        m_database->write([&](SQLite::Database& db) { db.exec("UPDATE chunk_points SET points = x'00', blocks = x'00' WHERE id = (SELECT max(id) FROM chunk_points)"); });
        QVERIFY_THROWS_EXCEPTION(StoreError, read(series));
        const CurveColumns columns{.count = 10, .of = [](std::int64_t step, double) { return step / 400; }};
        QVERIFY_THROWS_EXCEPTION(StoreError, m_database->read([&](SQLite::Database& db) { return PointStore{db}.curve(series, columns); }));
    }

    void aSeriesThatGoesTakesItsChunksAlong()
    {
        Random random{10};
        const std::int64_t series = newSeries();
        write(series, noise(9000, 1, false, false, random), 9000);
        m_database->write([&](SQLite::Database& db) { execute(db, "DELETE FROM run WHERE id = (SELECT run FROM series WHERE id = ?1)", series); });
        QCOMPARE(number("SELECT count(*) FROM chunk WHERE series = ?1", series), 0);
        QCOMPARE(number("SELECT count(*) FROM chunk_points WHERE ?1 > 0 AND id NOT IN (SELECT id FROM chunk)", series), 0);
    }
};

QTEST_GUILESS_MAIN(TestPointStore)
#include "tst_point_store.moc"
