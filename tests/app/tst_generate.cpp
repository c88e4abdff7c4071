// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/app/descent_process.h"

#include <QDir>
#include <QFile>
#include <QTest>

#include <cmath>

namespace {

QString sharedData(const QString& name)
{
    const QString given = qEnvironmentVariable("DESCENT_SHARED_DATA");
    return QDir{given.isEmpty() ? QString{SHARED_DATA_DIR} : given}.filePath(name);
}

}

/// Texts through the program a person runs: what is learnt of them, and what is written afterwards.
class TestGenerate : public QObject {
    Q_OBJECT
    DescentHome m_home;

private Q_SLOTS:
    void initTestCase()
    {
        if (!canTrain())
            QSKIP("built without the training module");
    }

    void aFinishedRunWritesOn()
    {
        QFile file{m_home.path("song.txt")};
        QVERIFY(file.open(QIODevice::WriteOnly));
        for (int i = 0; i < 300; ++i)
            file.write("row row row your boat\n");
        file.close();
        const auto trained = m_home.run({"train", "--json", "--set", "dataset.path=" + file.fileName(), "--set", "task.windowsPerEpoch=240",
                                         "--set", "task.context=16", "--set", "architecture.width=32", "--set", "architecture.depth=1", "--set",
                                         "training.threads=1", "--set", "training.learningRate=0.01"});
        QVERIFY2(trained.code == 0, trained.err);
        QCOMPARE(trained.lines().front()["task"].toString(), QString{"language-modelling"});

        const QStringList question{"generate", "last", "--prompt", "row row", "--temperature", "0", "--length", "40"};
        const auto written = m_home.run(question);
        QVERIFY2(written.code == 0, written.err);
        QVERIFY2(written.out.startsWith("row row row"), written.out);
        QVERIFY2(written.out.contains("your boat\n"), written.out);
        const auto json = m_home.run(question + QStringList{"--json"});
        QCOMPARE("row row" + json.json()["text"].toString().toUtf8() + "\n", written.out);
        QCOMPARE(m_home.run({"generate", "last", "--length", "0"}).code, 2);
        QCOMPARE(m_home.run({"generate", "last", "--top-p", "2"}).code, 2);
    }

    void aRunOfAnotherTaskDoesNotWrite()
    {
        QVERIFY(m_home.run({"train", "--json", "--set", "training.epochs=1", "--set", "dataset.kind=moons"}).code == 0);
        const auto refused = m_home.run({"generate", "last"});
        QCOMPARE(refused.code, 2);
        QVERIFY2(refused.err.contains("not to write"), refused.err);
    }

    void sentimentIsLearnt()
    {
        const QString path = sharedData("text/sst2-train.tsv");
        if (!QFileInfo::exists(path))
            QSKIP("SST-2 is not there: set DESCENT_SHARED_DATA");
        const auto outcome =
            m_home.run({"train", "--json", "--template", "sentiment", "--set", "dataset.path=" + path, "--set", "training.threads=1"});
        QVERIFY2(outcome.code == 0, outcome.err);
        const QJsonObject end = outcome.lines().back();
        qInfo("SST-2: %.2f %% test, AUC %.3f, %.1f s", 100 * end["test"]["accuracy"].toDouble(), end["test"]["auc"].toDouble(),
              end["seconds"].toDouble());
        QVERIFY(end["test"]["accuracy"].toDouble() >= 0.80);
        const QJsonObject begin = outcome.lines().front();
        QCOMPARE(begin["samples"]["validation"].toInt(), 872); // the dev file
        QCOMPARE(begin["samples"]["test"].toInt(), 1821);
    }

    /// A twentieth of the template's steps; all of them take minutes, and are measured by tests/bench/shakespeare_eager.py.
    void shakespeareIsLearnt()
    {
        const QString path = sharedData("text/tinyshakespeare.txt");
        if (!QFileInfo::exists(path))
            QSKIP("tinyshakespeare.txt is not there: set DESCENT_SHARED_DATA");
        const auto outcome = m_home.run({"train", "--json", "--template", "shakespeare", "--set", "dataset.path=" + path, "--set",
                                         "task.windowsPerEpoch=1200", "--set", "training.epochs=1", "--set", "training.warmupEpochs=0.2"});
        QVERIFY2(outcome.code == 0, outcome.err);
        const QJsonObject best = outcome.lines().back()["best"].toObject();
        qInfo("Shakespeare after 100 steps: loss %.3f", best["loss/validation"].toDouble());
        QVERIFY(best["loss/validation"].toDouble() < 2.8); // 4.2 before; 3.3 by the frequency of letters alone
        QVERIFY(std::abs(best["bits-per-character/validation"].toDouble() - best["loss/validation"].toDouble() / std::log(2.0)) < 1e-3);
    }
};

QTEST_GUILESS_MAIN(TestGenerate)
#include "tst_generate.moc"
