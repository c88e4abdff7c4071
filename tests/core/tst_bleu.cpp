// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/metrics/bleu.h"
#include "engine/core/metrics/chrf.h"
#include "tests/core/metric_references.h"

#include <QFile>
#include <QTest>

using namespace descent;

namespace {

using Lines = std::vector<std::string>;

/// The rule of references/bleu.py.
Lines worsened(const Lines& lines)
{
    Lines result;
    for (std::size_t i = 0; i < lines.size(); ++i) {
        const QStringList words = QString::fromStdString(i % 4 == 0 ? lines[(i + 1) % lines.size()] : lines[i]).split(' ');
        QStringList kept;
        for (int k = 0; k < words.size(); ++k)
            if ((k + 1) % static_cast<int>(3 + i % 5) != 0)
                kept << words[k];
        result.push_back(kept.join(' ').toStdString());
    }
    return result;
}

void compare(const Lines& hypotheses, const Lines& references, const nlohmann::json& expected)
{
    const BleuScore score = corpusBleu(hypotheses, references, expected["lowercase"]);
    COMPARE_NEAR(corpusChrf(hypotheses, references, expected["lowercase"]), expected["chrf"], 1e-9);
    COMPARE_NEAR(score.score, expected["score"], 1e-9);
    COMPARE_NEAR(score.brevityPenalty, expected["penalty"], 1e-9);
    for (std::size_t n = 0; n < BleuScore::order; ++n) {
        QCOMPARE(score.matches[n], expected["matches"][n].get<std::int64_t>());
        QCOMPARE(score.counts[n], expected["counts"][n].get<std::int64_t>());
        COMPARE_NEAR(score.precisions[n], expected["precisions"][n], 1e-9);
    }
    QCOMPARE(score.hypothesisLength, expected["lengths"][0].get<std::int64_t>());
    QCOMPARE(score.referenceLength, expected["lengths"][1].get<std::int64_t>());
}

}

/// tests/core/references/bleu.py says where the reference numbers come from.
class TestBleu : public QObject {
    Q_OBJECT
    nlohmann::json m_reference;

private Q_SLOTS:
    void initTestCase() { m_reference = reference("bleu.json"); }

    void wordsAreThoseOf13a()
    {
        for (const auto& entry : m_reference["tokens"]) {
            const std::string text = entry[0];
            QVERIFY2(tokenize13a(text) == entry[1].get<Lines>(), qPrintable(QString::fromStdString(text)));
        }
    }

    void scoresAreSacrebleus_data()
    {
        QTest::addColumn<int>("index");
        for (std::size_t i = 0; i < m_reference["cases"].size(); ++i)
            QTest::newRow(m_reference["cases"][i]["name"].get<std::string>().c_str()) << static_cast<int>(i);
    }
    void scoresAreSacrebleus()
    {
        QFETCH(int, index);
        const nlohmann::json one = m_reference["cases"][static_cast<std::size_t>(index)];
        compare(one["hypotheses"].get<Lines>(), one["references"].get<Lines>(), one);
    }

    void aCorpusOfGermanScoresAsInSacrebleu()
    {
        QFile file{SHARED_DATA_DIR "/translation/multi30k-val.de"};
        if (!file.open(QIODevice::ReadOnly))
            QSKIP("../shared/data/translation is not here");
        Lines lines;
        for (const QString& line : QString::fromUtf8(file.readAll()).trimmed().split('\n'))
            lines.push_back(line.toStdString());
        for (const auto& one : m_reference["german"])
            compare(worsened(lines), lines, one);
        QVERIFY(m_reference["german"][0]["score"] > 20);
    }

    void signaturesAreSacrebleusButForWhoMadeThem()
    {
        for (const auto& one : m_reference["cases"]) {
            const bool lowercase = one["lowercase"];
            for (const auto& [ours, theirs] : {std::pair{bleuSignature(lowercase), one["signature"].get<std::string>()},
                                               std::pair{chrfSignature(lowercase), one["chrfSignature"].get<std::string>()}}) {
                const std::size_t length = theirs.find("version:");
                QCOMPARE(ours.substr(0, length), theirs.substr(0, length));
                QCOMPARE(ours.substr(length), std::string{"version:descent-" DESCENT_VERSION});
            }
        }
    }

    void bytesThatAreNotTextDoNoHarm()
    {
        QCOMPARE(tokenize13a("a\xFF\xC3 b\xE2\x80"), (Lines{"a\xFF\xC3", "b\xE2\x80"}));
        const Lines broken{"\xC3 a b c \x80\x80.", std::string(3, '\0')};
        QCOMPARE(corpusBleu(broken, broken, true).precisions[0], 100.0);
        QCOMPARE(corpusChrf(broken, broken, true), 100.0);
    }

    void withoutASentenceThereIsNoScore()
    {
        QVERIFY(std::isnan(corpusBleu({}, {}).score) && std::isnan(corpusChrf({}, {})));
        QVERIFY_THROWS_EXCEPTION(std::invalid_argument, corpusBleu(Lines{"a"}, Lines{}));
        QVERIFY_THROWS_EXCEPTION(std::invalid_argument, corpusChrf(Lines{"a"}, Lines{}));
    }

    void aLongSentenceTakesNoLongTime()
    {
        std::string sentence;
        for (int i = 0; i < 50'000; ++i)
            sentence += "a ";
        QBENCHMARK_ONCE
        {
            QCOMPARE(corpusBleu(Lines{sentence}, Lines{sentence}).score, 100.0);
        }
    }
};

QTEST_GUILESS_MAIN(TestBleu)
#include "tst_bleu.moc"
