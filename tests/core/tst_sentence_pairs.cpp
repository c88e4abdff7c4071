// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/data/dataset.h"
#include "engine/core/data/preparation.h"
#include "engine/core/data/sentence_files.h"

#include <QDir>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>
#include <set>

using namespace descent;

namespace {

void write(const QString& path, const QByteArray& bytes)
{
    QDir{}.mkpath(QFileInfo{path}.path());
    QFile file{path};
    if (!file.open(QIODevice::WriteOnly) || file.write(bytes) != bytes.size())
        qFatal("cannot write %s", qPrintable(path));
}

const std::vector<std::string>& sources(const Samples& samples)
{
    return std::get<Texts>(samples.inputs).texts;
}

using Strings = std::vector<std::string>;

/// The day that a date of the built-in data names, read by rules of this test's own.
std::string isoOf(const std::string& written)
{
    static const QStringList english{"jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"};
    static const QStringList german{"jan", "feb", "mär", "apr", "mai", "jun", "jul", "aug", "sep", "okt", "nov", "dez"};
    const QString text = QString::fromStdString(written).toLower().replace("mrz", "mär");
    int month = 0;
    for (const QString& word : text.split(QRegularExpression{"[^a-zäöü]+"}))
        for (int i = 0; i < 12 && word.size() >= 3; ++i)
            // A weekday never begins like a month but for "mon", which is none.
            if (word.startsWith(english[i]) || word.startsWith(german[i]))
                month = i + 1;
    QList<int> numbers;
    for (auto match = QRegularExpression{"[0-9]+"}.globalMatch(text); match.hasNext();)
        numbers.push_back(match.next().captured().toInt());
    if (month == 0 && text.contains('/'))
        month = numbers.takeFirst();
    else if (month == 0)
        month = numbers.takeAt(1);
    if (numbers.size() != 2)
        return "?";
    const int year = numbers[1] >= 100 ? numbers[1] : numbers[1] >= 70 ? 1900 + numbers[1] : 2000 + numbers[1];
    return QString::asprintf("%d-%02d-%02d", year, month, numbers[0]).toStdString();
}

}

class TestSentencePairs : public QObject
{
    Q_OBJECT
    QTemporaryDir m_folder;

    QString at(const char* name) const { return m_folder.filePath(name); }
    static Result<Dataset> load(Parameters parameters) { return findDatasetKind("sentence-pairs")->load(parameters, {}); }
    Parameters path(const char* name) const { return {{"path", at(name).toStdString()}}; }

private Q_SLOTS:
    void twoFilesAreReadLineByLine()
    {
        write(at("a.de"), "\xEF\xBB\xBF" "Ein Hund.\r\nEine Katze.\n\n");
        write(at("a.en"), "A dog.\nA cat.\n");
        Parameters parameters = path("a.de");
        parameters["targetPath"] = at("a.en").toStdString();
        const auto dataset = load(parameters);
        QVERIFY(dataset);
        QCOMPARE(sources(dataset->train), (Strings{"Ein Hund.", "Eine Katze."}));
        QCOMPARE(dataset->train.targets.texts, (Strings{"A dog.", "A cat."}));
        QCOMPARE(dataset->train.targets.name, std::string{"en"});
        QCOMPARE(dataset->name, std::string{"a.de (de → en)"});
        QCOMPARE(dataset->setAsideCount, 0);
    }

    void filesOfDifferentLengthAreRefusedWithBothLengths()
    {
        write(at("b.de"), "eins\nzwei\ndrei\n");
        write(at("b.en"), "one\nthree\n");
        Parameters parameters = path("b.de");
        parameters["targetPath"] = at("b.en").toStdString();
        const auto dataset = load(parameters);
        QVERIFY(!dataset);
        QCOMPARE(english(dataset.problems.front().message), std::string{"b.de has 3 lines and b.en has 2: they do not belong together"});
    }

    void pairsWithAFaultySideAreSetAsideWithTheReason()
    {
        write(at("c.de"), "gut\n\nkaputt \xFF\nein zwei drei vier\n" + QByteArray(10'001, 'x') + "\n");
        write(at("c.en"), "good\nempty\nbroken\nlong\nlonger\n");
        Parameters parameters = path("c.de");
        parameters["targetPath"] = at("c.en").toStdString();
        parameters["maximumWords"] = std::int64_t{3};
        const auto dataset = load(parameters);
        QVERIFY(dataset);
        QCOMPARE(sources(dataset->train), (Strings{"gut"}));
        QCOMPARE(dataset->setAsideCount, 4);
        Strings told;
        for (const Problem& problem : dataset->setAside)
            told.push_back(english(problem));
        QCOMPARE(told, (Strings{"c.de:2: an empty line", "c.de:3: not UTF-8 text", "c.de:4: longer than 3 words", "c.de:5: longer than 10000 bytes"}));
    }

    void aTableIsReadByColumnNamesAndNumbers()
    {
        write(at("t.tsv"), "en\tde\tnote\nA dog runs.\tEin Hund rennt.\tx\nonly one\nA cat.\tEine Katze.\ty\n");
        Parameters parameters = path("t.tsv");
        parameters["source"] = std::string{"de"};
        parameters["target"] = std::string{"en"};
        const auto named = load(parameters);
        QVERIFY(named);
        QCOMPARE(sources(named->train), (Strings{"Ein Hund rennt.", "Eine Katze."}));
        QCOMPARE(named->train.targets.texts, (Strings{"A dog runs.", "A cat."}));
        QCOMPARE(english(named->setAside.front()), std::string{"t.tsv:3: there is no column 2"});

        write(at("u.tsv"), "A dog.\tEin Hund.\nA cat.\tEine Katze.\n");
        parameters = path("u.tsv");
        QCOMPARE(sources(load(parameters)->train), (Strings{"A dog.", "A cat."}));
        parameters["source"] = std::string{"2"};
        QCOMPARE(sources(load(parameters)->train), (Strings{"Ein Hund.", "Eine Katze."}));
        parameters["source"] = std::string{"7"};
        QCOMPARE(load(parameters).problems.front().path, std::string{"dataset.source"});
        write(at("v.txt"), "no tab here\n");
        QVERIFY(!load(path("v.txt")));
    }

    void aFolderGivesItsPartsAndKeepsThem()
    {
        for (const auto& [part, lines] : {std::pair{"train", 5}, {"val", 2}, {"test_2016", 3}, {"test_2017", 1}})
            for (const char* language : {"de", "en"}) {
                QByteArray content;
                for (int i = 0; i < lines; ++i)
                    content += QByteArray{language} + " " + part + " " + QByteArray::number(i) + "\n";
                write(at("multi/data-") + part + "." + language, content);
            }
        write(at("multi/README.md"), "not a language");
        const auto dataset = load(path("multi"));
        QVERIFY(dataset);
        QCOMPARE(dataset->train.count(), 7);
        QCOMPARE(sources(dataset->train)[0], std::string{"de train 0"});
        QCOMPARE(dataset->train.targets.texts[6], std::string{"en val 1"});
        QCOMPARE(dataset->ownValidation, (std::vector<std::int64_t>{5, 6}));
        QCOMPARE(dataset->test->count(), 3);
        QCOMPARE(english(dataset.problems.front().message), std::string{"data-test_2017 is not read: data-test_2016 is"});

        const auto split = splitDataset(*dataset, {}, 1);
        QCOMPARE(split->validation, dataset->ownValidation);
        QCOMPARE(split->train, (std::vector<std::int64_t>{0, 1, 2, 3, 4}));
        QCOMPARE(split->test, (std::vector<std::int64_t>{0, 1, 2}));

        Parameters back = path("multi");
        back["source"] = std::string{"en"};
        QCOMPARE(load(back)->train.targets.texts[0], std::string{"de train 0"});
        back["target"] = std::string{"en"};
        QCOMPARE(load(back).problems.front().path, std::string{"dataset.target"});
        back["target"] = std::string{"fr"};
        QCOMPARE(english(load(back).problems.front().hint), std::string{"choose one of: de, en"});
    }

    void ofThreeLanguagesTwoMustBeChosen()
    {
        for (const char* language : {"de", "en", "pt-br"})
            write(at("three/train.") + language, QByteArray{language} + "\n");
        QCOMPARE(load(path("three")).problems.front().path, std::string{"dataset.source"});
        Parameters parameters = path("three");
        parameters["source"] = std::string{"pt-br"};
        QCOMPARE(load(parameters).problems.front().path, std::string{"dataset.target"});
        parameters["target"] = std::string{"de"};
        QCOMPARE(load(parameters)->train.targets.texts, (Strings{"de"}));
    }

    void partsMayBeNamedOneByOne()
    {
        write(at("n/x.de"), "a\nb\n");
        write(at("n/x.en"), "A\nB\n");
        write(at("n/held.tsv"), "c\tC\n");
        Parameters parameters = path("n/x.de");
        parameters["targetPath"] = at("n/x.en").toStdString();
        parameters["validationPath"] = at("n/held.tsv").toStdString();
        parameters["testPath"] = at("n/held.tsv").toStdString();
        const auto dataset = load(parameters);
        QVERIFY(dataset);
        QCOMPARE(dataset->ownValidation, (std::vector<std::int64_t>{2}));
        QCOMPARE(dataset->test->targets.texts, (Strings{"C"}));
        parameters["testPath"] = at("n/nowhere").toStdString();
        QCOMPARE(load(parameters).problems.front().path, std::string{"dataset.testPath"});
    }

    void sourcesAreRecognised()
    {
        write(at("r/train.de"), "x\n");
        write(at("r/train.en"), "y\n");
        const auto folder = recognizeSource(at("r").toStdString());
        QCOMPARE(folder->kind, std::string{"sentence-pairs"});
        const auto file = recognizeSource(at("r/train.en").toStdString());
        QCOMPARE(file->kind, std::string{"sentence-pairs"});
        QCOMPARE(std::get<std::string>(file->parameters.at("targetPath")), at("r/train.de").toStdString());
        write(at("pairs.tsv"), "Go away.\tGeh weg.\nCome to me.\tKomm zu mir.\n");
        QCOMPARE(recognizeSource(at("pairs.tsv").toStdString())->kind, std::string{"sentence-pairs"});
        write(at("labels.tsv"), "a fine film\tpos\nnot so fine\tneg\nvery good\tpos\n");
        QCOMPARE(recognizeSource(at("labels.tsv").toStdString())->kind, std::string{"csv"});
        write(at("code/train.cpp"), "");
        QVERIFY(!recognizeSource(at("code").toStdString()));
    }

    void languagesAreFileEndings()
    {
        QCOMPARE(languageEnding("train.de"), std::string{"de"});
        QCOMPARE(languageEnding("train.de-en.pt-br.gz"), std::string{"pt-br"});
        QCOMPARE(languageEnding("a.zh_Hans"), std::string{"zh_Hans"});
        for (const char* name : {"train", "a.csv", "b.txt", "c.json", ".de", "d.mp3", "e.DE", "f.d"})
            QVERIFY2(languageEnding(name).empty(), name);
    }

    void datesAreWrittenManyWaysAndMeanTheDayGiven()
    {
        const auto dataset = findDatasetKind("date-pairs")->load({{"samples", std::int64_t{3000}}}, {});
        QCOMPARE(dataset->train.count(), 3000);
        QCOMPARE(dataset->test->count(), 500);
        std::set<std::string> seen;
        for (const Samples* part : {&dataset->train, &*dataset->test})
            for (std::size_t i = 0; i < sources(*part).size(); ++i) {
                QCOMPARE(isoOf(sources(*part)[i]), part->targets.texts[i]);
                QVERIFY2(seen.insert(sources(*part)[i]).second, "a text of the test part was among those learnt from");
            }
        const auto again = findDatasetKind("date-pairs")->load({{"samples", std::int64_t{3000}}}, {});
        QCOMPARE(sources(again->train), sources(dataset->train));
        const auto other = findDatasetKind("date-pairs")->load({{"samples", std::int64_t{3000}}, {"seed", std::int64_t{2}}}, {});
        QVERIFY(sources(other->train) != sources(dataset->train));
        QVERIFY(findDatasetKind("date-pairs")->load({{"samples", std::int64_t{100'000}}, {"languages", std::string{"german"}}}, {}));
    }

    void multi30kIsRead()
    {
        const QString folder = SHARED_DATA_DIR "/translation";
        if (!QDir{folder}.exists())
            QSKIP("there is no real data beside this checkout");
        const auto source = recognizeSource(folder.toStdString());
        QCOMPARE(source->kind, std::string{"sentence-pairs"});
        const auto dataset = load(source->parameters);
        QVERIFY(dataset);
        QCOMPARE(dataset->train.count() - std::ssize(dataset->ownValidation), 29000);
        QCOMPARE(std::ssize(dataset->ownValidation), 1014);
        QCOMPARE(dataset->test->count(), 1000);
        QCOMPARE(sources(dataset->train)[0], std::string{"Zwei junge weiße Männer sind im Freien in der Nähe vieler Büsche."});
        QCOMPARE(dataset->train.targets.texts[0], std::string{"Two young, White males are outside near many bushes."});
    }
};

QTEST_GUILESS_MAIN(TestSentencePairs)
#include "tst_sentence_pairs.moc"
