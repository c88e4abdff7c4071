// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/base/files.h"
#include "engine/core/data/dataset.h"
#include "engine/core/data/picture_cache.h"
#include "tests/core/png_files.h"

#include <QDir>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>
#include <algorithm>
#include <utime.h>

using namespace descent;

namespace {

constexpr std::uint32_t side = 64;
constexpr int pictureCount = 400; // 400 * 3 * 64 * 64 bytes are worth a cache

QByteArray png(std::uint8_t red)
{
    return pngOf({red, 40, 40}, side, side);
}

}

class TestPictureCache : public QObject
{
    Q_OBJECT
    QTemporaryDir m_home, m_pictures;

    QString at(int picture) const { return m_pictures.filePath(QString{"%1/%2.png"}.arg(picture % 2 == 0 ? "a" : "b").arg(picture, 3, 10, QChar{'0'})); }

    Dataset read(const char* size = "0") const
    {
        const Result<Dataset> dataset =
            findDatasetKind("image-folder")->load({{"path", m_pictures.path().toStdString()}, {"size", std::int64_t{std::atoi(size)}}}, {});
        if (!dataset)
            throw std::runtime_error{english(dataset.problems.front())};
        return *dataset.value;
    }
    /// The red of each picture, as the dataset holds them: those of a first.
    static std::vector<std::uint8_t> reds(const Dataset& dataset)
    {
        const auto& array = std::get<PictureArray>(dataset.train.inputs);
        std::vector<std::uint8_t> reds;
        for (std::int64_t i = 0; i < array.count; ++i)
            reds.push_back(array.pixels[static_cast<std::size_t>(i * array.pictureBytes())]);
        return reds;
    }
    QFileInfoList caches() const { return QDir{m_home.filePath("cache/pictures")}.entryInfoList({"*.pictures"}, QDir::Files); }

    /// Written so long ago that times alone say what changed: a cache is not sure of files that changed when it was written.
    void age() const
    {
        writeFile(at(0), png(0)); // so that the next reading writes it anew
        QTest::qWait(2200);
        read();
    }

private Q_SLOTS:
    void init()
    {
        qputenv("DESCENT_HOME", m_home.path().toUtf8());
        QDir{m_home.filePath("cache")}.removeRecursively();
        for (const char* folder : {"a", "b"})
            QDir{m_pictures.filePath(folder)}.removeRecursively();
        for (int i = 0; i < pictureCount; ++i)
            writeFile(at(i), png(static_cast<std::uint8_t>(i % 200)));
    }

    void whatWasDecodedOnceIsTakenFromTheCache()
    {
        const std::vector<std::uint8_t> first = reds(read());
        QCOMPARE(caches().size(), 1);
        const QDateTime written = caches().front().lastModified();
        age();
        // Proof that pixels come from there: one of them changed in the file, its sum with it.
        const PictureCache cache{m_pictures.path().toStdString() + " at 0"};
        const CachedPicture* known = cache.find(at(4).toStdString());
        QVERIFY(known);
        QVERIFY(cache.isSure(*known, stampOf(at(4).toStdString())));
        QCOMPARE(cache.read(*known)->pixels.front(), std::uint8_t{4});
        QVERIFY(reds(read()) == first);
        QVERIFY(caches().front().lastModified() >= written);
        const QDateTime settled = caches().front().lastModified();
        QVERIFY(reds(read()) == first);
        QCOMPARE(caches().front().lastModified(), settled); // nothing new: nothing is written
    }

    void aChangedPictureIsDecodedAgain()
    {
        age();
        const std::vector<std::uint8_t> before = reds(read());
        QFile::remove(at(7));
        writeFile(at(7), png(250)); // of the same length, most likely
        // The time of a change may be set back, which programs that unpack archives do.
        utimbuf old{.actime = 1'000'000'000, .modtime = 1'000'000'000};
        QCOMPARE(::utime(at(7).toUtf8().constData(), &old), 0);
        const std::vector<std::uint8_t> after = reds(read());
        std::size_t changed = 0;
        for (std::size_t i = 0; i < before.size(); ++i)
            changed += before[i] != after[i];
        QCOMPARE(changed, 1U);
        QVERIFY(std::count(after.begin(), after.end(), 250) == 1);
    }

    void aCopyOfTheSameContentNeedsNoDecoding()
    {
        age();
        QFile::remove(at(7));
        writeFile(at(7), png(7));
        const PictureCache cache{m_pictures.path().toStdString() + " at 0"};
        const CachedPicture* known = cache.find(at(7).toStdString());
        QVERIFY(!cache.isSure(*known, stampOf(at(7).toStdString())));
        QVERIFY(known->sha256.size() == 64);
        QCOMPARE(reds(read()).size(), std::size_t{pictureCount});
    }

    void sizesHaveCachesOfTheirOwn()
    {
        read();
        read("96");
        QCOMPARE(caches().size(), 2);
        const Dataset again = read("96");
        QCOMPARE(std::get<PictureArray>(again.train.inputs).width, 96);
    }

    void aDamagedOrMissingCacheChangesNothing_data()
    {
        QTest::addColumn<int>("at");
        QTest::addColumn<bool>("cut");
        QTest::newRow("pixels") << 1000 << false;
        QTest::newRow("index") << -1000 << false;
        QTest::newRow("magic") << -37 << false;
        QTest::newRow("count") << -23 << false;
        QTest::newRow("length of the index") << -10 << false;
        QTest::newRow("cut within the pixels") << 1000 << true;
        QTest::newRow("cut within the index") << -1000 << true;
        QTest::newRow("cut within the ending") << -20 << true;
        QTest::newRow("empty") << 0 << true;
    }
    void aDamagedOrMissingCacheChangesNothing()
    {
        QFETCH(const int, at);
        QFETCH(const bool, cut);
        const std::vector<std::uint8_t> whole = reds(read());
        QFile file{caches().front().filePath()};
        QVERIFY(file.open(QIODevice::ReadWrite));
        QByteArray bytes = file.readAll();
        const auto place = static_cast<qsizetype>(at < 0 ? bytes.size() + at : at);
        if (cut)
            bytes.truncate(place);
        else
            bytes[place] = static_cast<char>(bytes[place] ^ 0x55);
        file.resize(0);
        file.seek(0);
        file.write(bytes);
        file.close();
        QVERIFY(reds(read()) == whole);
        QFile::remove(file.fileName());
        QVERIFY(reds(read()) == whole);
    }

    void aFolderThatCannotBeWrittenIsNoHindrance()
    {
        writeFile(m_home.filePath("cache"), "a file where the folder would be");
        QCOMPARE(reds(read()).size(), std::size_t{pictureCount});
        QFile::remove(m_home.filePath("cache"));
    }
};

QTEST_GUILESS_MAIN(TestPictureCache)
#include "tst_picture_cache.moc"
