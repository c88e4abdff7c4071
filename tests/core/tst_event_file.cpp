// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/base/files.h"
#include "engine/core/base/problem.h"
#include "engine/core/interchange/event_file.h"
#include "engine/core/interchange/protobuf.h"

#include <QProcess>
#include <QTemporaryDir>
#include <QTest>

#include <cmath>
#include <fstream>

using namespace descent;

namespace {

struct Taken {
    std::vector<EventScalar> scalars;
    std::vector<EventHyperparameters> hyperparameters;
    void operator()(EventFileItem item)
    {
        if (auto* scalar = std::get_if<EventScalar>(&item))
            scalars.push_back(std::move(*scalar));
        else
            hyperparameters.push_back(std::get<EventHyperparameters>(item));
    }
};

void append(const std::filesystem::path& file, std::string_view bytes)
{
    std::ofstream{file, std::ios::app | std::ios::binary}.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
}

}

class TestEventFile : public QObject {
    Q_OBJECT
    QTemporaryDir m_folder;
    std::filesystem::path path(const char* name) const { return std::filesystem::path{m_folder.path().toStdString()} / name; }

    std::vector<EventScalar> scalars(std::size_t count)
    {
        std::vector<EventScalar> all;
        for (std::size_t i = 0; i < count; ++i)
            all.push_back({.tag = i % 3 == 0 ? "loss/train" : "accuracy", .step = static_cast<std::int64_t>(i), .value = 1.0 / (1.0 + static_cast<double>(i)), .wallTime = 1.7e9 + static_cast<double>(i) * 0.25});
        return all;
    }

private Q_SLOTS:
    /// RFC 3720, B.4, and the rotation by 15 bits with a constant of tensorflow/core/lib/hash/crc32c.h.
    void checksumsAreThoseOfTheStandard()
    {
        const auto masked = [](std::uint32_t crc) { return (crc >> 15 | crc << 17) + 0xa282ead8u; };
        QCOMPARE(maskedCrc32c(std::string(32, '\0')), masked(0x8a9136aau));
        QCOMPARE(maskedCrc32c(std::string(32, '\xff')), masked(0x62a8ab43u));
        QCOMPARE(maskedCrc32c("123456789"), masked(0xe3069283u));
    }

    void numbersOfMessagesComeBack()
    {
        const std::string message = ProtobufWriter{}.varint(1, 0).varint(2, 300).varint(536870911, ~std::uint64_t{0}).number(3, -1.5).number(4, 0.25F).bytes(5, "text").written();
        ProtobufReader reader{message};
        QCOMPARE(reader.next()->number64, 0u);
        QCOMPARE(reader.next()->number64, 300u);
        const auto last = reader.next();
        QCOMPARE(last->number, 536870911u);
        QCOMPARE(last->number64, ~std::uint64_t{0});
        QCOMPARE(reader.next()->asDouble(), -1.5);
        QCOMPARE(reader.next()->asFloat(), 0.25F);
        QCOMPARE(reader.next()->bytes, std::string_view{"text"});
        QVERIFY(!reader.next());
        QVERIFY(!reader.isDamaged());
        for (std::size_t size = 1; size < message.size(); ++size) { // cut anywhere: an end or damage, never beyond the bytes
            ProtobufReader cut{std::string_view{message}.substr(0, size)};
            while (cut.next()) {
            }
        }
        ProtobufReader bad{std::string_view{"\x0b", 1}}; // a group
        QVERIFY(!bad.next());
        QVERIFY(bad.isDamaged());
    }

    void whatIsWrittenIsReadValueForValue()
    {
        EventFileWriter writer{path("written"), 1.7e9};
        std::vector<EventScalar> all = scalars(500);
        all.push_back({.tag = "损失", .step = -3, .value = 1e300, .wallTime = 2});
        const EventHyperparameters start{.values = {{"lr", 0.1}, {"nesterov", true}, {"optimizer", std::string{"sgd"}}}};
        writer.add(start, 1.7e9);
        for (const EventScalar& scalar : all)
            writer.add(scalar);
        writer.add({.tag = "nan", .step = 1, .value = NAN, .wallTime = 2});
        writer.add(EventHyperparameters{.values = {}, .status = 1}, 1.8e9);
        writer.finish();
        Taken taken;
        EventFileReader reader{writer.file()};
        const EventFileReader::Progress progress = reader.read(std::ref(taken));
        QCOMPARE(progress.records, 505);
        QCOMPARE(progress.damaged, 0);
        QVERIFY(!progress.isBroken && !progress.isCut);
        QVERIFY(std::isnan(taken.scalars.back().value));
        taken.scalars.pop_back();
        QVERIFY(taken.scalars == all);
        QVERIFY((taken.hyperparameters == std::vector{start, EventHyperparameters{.values = {}, .status = 1}}));
    }

    void aGrowingFileIsReadOnFromWhereItEnded()
    {
        EventFileWriter writer{path("growing"), 1.7e9};
        const std::vector<EventScalar> all = scalars(40);
        for (const EventScalar& scalar : all)
            writer.add(scalar);
        writer.finish();
        const std::string bytes = readFile(writer.file(), 1 << 20);
        const std::filesystem::path file = path("follow");
        Taken taken;
        append(file, "");
        EventFileReader reader{file};
        for (std::size_t at = 0; at < bytes.size(); at += 37) { // in the middle of records
            append(file, std::string_view{bytes}.substr(at, 37));
            QVERIFY(!reader.read(std::ref(taken)).isBroken);
        }
        QVERIFY(!reader.read(std::ref(taken)).isCut);
        QVERIFY(taken.scalars == all);
    }

    void aCutTailIsLeftAndAWrongByteCostsItsRecordAlone()
    {
        EventFileWriter writer{path("damaged"), 1.7e9};
        const std::vector<EventScalar> all = scalars(10);
        for (const EventScalar& scalar : all)
            writer.add(scalar);
        writer.finish();
        const std::string bytes = readFile(writer.file(), 1 << 20);
        for (std::size_t size = 0; size < bytes.size(); ++size) {
            const std::filesystem::path file = path("cut");
            writeFileAtomically(file, std::string_view{bytes}.substr(0, size));
            Taken taken;
            const auto progress = EventFileReader{file}.read(std::ref(taken));
            QCOMPARE(progress.damaged, 0);
            QVERIFY(!progress.isBroken);
            QVERIFY(std::equal(taken.scalars.begin(), taken.scalars.end(), all.begin()));
        }
        for (std::size_t at = 0; at < bytes.size(); ++at) {
            const std::filesystem::path file = path("wrong");
            std::string wrong = bytes;
            wrong[at] = static_cast<char>(wrong[at] ^ 0x10);
            writeFileAtomically(file, wrong);
            Taken taken;
            const auto progress = EventFileReader{file}.read(std::ref(taken));
            QVERIFY(progress.isBroken || progress.damaged == 1);
            for (const EventScalar& scalar : taken.scalars)
                QVERIFY(std::find(all.begin(), all.end(), scalar) != all.end()); // no value that nobody wrote
        }
    }

    /// Files by tensorboard's own writer, and what tensorboard reads of ours: references/event_files.py.
    void tensorboardReadsOursAndWeReadItsOwn()
    {
        const QString python = QStringLiteral(SOURCE_DIR "/.venv/bin/python3");
        QProcess process;
        EventFileWriter writer{path("ours"), 1.7e9};
        for (const EventScalar& scalar : scalars(100))
            writer.add(scalar);
        writer.finish();
        process.start(python, {QStringLiteral(SOURCE_DIR "/tests/core/references/event_files.py"), QString::fromStdString(path("ours").string()), QString::fromStdString(path("theirs").string())});
        QVERIFY2(process.waitForFinished(120'000), "python did not end");
        if (process.exitCode() == 77)
            QSKIP("tensorboard is not installed");
        QVERIFY2(process.exitCode() == 0, process.readAllStandardError().constData());
        std::vector<QByteArray> lines;
        for (const QByteArray& line : process.readAllStandardOutput().split('\n'))
            if (!line.isEmpty())
                lines.push_back(line);
        const auto number = [](double value) { return QByteArray::number(value, 'g', 17); };
        std::vector<QByteArray> expected;
        for (const EventScalar& scalar : scalars(100))
            expected.push_back("ours " + QByteArray::fromStdString(scalar.tag) + ' ' + QByteArray::number(qlonglong{scalar.step}) + ' ' + number(scalar.value) + ' ' + number(scalar.wallTime));
        Taken taken;
        for (const auto& entry : std::filesystem::directory_iterator{path("theirs")})
            EventFileReader{entry.path()}.read(std::ref(taken));
        for (const EventScalar& scalar : taken.scalars)
            expected.push_back("theirs " + QByteArray::fromStdString(scalar.tag) + ' ' + QByteArray::number(qlonglong{scalar.step}) + ' ' + number(scalar.value) + ' ' + number(scalar.wallTime));
        std::sort(lines.begin(), lines.end());
        std::sort(expected.begin(), expected.end());
        QCOMPARE(lines.size(), expected.size());
        for (std::size_t i = 0; i < lines.size(); ++i)
            QCOMPARE(lines[i], expected[i]);
    }
};

QTEST_GUILESS_MAIN(TestEventFile)
#include "tst_event_file.moc"
