// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/app/descent_process.h"

#include <QFile>
#include <QJsonArray>
#include <QTest>

/// A messy table through the program a person runs: looked at, cleaned by the recipe, and asked about new rows.
class TestPreparedTables : public QObject {
    Q_OBJECT
    DescentHome m_home;
    QString m_table;

    QString write(const QString& name, const QByteArray& content)
    {
        QFile file{m_home.path(name)};
        if (!file.open(QIODevice::WriteOnly) || file.write(content) != content.size())
            qFatal("cannot write %s", qPrintable(file.fileName()));
        return file.fileName();
    }

private Q_SLOTS:
    void initTestCase()
    {
        QByteArray table = "customer,size,kind,answer\n";
        for (int i = 0; i < 400; ++i) {
            const QByteArray row = "C" + QByteArray::number(i) + "," + (i % 16 == 0 ? QByteArray{} : QByteArray::number(i % 80)) + "," + (i % 3 ? "a" : "b") + ","
                + (i % 80 > 40 ? "yes" : "no") + "\n";
            table += row + (i % 40 == 0 ? row : QByteArray{});
        }
        m_table = write("messy.csv", table + "C999,\"1,a,no\n");
    }

    void inspectingSaysWhatMendsIt()
    {
        const auto outcome = m_home.run({"data", "inspect", m_table, "--json"});
        QVERIFY2(outcome.code == 0, outcome.err);
        const QJsonObject json = outcome.json().object();
        QCOMPARE(json["setAside"].toInt(), 1);
        const QJsonObject quality = json["quality"].toObject();
        bool repeats = false;
        for (const QJsonValue& finding : quality["findings"].toArray())
            for (const QJsonValue& set : finding.toObject()["set"].toArray())
                repeats = repeats || set.toString() == "cleaning.duplicates=set-aside";
        QVERIFY2(repeats, outcome.out);
        QCOMPARE(quality["columns"].toArray().first().toObject()["role"].toString(), QString{"ignore"});
        const auto mended = m_home.run({"data", "inspect", m_table, "--json", "--set", "cleaning.duplicates=set-aside"});
        const QJsonObject after = mended.json().object()["quality"].toObject();
        QVERIFY2(after["setAside"].toInt() >= 10, mended.out);
    }

    void aTableIsWrittenAsTheNetworkSeesIt()
    {
        const auto outcome = m_home.run({"data", "prepare", "--set", "dataset.path=" + m_table, "--set", "cleaning.duplicates=set-aside", "--set",
                                         "cleaning.columns.size.missing=own", "-o", m_home.path("out.csv")});
        QVERIFY2(outcome.code == 0, outcome.err);
        QFile file{m_home.path("out.csv")};
        QVERIFY(file.open(QIODevice::ReadOnly));
        QCOMPARE(file.readLine(), QByteArray{"size,size=(missing),kind=b,kind=a,answer,part\n"});
        const auto wrong = m_home.run({"data", "prepare", "--set", "dataset.path=" + m_table, "--set", "cleaning.columns.siz.missing=own"});
        QCOMPARE(wrong.code, 2);
        QVERIFY2(wrong.err.contains("did you mean \"size\"?"), wrong.err);
    }

    void aFinishedRunPreparesNewRowsAsItsOwn()
    {
        if (!canTrain())
            QSKIP("built without the training module");
        const auto trained = m_home.run({"train", "--json", "--set", "dataset.path=" + m_table, "--set", "cleaning.duplicates=set-aside", "--set",
                                         "cleaning.columns.size.outliers=clip", "--set", "training.epochs=60", "--set", "training.threads=1"});
        QVERIFY2(trained.code == 0, trained.err);
        // Other order, a column more, no target; a size far out is drawn in, an unknown kind and a gap are filled.
        const QString rows = write("new.csv", "kind,more,size\na,1,79\nb,2,2\nz,3,1e9\na,4,\n");
        const auto answer = m_home.run({"predict", "last", rows});
        QVERIFY2(answer.code == 0, answer.err);
        const QList<QByteArray> lines = answer.out.split('\n');
        QCOMPARE(lines.size(), 6);
        QCOMPARE(lines[0], QByteArray{"answer,p(no),p(yes)"});
        QVERIFY2(lines[1].startsWith("yes,") && lines[2].startsWith("no,") && lines[3].startsWith("yes,"), answer.out);
        const auto again = m_home.run({"predict", "last", write("one.csv", "size,kind\n79,a\n2,b\n")});
        QCOMPARE(again.out.split('\n')[1], lines[1]); // the company of other rows changes nothing
        const auto wrong = m_home.run({"predict", "last", write("wrong.csv", "sizes,kind\n79,a\n2,b\n")});
        QCOMPARE(wrong.code, 2);
        QVERIFY2(wrong.err.contains("did you mean \"sizes\"?"), wrong.err);
    }
};

QTEST_GUILESS_MAIN(TestPreparedTables)
#include "tst_prepared_tables.moc"
