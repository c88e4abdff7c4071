// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/app/descent_process.h"

#include <QJsonArray>
#include <QTest>

/// What the command line tells of the inside of a training, and what it advises.
class TestInsightOutput : public QObject {
    Q_OBJECT
    DescentHome m_home;

private Q_SLOTS:
    void initTestCase()
    {
        if (!canTrain())
            QSKIP("built without the training module");
    }

    void layersAreToldToWhoAsks()
    {
        const QStringList training{"train", "--set", "training.epochs=30"};
        const auto told = m_home.run(training + QStringList{"--json", "--layers"});
        QCOMPARE(told.code, 0);
        int reports = 0;
        for (const QJsonObject& line : told.lines())
            if (line["event"] == "layers") {
                ++reports;
                QVERIFY(line["layers"].toArray().size() >= 3);
                QVERIFY(line["layers"].toArray()[0].toObject()["weights"].toObject()["counts"].toArray().size() > 0);
            }
        QVERIFY(reports > 0);
        const auto table = m_home.run(training + QStringList{"--layers"});
        QVERIFY(table.out.contains("STEP/WEIGHTS") && table.out.contains("fc1"));
        const auto silent = m_home.run(training + QStringList{"--json"});
        for (const QJsonObject& line : silent.lines())
            QVERIFY(line["event"] != "layers");
    }

    void aWildRateIsToldWithTheWayOut()
    {
        const auto told = m_home.run({"train", "--set", "training.learningRate=3", "--set", "training.epochs=8", "--set", "training.optimizer=sgd",
                                      "--set", "training.schedule=constant"});
        QVERIFY2(told.out.contains("--set training.learningRate="), told.out.right(2000));
        QStringList ids;
        for (const QJsonValue& one : m_home.run({"show", "last", "--json"}).json().object()["advice"].toArray())
            ids << one.toObject()["id"].toString();
        QVERIFY2(ids.contains("rate-too-high"), qPrintable(ids.join(' ')));
        QVERIFY(m_home.run({"show", "last"}).out.contains("--set training.learningRate="));
    }
};

QTEST_GUILESS_MAIN(TestInsightOutput)
#include "tst_insight_output.moc"
