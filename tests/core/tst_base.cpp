// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/base/checksum.h"
#include "engine/core/base/files.h"
#include "engine/core/base/problem.h"
#include "engine/core/base/random.h"
#include "engine/core/checkpoint/safetensors.h"
#include "engine/core/schema/parameter_schema.h"

#include <QDir>
#include <QProcess>
#include <QTemporaryDir>
#include <QTest>
#include <cmath>
#include <cstring>

using namespace descent;

namespace {

const Schema schema{
    {.name = "kind", .label = "Kind", .type = ParameterType::choice, .defaultValue = std::string{"a"}, .choices = {{"a", "A", ""}, {"b", "B", ""}}},
    {.name = "rate", .label = "Rate", .type = ParameterType::real, .defaultValue = 0.5, .minimum = 0, .maximum = 1, .aboveMinimum = true},
    {.name = "count", .label = "Count", .type = ParameterType::integer, .defaultValue = std::int64_t{3}, .minimum = 1, .maximum = 9,
     .appliesWhen = {"kind", {std::string{"b"}}}},
};

std::vector<std::byte> file(const std::string& header, std::size_t data)
{
    std::vector<std::byte> bytes(8 + header.size() + data);
    for (std::size_t i = 0; i < 8; ++i)
        bytes[i] = static_cast<std::byte>(header.size() >> (8 * i));
    std::memcpy(bytes.data() + 8, header.data(), header.size());
    return bytes;
}

}

class TestBase : public QObject
{
    Q_OBJECT
    QTemporaryDir m_folder;

private Q_SLOTS:
    void aTextPutsItsArgumentsInPlace()
    {
        QCOMPARE(QString::fromStdString(english(text("%2 of %1, 100 % of %3", 7, "two"))), QString("two of 7, 100 % of %3"));
    }

    void theNearestNameIsASlipOfTheHand()
    {
        const std::vector<std::string> known{"epochs", "batchSize", "optimizer"};
        QCOMPARE(nearestName("epohcs", known), std::string{"epochs"});
        QCOMPARE(nearestName("BATCHSIZE", known), std::string{"batchSize"});
        QCOMPARE(nearestName("quite another", known), std::string{});
        QCOMPARE(nearestName(std::string(10'000, 'x'), known), std::string{});
    }

    void randomNumbersAreTheSameEverywhere()
    {
        // xoshiro256** seeded with splitmix64(42), the reference implementations compiled apart.
        Random random{42};
        QCOMPARE(random.next(), std::uint64_t{0x15780b2e0c2ec716u});
        QCOMPARE(random.next(), std::uint64_t{0x6104d9866d113a7eu});
    }

    void randomNumbersAreSpreadEvenly()
    {
        Random random{7};
        std::vector<int> counts(10);
        double sum = 0, squares = 0;
        for (int i = 0; i < 100'000; ++i) {
            ++counts[random.below(10)];
            const double normal = random.normal();
            sum += normal;
            squares += normal * normal;
        }
        for (const int count : counts)
            QVERIFY(std::abs(count - 10'000) < 400);
        QVERIFY(std::abs(sum / 1e5) < 0.02 && std::abs(squares / 1e5 - 1) < 0.02);
    }

    void aWrittenFileIsWholeAndNothingElseIsLeft()
    {
        const std::string path = m_folder.filePath("a.json").toStdString();
        writeFileAtomically(path, "first");
        writeFileAtomically(path, "second");
        QCOMPARE(readFile(path, 100), std::string{"second"});
        QCOMPARE(QDir{m_folder.path()}.entryList(QDir::Files | QDir::Hidden).size(), 1);
    }

    void filesThatCannotBeAreSaidToBe()
    {
        QVERIFY_EXCEPTION_THROWN(readFile(m_folder.filePath("none").toStdString(), 10), DescentError);
        QVERIFY_EXCEPTION_THROWN(readFile(m_folder.path().toStdString(), 10), DescentError);
        QVERIFY_EXCEPTION_THROWN(writeFileAtomically(m_folder.filePath("no/folder/x").toStdString(), "x"), DescentError);
        writeFileAtomically(m_folder.filePath("long").toStdString(), "12345678901");
        QVERIFY_EXCEPTION_THROWN(readFile(m_folder.filePath("long").toStdString(), 10), DescentError);
    }

    void valuesAreReadAndRefused()
    {
        QCOMPARE(std::get<double>(*parse(schema[1], "1e-3", "p").value), 1e-3);
        QVERIFY(!parse(schema[1], "0", "p") && !parse(schema[1], "2", "p") && !parse(schema[1], "x", "p") && !parse(schema[1], "nan", "p"));
        QVERIFY(!parse(schema[2], "2.5", "p") && !parse(schema[2], "", "p") && parse(schema[2], "9", "p"));
        QVERIFY(!parse(schema[0], "c", "p") && parse(schema[0], "b", "p"));
    }

    void aParameterAppliesWhenItsGovernorSaysSo()
    {
        QVERIFY(!applies(schema, {}, schema[2]));
        QVERIFY(applies(schema, {{"kind", std::string{"b"}}}, schema[2]));
    }

    void whatIsWrittenIsWhatIsRead()
    {
        const float values[] = {1.5F, -2, 3};
        const std::int64_t counts[] = {7};
        const std::vector<StoredTensor> tensors{{"layer.weight", "F32", {3}, std::as_bytes(std::span{values})}, {"n", "I64", {}, std::as_bytes(std::span{counts})}};
        const auto bytes = writeSafetensors(tensors, {{"format", "descent-1"}});
        const auto view = readSafetensors(bytes);
        QVERIFY(view.value);
        QCOMPARE(view->tensors.size(), 2U);
        QCOMPARE(view->metadata.at("format"), std::string{"descent-1"});
        QVERIFY(std::memcmp(view->tensors[0].bytes.data(), values, sizeof values) == 0);
        QVERIFY(view->tensors[1].shape.empty());
    }

    void aFileThatLiesIsRefused_data()
    {
        QTest::addColumn<QByteArray>("header");
        QTest::addColumn<int>("data");
        QTest::newRow("not JSON") << QByteArray("hello") << 0;
        QTest::newRow("no object") << QByteArray("[1]") << 0;
        QTest::newRow("unknown type") << QByteArray(R"({"a":{"dtype":"F31","shape":[1],"data_offsets":[0,4]}})") << 4;
        QTest::newRow("size and shape differ") << QByteArray(R"({"a":{"dtype":"F32","shape":[2],"data_offsets":[0,4]}})") << 4;
        QTest::newRow("beyond the end") << QByteArray(R"({"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}})") << 4;
        QTest::newRow("overflow") << QByteArray(R"({"a":{"dtype":"F32","shape":[4611686018427387904,4],"data_offsets":[0,0]}})") << 0;
        QTest::newRow("negative") << QByteArray(R"({"a":{"dtype":"F32","shape":[-1],"data_offsets":[0,4]}})") << 4;
        QTest::newRow("overlap") << QByteArray(R"({"a":{"dtype":"U8","shape":[4],"data_offsets":[0,4]},"b":{"dtype":"U8","shape":[4],"data_offsets":[2,6]}})") << 6;
        QTest::newRow("gap") << QByteArray(R"({"a":{"dtype":"U8","shape":[2],"data_offsets":[0,2]},"b":{"dtype":"U8","shape":[2],"data_offsets":[4,6]}})") << 6;
        QTest::newRow("bytes of nobody") << QByteArray(R"({"a":{"dtype":"U8","shape":[2],"data_offsets":[0,2]}})") << 6;
        QTest::newRow("a key too many") << QByteArray(R"({"a":{"dtype":"U8","shape":[2],"data_offsets":[0,2],"code":"x"}})") << 2;
    }
    void aFileThatLiesIsRefused()
    {
        QFETCH(QByteArray, header);
        QFETCH(int, data);
        QVERIFY(!readSafetensors(file(header.toStdString(), static_cast<std::size_t>(data))));
    }

    void aHeaderLongerThanItsFileIsRefused()
    {
        std::vector<std::byte> bytes(16, std::byte{0xff});
        QVERIFY(!readSafetensors(bytes));
        QVERIFY(!readSafetensors(std::span{bytes}.first(4)));
    }

    void pythonReadsOurFiles()
    {
        const QString python = SOURCE_DIR "/.venv/bin/python";
        if (QProcess::execute(python, {"-c", "import safetensors.numpy"}) != 0)
            QSKIP("the Python package safetensors is not installed");
        const float values[] = {1.5F, -2, 3, 4};
        const std::vector<StoredTensor> tensors{{"w", "F32", {2, 2}, std::as_bytes(std::span{values})}};
        const auto bytes = writeSafetensors(tensors, {{"step", "7"}});
        const QString path = m_folder.filePath("w.safetensors");
        writeFileAtomically(path.toStdString(), std::span<const std::byte>{bytes});
        QProcess process;
        process.start(python, {"-c", "import sys,safetensors.numpy as s; print(s.load_file(sys.argv[1])['w'].tolist())", path});
        QVERIFY(process.waitForFinished(60000));
        QCOMPARE(process.readAllStandardOutput().trimmed(), QByteArray("[[1.5, -2.0], [3.0, 4.0]]"));
    }

    void theSumIsSha256()
    {
        // FIPS 180-2, appendix B.1
        QCOMPARE(sha256(std::as_bytes(std::span{"abc", 3})), std::string{"ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"});
    }
};

QTEST_GUILESS_MAIN(TestBase)
#include "tst_base.moc"
