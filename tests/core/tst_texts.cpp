// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/data/dataset.h"
#include "engine/core/data/text_rows.h"

#include <QDir>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>

using namespace descent;

namespace {

const std::vector<std::string>& textsOf(const Samples& samples)
{
    return std::get<Texts>(samples.inputs).texts;
}

using Strings = std::vector<std::string>;
using Classes = std::vector<std::int64_t>;

}

class TestTexts : public QObject
{
    Q_OBJECT
    std::unique_ptr<QTemporaryDir> m_folder;

    std::string write(const QString& name, const QByteArray& content)
    {
        const QString path = m_folder->filePath(name);
        QDir{}.mkpath(QFileInfo{path}.path());
        QFile file{path};
        if (!file.open(QIODevice::WriteOnly))
            qFatal("cannot write");
        file.write(content);
        return path.toStdString();
    }
    std::string root() const { return m_folder->path().toStdString(); }

    static Result<Dataset> load(const char* kind, const std::string& path, Parameters parameters = {})
    {
        parameters["path"] = path;
        return findDatasetKind(kind)->load(parameters, {});
    }

private Q_SLOTS:
    void init() { m_folder = std::make_unique<QTemporaryDir>(); }

    void theSentencesAndTheirLabelsAreFound_data()
    {
        QTest::addColumn<QByteArray>("content");
        QTest::newRow("tabs, no header") << QByteArray{"a very good film\t1\nnot a good film\t0\nfine by me really\t1\n"};
        QTest::newRow("label first") << QByteArray{"1\ta very good film\n0\tnot a good film\n1\tfine by me really\n"};
        QTest::newRow("commas, header") << QByteArray{"review,score\na very good film,1\nnot a good film,0\nfine by me really,1\n"};
        QTest::newRow("numbered rows") << QByteArray{"id;text;label\n7;a very good film;1\n8;not a good film;0\n9;fine by me really;1\n"};
        QTest::newRow("CR LF and a mark") << QByteArray{"\xEF\xBB\xBF""a very good film\t1\r\nnot a good film\t0\r\n\r\nfine by me really\t1"};
    }
    void theSentencesAndTheirLabelsAreFound()
    {
        QFETCH(QByteArray, content);
        const auto dataset = load("text-table", write("t.csv", content));
        QVERIFY2(dataset, dataset.problems.empty() ? "" : english(dataset.problems.front()).c_str());
        QCOMPARE(textsOf(dataset->train), (Strings{"a very good film", "not a good film", "fine by me really"}));
        QCOMPARE(dataset->train.targets.classNames, (Strings{"0", "1"}));
        QCOMPARE(dataset->train.targets.classes, (Classes{1, 0, 1}));
        QVERIFY(!dataset->test);
    }

    void aQuoteInATabbedTableIsASign()
    {
        const auto dataset =
            load("text-table", write("t.tsv", "\"so good\" they say\t1\nhe said \"no\" to it\t0\n\"all of it \"\"quoted\"\" here\"\t0\n"));
        QVERIFY(dataset);
        QCOMPARE(textsOf(dataset->train), (Strings{"\"so good\" they say", "he said \"no\" to it", "all of it \"quoted\" here"}));
    }

    void rowsThatCannotBeUsedAreSetAsideWithTheirReason()
    {
        const auto dataset = load("text-table",
                                  write("t.tsv", "a very good film\t1\nnot a good film\t0\nno label for this\t\n \t1\n"
                                                 "one cell only here\nnot at caf\xE9 utf\t1\nwell that was it\t0\n"));
        QVERIFY(dataset);
        QCOMPARE(dataset->train.count(), 3);
        QCOMPARE(dataset->setAsideCount, 4);
        Strings where;
        for (const Problem& problem : dataset->setAside)
            where.push_back(problem.path);
        std::sort(where.begin(), where.end());
        QCOMPARE(where, (Strings{"t.tsv:3", "t.tsv:4", "t.tsv:5", "t.tsv:6"}));
    }

    void columnsMayBeNamed()
    {
        const std::string path = write("t.tsv", "title of it\tbody of the text\tstars\tmood\nthe one film\tit is a good film\t5\tgood\n"
                                                "the other film\tit is not that good\t1\tbad\n");
        const auto dataset = load("text-table", path, {{"text", "title of it"}, {"target", "4"}, {"header", "yes"}});
        QVERIFY(dataset);
        QCOMPARE(textsOf(dataset->train).front(), std::string{"the one film"});
        QCOMPARE(dataset->train.targets.classNames, (Strings{"bad", "good"}));
        QCOMPARE(dataset->train.targets.name, std::string{"mood"});
        QCOMPARE(load("text-table", path, {{"target", "moot"}, {"header", "yes"}}).problems.front().path, std::string{"dataset.target"});
        QCOMPARE(load("text-table", path, {{"text", "9"}}).problems.front().path, std::string{"dataset.text"});
    }

    void partsAreFoundByTheirNames_data()
    {
        QTest::addColumn<bool>("folder");
        QTest::newRow("beside the file") << false;
        QTest::newRow("in the folder") << true;
    }
    void partsAreFoundByTheirNames()
    {
        QFETCH(bool, folder);
        const std::string train = write("x-train.tsv", "a very good film\tyes\nnot a good film\tno\n");
        write("x-dev.tsv", "one to choose by\tno\n");
        write("x-test.tsv", "the first to test\tyes\nthe second of them\tmaybe\n");
        const auto dataset = load("text-table", folder ? root() : train);
        QVERIFY(dataset);
        QCOMPARE(textsOf(dataset->train), (Strings{"a very good film", "not a good film", "one to choose by"}));
        QCOMPARE(dataset->ownValidation, (Classes{2}));
        QVERIFY(dataset->test);
        QCOMPARE(textsOf(*dataset->test), Strings{"the first to test"});
        QCOMPARE(dataset->test->targets.classes, Classes{1}); // as the training part numbers them
        QCOMPARE(dataset->setAsideCount, 1);                  // "maybe" is not learnt
    }

    void whatIsNoTextTableIsRefused_data()
    {
        QTest::addColumn<QByteArray>("content");
        QTest::addColumn<QString>("where");
        QTest::newRow("empty") << QByteArray{} << "dataset.path";
        QTest::newRow("one column") << QByteArray{"only a text here\nand one more line\n"} << "dataset.path";
        QTest::newRow("numbers") << QByteArray{"1\t2\n3\t4\n5\t6\n"} << "dataset.text";
        QTest::newRow("one class") << QByteArray{"a very good film\t1\nnot a good film\t1\n"} << "dataset.target";
    }
    void whatIsNoTextTableIsRefused()
    {
        QFETCH(QByteArray, content);
        QFETCH(QString, where);
        const auto dataset = load("text-table", write("t.tsv", content));
        QVERIFY(!dataset);
        QCOMPARE(QString::fromStdString(dataset.problems.front().path), where);
    }

    void aFolderIsAClass()
    {
        write("train/neg/1.txt", "bad");
        write("train/neg/2.txt", "worse");
        write("train/neg/notes.md", "no text of the class");
        write("train/pos/1.txt", "good");
        write("train/pos/2.txt", "caf\xE9");
        write("train/unsup/1.txt", "who knows");
        write("test/neg/1.txt", "poor");
        write("test/pos/1.txt", "fine");
        const auto dataset = load("text-folder", root());
        QVERIFY(dataset);
        QCOMPARE(dataset->train.targets.classNames, (Strings{"neg", "pos"}));
        QCOMPARE(textsOf(dataset->train), (Strings{"bad", "worse", "good"}));
        QCOMPARE(dataset->train.targets.classes, (Classes{0, 0, 1}));
        QCOMPARE(textsOf(*dataset->test), (Strings{"poor", "fine"}));
        QCOMPARE(dataset->setAside.front().path, std::string{"train/pos/2.txt"});
        QCOMPARE(dataset.problems.size(), std::size_t{1}); // unsup is left out
        QVERIFY(!load("text-folder", root() + "/train/neg"));
    }

    void aCorpusIsOneText()
    {
        const auto one = load("corpus", write("a.txt", "\xEF\xBB\xBFone\r\ntwo\n"));
        QVERIFY(one);
        QCOMPARE(std::get<Corpus>(one->train.inputs).text, std::string{"one\ntwo\n"});
        write("b.txt", "three");
        write("c.txt", "\xFF");
        const auto all = load("corpus", root());
        QVERIFY(all);
        QCOMPARE(std::get<Corpus>(all->train.inputs).text, std::string{"one\ntwo\n\n\nthree"});
        QCOMPARE(all->setAsideCount, 1);
        QVERIFY(!load("corpus", root() + "/c.txt"));
        QVERIFY(!load("corpus", write("empty.txt", " \n")));
    }

    void aSourceIsKnownByWhatItHolds_data()
    {
        QTest::addColumn<QString>("name");
        QTest::addColumn<QByteArray>("content");
        QTest::addColumn<QString>("kind");
        QByteArray sentences, passengers, prose, numbers;
        for (int i = 0; i < 40; ++i) {
            const QByteArray n = QByteArray::number(i);
            sentences += "this is sentence number " + n + "\t" + QByteArray::number(i % 2) + "\n";
            passengers += QByteArray::number(i % 3) + ",\"Braund, Mr. Owen Harris " + n + "\",male,22," + n + ",A/5\n";
            prose += i % 3 == 0 ? QByteArray{"\n"} : "A line of prose, that is, number " + n + ".\n";
            numbers += n + ",0.5,0.25\n";
        }
        QTest::newRow("sentences") << "s.tsv" << sentences << "text-table";
        QTest::newRow("sentences in a .txt") << "s.txt" << sentences << "text-table";
        QTest::newRow("people") << "p.csv" << passengers << "csv";
        QTest::newRow("numbers") << "n.csv" << numbers << "csv";
        QTest::newRow("numbers in a .txt") << "n.txt" << numbers << "csv";
        QTest::newRow("prose") << "p.txt" << prose << "corpus";
        QTest::newRow("sentences by folder") << "pos/1.txt" << prose << "text-folder";
    }
    void aSourceIsKnownByWhatItHolds()
    {
        QFETCH(QString, name);
        QFETCH(QByteArray, content);
        QFETCH(QString, kind);
        const std::string path = write(name, content);
        const auto source = recognizeSource(name.contains('/') ? root() : path);
        QVERIFY(source);
        QCOMPARE(QString::fromStdString(source->kind), kind);
    }

    void realFilesAreKnown()
    {
        const std::string folder = SHARED_DATA_DIR;
        if (!QFile::exists(SHARED_DATA_DIR "/text/sst2-train.tsv"))
            QSKIP("no texts beside the checkout");
        QCOMPARE(recognizeSource(folder + "/text/sst2-train.tsv")->kind, std::string{"text-table"});
        QCOMPARE(recognizeSource(folder + "/text/tinyshakespeare.txt")->kind, std::string{"corpus"});
        for (const char* table : {"iris.csv", "wine.csv", "breast-cancer-wisconsin.csv", "housing.csv", "mammography.csv"})
            QCOMPARE(recognizeSource(folder + "/tabular/" + table)->kind, std::string{"csv"});
        const auto dataset = load("text-table", folder + "/text/sst2-train.tsv");
        QVERIFY(dataset);
        QCOMPARE(dataset->train.count(), 6920 + 872);
        QCOMPARE(dataset->ownValidation.size(), std::size_t{872});
        QCOMPARE(dataset->test->count(), 1821);
        QCOMPARE(dataset->setAsideCount, 0);
        QCOMPARE(std::count(dataset->test->targets.classes.begin(), dataset->test->targets.classes.end(), 1), 909);
    }
};

QTEST_GUILESS_MAIN(TestTexts)
#include "tst_texts.moc"
