// SPDX-License-Identifier: GPL-3.0-or-later
// Pictures that memory has no room for: they stay in a file, and all that reads them sees the same.
#include "engine/core/base/memory.h"
#include "engine/core/data/quality.h"
#include "engine/core/data/sample_prints.h"
#include "engine/core/data/stored_pictures.h"
#include "tests/core/png_files.h"

#include <QDir>
#include <QTemporaryDir>
#include <QTest>

using namespace descent;

namespace {

constexpr std::int64_t plenty = std::int64_t{1} << 40, nothing = 0;
constexpr int pictureCount = 60;

std::vector<std::vector<std::uint8_t>> picturesOf(const PictureArray& array)
{
    std::vector<std::vector<std::uint8_t>> all;
    for (std::int64_t i = 0; i < array.count; ++i)
        all.push_back(array.picture(i));
    return all;
}

}

class TestStoredPictures : public QObject
{
    Q_OBJECT
    QTemporaryDir m_home, m_data;

    Dataset read(const std::string& kind, const Parameters& parameters, std::int64_t memory) const
    {
        LoadControl control;
        control.memory = memory;
        const Result<Dataset> dataset = findDatasetKind(kind)->load(parameters, control);
        if (!dataset)
            throw std::runtime_error{english(dataset.problems.front())};
        return *dataset.value;
    }
    Dataset readFolder(std::int64_t memory) const { return read("image-folder", {{"path", m_data.filePath("pets").toStdString()}}, memory); }
    static const PictureArray& picturesIn(const Dataset& dataset)
    {
        const auto* both = std::get_if<PicturesAndMore>(&dataset.train.inputs);
        return both ? both->pictures : std::get<PictureArray>(dataset.train.inputs);
    }
    QFileInfoList caches() const { return QDir{m_home.filePath("cache/pictures")}.entryInfoList(QDir::Files | QDir::Hidden); }

private Q_SLOTS:
    void init()
    {
        qputenv("DESCENT_HOME", m_home.path().toUtf8());
        QDir{m_home.filePath("cache")}.removeRecursively();
        QDir{m_data.path()}.removeRecursively();
        for (int i = 0; i < pictureCount; ++i) { // every tenth of another size, every seventh grey
            const unsigned side = i % 10 == 3 ? 24 : 32;
            writeFile(m_data.filePath(QString{"pets/%1/%2.png"}.arg(i % 2 == 0 ? "a" : "b").arg(i, 3, 10, QChar{'0'})),
                      i % 7 == 5 ? greyPngOf(std::uint8_t(i), side, side) : pngOf({std::uint8_t(i), std::uint8_t(200 - i), 40}, side, side));
        }
        writeFile(m_data.filePath("pets/a/damaged.png"), "no picture");
    }

    void theyAreTheSameAsThoseInMemory_data()
    {
        QTest::addColumn<qint64>("memory");
        QTest::newRow("no memory at all") << qint64{nothing};
        QTest::newRow("memory for some of them") << qint64{pictureCount * 3 * 32 * 32 / 2};
        QTest::newRow("memory until they are brought to one size and colour") << qint64{pictureCount * 3 * 32 * 32 - 1};
    }
    void theyAreTheSameAsThoseInMemory()
    {
        QFETCH(const qint64, memory);
        const Dataset inMemory = readFolder(plenty);
        QVERIFY(!picturesIn(inMemory).stored);
        for (const char* when : {"decoded", "from the cache"}) {
            const Dataset stored = readFolder(memory);
            QVERIFY2(picturesIn(stored).stored, when);
            QVERIFY(picturesIn(stored).pixels.empty());
            QCOMPARE(stored.setAsideCount, std::int64_t{1});
            QVERIFY(picturesOf(picturesIn(stored)) == picturesOf(picturesIn(inMemory)));
            QVERIFY(stored.train.targets.classes == inMemory.train.targets.classes);
        }
        QCOMPARE(caches().size(), 1); // and no temporary file beside it
    }

    void aSecondReadingWritesNothing()
    {
        readFolder(nothing);
        const QDateTime written = caches().front().lastModified();
        QTest::qWait(20);
        readFolder(nothing);
        QCOMPARE(caches().front().lastModified(), written);
    }

    void aNewPictureIsAddedAndTheOthersAreCopied()
    {
        readFolder(nothing);
        writeFile(m_data.filePath("pets/b/another.png"), pngOf({7, 8, 9}, 32, 32));
        const Dataset stored = readFolder(nothing);
        QCOMPARE(stored.train.count(), std::int64_t{pictureCount + 1});
        QVERIFY(picturesOf(picturesIn(stored)) == picturesOf(picturesIn(readFolder(plenty))));
    }

    void theFileMayBeDeletedWhileItIsRead()
    {
        const Dataset stored = readFolder(nothing);
        const auto before = picturesOf(picturesIn(stored));
        QVERIFY(QFile::remove(caches().front().filePath()));
        QVERIFY(picturesOf(picturesIn(stored)) == before);
    }

    void aFileThatIsDamagedMeanwhileIsSaid()
    {
        const Dataset stored = readFolder(nothing);
        QFile file{caches().front().filePath()};
        QVERIFY(file.open(QIODevice::ReadWrite));
        QVERIFY(file.resize(100));
        const PictureArray& pictures = picturesIn(stored);
        QVERIFY_THROWS_EXCEPTION(DescentError, pictures.picture(pictures.count - 1));
        file.close();
        QVERIFY(picturesOf(picturesIn(readFolder(nothing))) == picturesOf(picturesIn(readFolder(plenty)))); // decoded anew
    }

    void whatReadsAllOfThemSeesTheSame()
    {
        const Dataset inMemory = readFolder(plenty), stored = readFolder(nothing);
        const PictureArray &a = picturesIn(inMemory), &b = picturesIn(stored);
        std::vector<std::int64_t> rows;
        for (std::int64_t i = 0; i < a.count; i += 2)
            rows.push_back(i);
        QVERIFY(channelStatistics(a, rows).mean == channelStatistics(b, rows).mean);
        QVERIFY(channelStatistics(a, rows).deviation == channelStatistics(b, rows).deviation);
        QVERIFY(picturePrints(a) == picturePrints(b));
        QVERIFY(pictureLooks(a).back().grid == pictureLooks(b).back().grid);
    }

    void boxesOnStoredPicturesLieWhereTheyWere()
    {
        for (int i = 0; i < 6; ++i) {
            const unsigned side = i == 0 ? 20 : 32; // the first is padded
            writeFile(m_data.filePath(QString{"voc/JPEGImages/%1.png"}.arg(i)), pngOf({std::uint8_t(40 * i), 90, 30}, side, side));
            writeFile(m_data.filePath(QString{"voc/Annotations/%1.xml"}.arg(i)),
                      QString{"<annotation><filename>%1.png</filename><size><width>%2</width><height>%2</height><depth>3</depth></size>"
                              "<object><name>cat</name><bndbox><xmin>3</xmin><ymin>4</ymin><xmax>12</xmax><ymax>15</ymax></bndbox></object></annotation>"}
                          .arg(i)
                          .arg(side)
                          .toUtf8());
        }
        const Parameters parameters{{"path", m_data.filePath("voc").toStdString()}};
        const Dataset inMemory = read("voc", parameters, plenty), stored = read("voc", parameters, nothing);
        QVERIFY(picturesIn(stored).stored);
        QVERIFY(picturesOf(picturesIn(stored)) == picturesOf(picturesIn(inMemory)));
        QCOMPARE(int{picturesIn(stored).picture(0)[31]}, 128); // grey to the right of the smaller one
        QVERIFY(stored.train.targets.boxes == inMemory.train.targets.boxes);
    }

    void aTableOfPicturesKeepsRowsAndPicturesTogether()
    {
        QByteArray table{"picture,weight,kind\n"};
        for (int i = 0; i < pictureCount; ++i)
            table += QString{"pets/%1/%2.png,%3,%4\n"}.arg(i % 2 == 0 ? "a" : "b").arg(i, 3, 10, QChar{'0'}).arg(i * 0.5).arg(i % 3 == 0 ? "x" : "y").toUtf8();
        writeFile(m_data.filePath("table.csv"), table);
        const Parameters parameters{{"path", m_data.filePath("table.csv").toStdString()}, {"size", std::int64_t{16}}};
        const Dataset inMemory = read("picture-table", parameters, plenty), stored = read("picture-table", parameters, nothing);
        QVERIFY(picturesIn(stored).stored);
        QVERIFY(picturesOf(picturesIn(stored)) == picturesOf(picturesIn(inMemory)));
    }

    void anIdxFileIsReadWhereItLies()
    {
        QByteArray images{"\0\0\x08\x03\0\0\0\x05\0\0\0\x04\0\0\0\x03", 16}, labels{"\0\0\x08\x01\0\0\0\x05", 8};
        for (int i = 0; i < 5 * 4 * 3; ++i)
            images += static_cast<char>(i * 4);
        for (int i = 0; i < 5; ++i)
            labels += static_cast<char>(i % 2);
        writeFile(m_data.filePath("idx/train-images-idx3-ubyte"), images);
        writeFile(m_data.filePath("idx/train-labels-idx1-ubyte"), labels);
        const Parameters parameters{{"path", m_data.filePath("idx").toStdString()}};
        const Dataset inMemory = read("idx", parameters, plenty), stored = read("idx", parameters, nothing);
        QVERIFY(!picturesIn(inMemory).stored);
        QVERIFY(picturesIn(stored).stored);
        QCOMPARE(picturesIn(stored).count, std::int64_t{5});
        QVERIFY(picturesOf(picturesIn(stored)) == picturesOf(picturesIn(inMemory)));
        QVERIFY(caches().isEmpty());
        writeFile(m_data.filePath("idx/train-images-idx3-ubyte"), images.chopped(1));
        QVERIFY_THROWS_EXCEPTION(std::runtime_error, read("idx", parameters, nothing));
    }

    void whereNeitherMemoryNorDiskHasRoomThatIsSaid()
    {
        writeFile(m_home.filePath("cache"), "a file where the folder would be");
        QVERIFY_THROWS_EXCEPTION(std::runtime_error, readFolder(nothing));
        QCOMPARE(readFolder(plenty).train.count(), std::int64_t{pictureCount});
        QFile::remove(m_home.filePath("cache"));
    }

    void readingIsCancelled()
    {
        std::stop_source stop;
        const LoadControl control{.stop = stop.get_token(), .progress = {}, .memory = nothing};
        stop.request_stop();
        QVERIFY_THROWS_EXCEPTION(Cancelled, findDatasetKind("image-folder")->load({{"path", m_data.filePath("pets").toStdString()}}, control));
        QVERIFY(caches().isEmpty());
    }

    void memoryIsWrittenWithAUnit()
    {
        QCOMPARE(bytesFrom("0"), std::int64_t{0});
        QCOMPARE(bytesFrom("4096"), std::int64_t{4096});
        QCOMPARE(bytesFrom("500M"), std::int64_t{500} << 20);
        QCOMPARE(bytesFrom("8G"), std::int64_t{8} << 30);
        for (const char* wrong : {"", "G", "-1", "5X", "5MB", "max", "9000000T", "99999999999999999999"})
            QCOMPARE(bytesFrom(wrong), std::int64_t{-1});
        const std::int64_t own = memoryForData();
        QVERIFY(own > 0);
        qputenv("DESCENT_DATA_MEMORY", "3M");
        QCOMPARE(memoryForData(), std::int64_t{3} << 20);
        QCOMPARE(LoadControl{}.memory, std::int64_t{3} << 20);
        qputenv("DESCENT_DATA_MEMORY", "much");
        QCOMPARE(memoryForData(), own);
        qunsetenv("DESCENT_DATA_MEMORY");
    }
};

QTEST_GUILESS_MAIN(TestStoredPictures)
#include "tst_stored_pictures.moc"
