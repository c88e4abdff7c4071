// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/base/random.h"
#include "engine/core/data/cifar_binary.h"
#include "engine/core/data/dataset.h"
#include "engine/core/data/idx.h"
#include "engine/core/data/inspection.h"
#include "engine/core/data/picture.h"
#include "tests/core/png_files.h"

#include <QDir>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>
#include <cstring>
#include <set>
#include <thread>
#include <turbojpeg.h>
#include <zlib.h>

using namespace descent;

namespace {

QByteArray idx(std::initializer_list<std::uint32_t> sizes, QByteArray values, char type = 8)
{
    QByteArray bytes;
    bytes += '\0';
    bytes += '\0';
    bytes += type;
    bytes += static_cast<char>(sizes.size());
    for (const std::uint32_t size : sizes)
        for (int shift = 24; shift >= 0; shift -= 8)
            bytes += static_cast<char>(size >> shift);
    return bytes + values;
}

std::span<const std::byte> span(const QByteArray& bytes)
{
    return std::as_bytes(std::span{bytes.constData(), static_cast<std::size_t>(bytes.size())});
}

void writeGzip(const QString& path, const QByteArray& bytes)
{
    gzFile file = gzopen(path.toLocal8Bit().constData(), "wb");
    gzwrite(file, bytes.constData(), static_cast<unsigned>(bytes.size()));
    gzclose(file);
}

/// A picture of one colour.
QByteArray jpeg(int width, int height, unsigned char red, unsigned char green, unsigned char blue)
{
    std::vector<unsigned char> pixels;
    for (int i = 0; i < width * height; ++i)
        pixels.insert(pixels.end(), {red, green, blue});
    tjhandle handle = tjInitCompress();
    unsigned char* data = nullptr;
    unsigned long size = 0;
    tjCompress2(handle, pixels.data(), width, 0, height, TJPF_RGB, &data, &size, TJSAMP_444, 95, 0);
    QByteArray bytes{reinterpret_cast<char*>(data), static_cast<qsizetype>(size)};
    tjFree(data);
    tjDestroy(handle);
    return bytes;
}

QByteArray png(std::uint32_t width, std::uint32_t height, const std::vector<unsigned char>& grey)
{
    return pngOf(grey, width, height);
}

Result<Dataset> load(const char* kind, const QString& path, const LoadControl& control = {})
{
    return findDatasetKind(kind)->load({{"path", path.toStdString()}}, control);
}

/// All bytes of the inputs, whatever they are; NaN included.
std::string fingerprint(const Samples& samples)
{
    std::string all;
    const auto add = [&](const auto& values) {
        all.append(reinterpret_cast<const char*>(values.data()), values.size() * sizeof(values[0]));
    };
    const auto addTable = [&](const Table& table) {
        for (const Column& column : table.columns) {
            add(column.numbers);
            add(column.codes);
        }
    };
    const auto addTexts = [&](const Texts& texts) {
        for (const std::string& one : texts.texts)
            all += one + '\n';
    };
    const auto visit = [&](const auto& inputs) {
        using Inputs = std::decay_t<decltype(inputs)>;
        if constexpr (std::is_same_v<Inputs, PictureArray>) {
            add(inputs.pixels);
        } else if constexpr (std::is_same_v<Inputs, Table>) {
            addTable(inputs);
        } else if constexpr (std::is_same_v<Inputs, Texts>) {
            addTexts(inputs);
        } else if constexpr (std::is_same_v<Inputs, Corpus>) {
            all += inputs.text;
        } else if constexpr (std::is_same_v<Inputs, Series>) {
            add(inputs.values);
        } else if constexpr (std::is_same_v<Inputs, Histories>) {
            for (const auto& person : inputs.events)
                add(person);
        } else {
            add(inputs.pictures.pixels);
            if (inputs.table)
                addTable(*inputs.table);
            if (inputs.captions)
                addTexts(*inputs.captions);
        }
    };
    std::visit(visit, samples.inputs);
    return all;
}

}

class TestDatasets : public QObject
{
    Q_OBJECT
    QTemporaryDir m_folder;
    QString at(const QString& name) const { return m_folder.filePath(name); }

private Q_SLOTS:
    void idxIsReadPlainAndPacked()
    {
        writeFile(at("mnist/train-images-idx3-ubyte"), idx({2, 2, 3}, QByteArray("\x00\x01\x02\x03\x04\x05\xff\xfe\xfd\xfc\xfb\xfa", 12)));
        writeGzip(at("mnist/train-labels-idx1-ubyte.gz"), idx({2}, QByteArray("\x01\x00", 2)));
        const Result<Dataset> dataset = load("idx", at("mnist"));
        QVERIFY2(dataset.value, dataset.problems.empty() ? "" : english(dataset.problems.front()).c_str());
        const auto& pictures = std::get<PictureArray>(dataset->train.inputs);
        QCOMPARE(pictures.height, 2);
        QCOMPARE(pictures.width, 3);
        QCOMPARE(pictures.pixels[6], 0xff);
        QCOMPARE(dataset->train.targets.classes, (std::vector<std::int64_t>{1, 0}));
        QCOMPARE(dataset->train.targets.classNames.size(), 2U);
    }

    void anIdxFileThatLiesIsRefused_data()
    {
        QTest::addColumn<QByteArray>("bytes");
        QTest::newRow("empty") << QByteArray{};
        QTest::newRow("cut in the header") << idx({2, 2, 2}, {}).left(9);
        QTest::newRow("cut in the values") << idx({2, 2, 2}, "1234567");
        QTest::newRow("too many values") << idx({2, 2, 2}, "123456789");
        QTest::newRow("impossible size") << idx({0xffffffff, 0xffffffff, 0xffffffff}, "12");
        QTest::newRow("sizes that overflow to fit") << idx({0x80000000, 0x80000000, 4}, {});
        QTest::newRow("floats") << idx({1, 1, 1}, "1234", 0x0d);
        QTest::newRow("not IDX") << QByteArray("hello, this is text");
        QTest::newRow("no width") << idx({5, 3, 0}, {});
        QTest::newRow("wrong dimensions") << idx({3}, "123");
    }
    void anIdxFileThatLiesIsRefused()
    {
        QFETCH(QByteArray, bytes);
        const auto result = parseIdxPictures(span(bytes));
        QVERIFY(!result.value);
        QVERIFY(!english(result.problems.front()).empty());
    }

    void picturesAndLabelsMustBelongTogether()
    {
        writeFile(at("odd/train-images-idx3-ubyte"), idx({2, 1, 1}, "ab"));
        writeFile(at("odd/train-labels-idx1-ubyte"), idx({3}, "\1\1\1"));
        const auto result = load("idx", at("odd"));
        QVERIFY(!result);
        QVERIFY(QString::fromStdString(english(result.problems.front())).contains("2 pictures and 3 labels"));
    }

    void aCutOffGzipIsSaidToBeDamaged()
    {
        writeFile(at("cut/train-images-idx3-ubyte"), idx({2, 1, 1}, "ab"));
        QByteArray values;
        Random random{1};
        for (int i = 0; i < 5000; ++i)
            values += static_cast<char>(random.next());
        writeGzip(at("cut/whole.gz"), idx({5000}, values));
        QFile whole{at("cut/whole.gz")};
        QVERIFY(whole.open(QIODevice::ReadOnly));
        writeFile(at("cut/train-labels-idx1-ubyte.gz"), whole.readAll().left(2500));
        QVERIFY(!load("idx", at("cut")));
    }

    void cifarSetsBadRecordsAside()
    {
        QByteArray bytes;
        for (int label : {3, 77, 9}) {
            bytes += static_cast<char>(label);
            bytes += QByteArray(3072, static_cast<char>(label));
        }
        bytes += "cut off";
        std::vector<std::int64_t> damaged;
        const Samples samples = parseCifar(span(bytes), {}, damaged);
        QCOMPARE(samples.count(), 2);
        QCOMPARE(samples.targets.classes, (std::vector<std::int64_t>{3, 9}));
        QCOMPARE(damaged, (std::vector<std::int64_t>{1, 3}));
        writeFile(at("cifar/data_batch_1.bin"), bytes);
        const auto dataset = load("cifar-binary", at("cifar"));
        QVERIFY(dataset.value);
        QCOMPARE(dataset->setAsideCount, 2);
        QCOMPARE(dataset->train.targets.classNames[3], std::string{"cat"});
    }

    void aFolderOfPicturesIsReadAndTheDamagedAreSetAside()
    {
        writeFile(at("pets/cat/1.jpg"), jpeg(8, 6, 200, 10, 10));
        writeFile(at("pets/cat/2.JPEG"), jpeg(8, 6, 190, 10, 10));
        writeFile(at("pets/dog/deep/3.jpg"), jpeg(8, 6, 10, 10, 200));
        writeFile(at("pets/dog/small.png"), png(4, 3, std::vector<unsigned char>(12, 128)));
        writeFile(at("pets/dog/cut.jpg"), jpeg(64, 64, 1, 2, 3).left(300));
        writeFile(at("pets/dog/empty.png"), {});
        writeFile(at("pets/dog/text.png"), "not a picture");
        writeFile(at("pets/dog/readme.txt"), "not even named as one");
        const auto dataset = load("image-folder", at("pets"));
        QVERIFY2(dataset.value, dataset.problems.empty() ? "" : english(dataset.problems.front()).c_str());
        QStringList setAside;
        for (const Problem& problem : dataset->setAside)
            setAside << QString::fromStdString(english(problem));
        QVERIFY2(dataset->setAsideCount == 3, qPrintable(setAside.join(" | ")));
        QCOMPARE(dataset->train.count(), 4);
        QCOMPARE(dataset->train.targets.classNames, (std::vector<std::string>{"cat", "dog"}));
        const auto& pictures = std::get<PictureArray>(dataset->train.inputs);
        QCOMPARE(pictures.channels, 3);   // one of them has colour
        QCOMPARE(pictures.height, 6);     // the most common size
        QVERIFY(pictures.pixels[0] > 180);
        QVERIFY(!dataset.problems.empty());   // says that one was brought to size
        QStringList names;
        for (const Problem& problem : dataset->setAside)
            names << QString::fromStdString(problem.path);
        QVERIFY(names.contains("dog/cut.jpg") && names.contains("dog/empty.png") && names.contains("dog/text.png"));
    }

    void aDamagedJpegDoesNotSpoilTheNext()
    {
        const QByteArray whole = jpeg(64, 64, 1, 2, 3);
        for (int length = 0; length < whole.size(); length += 7) {
            QVERIFY(!decodePicture(span(whole.left(length))));
            const auto next = decodePicture(span(whole)); // on the same thread, by the same decoder
            QVERIFY2(next && next->width == 64 && next->height == 64, qPrintable(QString::number(length)));
        }
    }

    void trainAndTestFoldersAreKeptApart()
    {
        for (const char* part : {"train", "test"})
            for (const char* name : {"a", "b"})
                writeFile(at(QString{"parts/%1/%2/1.png"}.arg(part, name)), png(2, 2, {1, 2, 3, 4}));
        const auto dataset = load("image-folder", at("parts"));
        QVERIFY(dataset.value);
        QCOMPARE(dataset->train.count(), 2);
        QVERIFY(dataset->test.has_value());
        QCOMPARE(dataset->test->count(), 2);
    }

    void nothingUsableIsAProblemAndNoDataset()
    {
        writeFile(at("none/a/1.png"), "x");
        QVERIFY(!load("image-folder", at("none")));
        QVERIFY(!load("image-folder", at("does not exist")));
        QDir{}.mkpath(at("hollow"));
        QVERIFY(!load("image-folder", at("hollow")));
        QVERIFY(!load("idx", at("hollow")));
        QVERIFY(!load("cifar-binary", at("hollow")));
        QVERIFY(!load("csv", at("hollow")));
    }

    void readingStopsWhenAsked()
    {
        for (int i = 0; i < 200; ++i)
            writeFile(at(QString{"many/a/%1.jpg"}.arg(i)), jpeg(32, 32, 1, 2, 3));
        std::stop_source stop;
        stop.request_stop();
        bool cancelled = false;
        try {
            load("image-folder", at("many"), {stop.get_token(), {}});
        } catch (const Cancelled&) {
            cancelled = true;
        }
        QVERIFY(cancelled);
    }

    void aGreyPictureKeepsItsPixels()
    {
        const auto picture = decodePicture(span(png(3, 2, {0, 50, 100, 150, 200, 250})));
        QVERIFY(picture.value);
        QCOMPARE(picture->channels, 1);
        QCOMPARE(picture->pixels, (std::vector<std::uint8_t>{0, 50, 100, 150, 200, 250}));
    }

    void shrinkingAveragesAndGrowingInterpolates()
    {
        const Picture checker{1, 2, 4, {0, 255, 0, 255, 255, 0, 255, 0}};
        for (const std::uint8_t pixel : resized(checker, 1, 2).pixels)
            QVERIFY(std::abs(pixel - 128) <= 1);
        const Picture ramp{1, 1, 2, {0, 100}};
        const Picture grown = resized(ramp, 1, 4);
        QCOMPARE(grown.pixels, (std::vector<std::uint8_t>{0, 25, 75, 100}));   // torch's bilinear, align_corners=False
        QCOMPARE(resized(ramp, 1, 2).pixels, ramp.pixels);
    }

    void builtInDataIsTheSameEveryTime_data()
    {
        QTest::addColumn<QString>("id");
        for (const DatasetKind& kind : datasetKinds())
            if (kind.source == DatasetKind::Source::builtIn && findParameter(kind.schema, "samples"))
                QTest::newRow(kind.id.c_str()) << QString::fromStdString(kind.id);
    }
    void builtInDataIsTheSameEveryTime()
    {
        QFETCH(QString, id);
        const DatasetKind& kind = *findDatasetKind(id.toStdString());
        Parameters few; // what a kind counts has its own name: samples, steps, people
        for (const char* name : {"samples", "steps", "people"})
            if (findParameter(kind.schema, name))
                few[name] = std::int64_t{300};
        QVERIFY(!few.empty());
        const auto one = kind.load(few, {}), two = kind.load(few, {});
        if (!few.contains("people") || few.size() > 1)
            QCOMPARE(one->train.count() + (one->test ? one->test->count() : 0) >= 300, true);
        QCOMPARE(one->train.targets.classes, two->train.targets.classes);
        QCOMPARE(one->train.targets.boxes, two->train.targets.boxes);
        QCOMPARE(one->train.targets.texts, two->train.targets.texts);
        std::set<std::int64_t> classes(one->train.targets.classes.begin(), one->train.targets.classes.end());
        for (const auto& boxes : one->train.targets.boxes)
            for (const Box& box : boxes)
                classes.insert(box.classIndex);
        QVERIFY(classes.size() * 10 >= one->train.targets.classNames.size() * 9); // of many classes a few may be left out by chance
        QCOMPARE(fingerprint(one->train), fingerprint(two->train));
        Parameters other = few;
        other["seed"] = std::int64_t{2};
        QVERIFY(fingerprint(kind.load(other, {})->train) != fingerprint(one->train));
    }

    void drawnDigitsAreInkOnPaper()
    {
        const auto dataset = findDatasetKind("drawn-digits")->load({{"samples", std::int64_t{200}}}, {});
        const auto& pictures = std::get<PictureArray>(dataset->train.inputs);
        for (std::int64_t i = 0; i < pictures.count; ++i) {
            std::int64_t ink = 0;
            for (std::int64_t p = 0; p < 784; ++p)
                ink += pictures.pixels[static_cast<std::size_t>(i * 784 + p)] > 128;
            QVERIFY2(ink > 20 && ink < 350, qPrintable(QString::number(ink)));
        }
        QVERIFY(dataset->test.has_value());
    }

    void aSourceIsRecognised()
    {
        QCOMPARE(recognizeSource(at("mnist").toStdString())->kind, std::string{"idx"});
        QCOMPARE(recognizeSource(at("cifar").toStdString())->kind, std::string{"cifar-binary"});
        QCOMPARE(recognizeSource(at("pets").toStdString())->kind, std::string{"image-folder"});
        writeFile(at("t.csv"), "a,b\n1,2\n");
        QCOMPARE(recognizeSource(at("t.csv").toStdString())->kind, std::string{"csv"});
        QVERIFY(!recognizeSource(at("nowhere").toStdString()));
        QVERIFY(!recognizeSource(at("hollow").toStdString()));
    }

    void realMnistIsRead()
    {
        const QString path = SHARED_DATA_DIR "/mnist";
        if (!QDir{path}.exists())
            QSKIP("there is no real data beside this checkout");
        const auto dataset = load("idx", path);
        QVERIFY(dataset.value);
        QCOMPARE(dataset->train.count(), 60000);
        QCOMPARE(dataset->test->count(), 10000);
        QCOMPARE(inspectDataset(*dataset).classCounts[5], 5421);
    }

    void randomBytesAreNeverAPicture()
    {
        QByteArray seeds[] = {jpeg(16, 16, 9, 99, 199), png(5, 5, std::vector<unsigned char>(25, 7)), idx({2, 2, 2}, "12345678")};
        Random random{7};
        for (int round = 0; round < 6000; ++round) {
            QByteArray bytes = seeds[round % 3];
            for (int change = 0; change < 4; ++change)
                bytes[static_cast<qsizetype>(random.below(static_cast<std::uint64_t>(bytes.size())))] = static_cast<char>(random.next());
            bytes.truncate(static_cast<qsizetype>(random.below(static_cast<std::uint64_t>(bytes.size()) + 1)));
            const auto picture = decodePicture(span(bytes));   // must neither throw nor crash
            QVERIFY(picture.value || !picture.problems.empty());
            const auto pictures = parseIdxPictures(span(bytes));
            QVERIFY(pictures.value || !pictures.problems.empty());
        }
    }
};

QTEST_GUILESS_MAIN(TestDatasets)
#include "tst_datasets.moc"
