// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/app/descent_process.h"

#include <QDir>
#include <QFile>
#include <QJsonArray>
#include <QTest>

/// What a finished run says of pictures and texts of a person, through the program.
class TestAsking : public QObject
{
    Q_OBJECT
    DescentHome m_home;

    QString write(const QString& name, const QByteArray& bytes) const
    {
        QDir{}.mkpath(QFileInfo{m_home.path(name)}.path());
        QFile file{m_home.path(name)};
        if (!file.open(QIODevice::WriteOnly) || file.write(bytes) != bytes.size())
            qFatal("cannot write %s", qPrintable(name));
        return file.fileName();
    }
    /// A PNG that was made by hand: 1 x 1, grey. Black or white.
    QString dot(const QString& name, bool white) const
    {
        return write(name, QByteArray::fromBase64(white ? "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGP4DwABAQEAsTj2FAAAAABJRU5ErkJggg=="
                                                        : "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGNgAAAAAgABSK+kcQAAAABJRU5ErkJggg=="));
    }

private Q_SLOTS:
    void initTestCase()
    {
        if (!canTrain())
            QSKIP("built without the training module");
    }

    void picturesAreClassified()
    {
        for (int i = 0; i < 20; ++i) {
            dot(QString{"dots/black/%1.png"}.arg(i), false);
            dot(QString{"dots/white/%1.png"}.arg(i), true);
        }
        const auto trained = m_home.run({"train", "--json", "--set", "dataset.path=" + m_home.path("dots"), "--set", "dataset.size=8", "--set", "architecture.kind=mlp",
                                         "--set", "training.epochs=20", "--set", "training.batchSize=4"});
        QVERIFY2(trained.code == 0, trained.err);
        const auto said = m_home.run({"classify", "last", "--picture", m_home.path("dots/white/1.png"), "--picture", m_home.path("dots/black/1.png"), "--json"});
        QVERIFY2(said.code == 0, said.err);
        const QJsonArray pictures = said.json().array();
        QCOMPARE(pictures.size(), 2);
        const auto first = [&](int picture) { return pictures[picture].toObject()["classes"].toArray()[0].toObject(); };
        QCOMPARE(first(0)["class"].toString(), QString{"white"});
        QCOMPARE(first(1)["class"].toString(), QString{"black"});
        QVERIFY(first(0)["probability"].toDouble() > 0.5);
        QVERIFY(m_home.run({"classify", "last", "--picture", m_home.path("dots/white/1.png")}).out.contains("white"));

        for (const QStringList& wrong : {QStringList{"classify", "last"}, {"classify", "last", "--text", "a film"}, {"classify", "last", "--picture", "none.png"},
                                         {"classify", "last", "--picture", m_home.path("dots/white/1.png"), "--labels", "a,b"}}) {
            const auto refused = m_home.run(wrong);
            QCOMPARE(refused.code, 2);
            QVERIFY(!refused.err.isEmpty());
        }
    }

    void textsAreClassified()
    {
        QByteArray table = "text\tlabel\n";
        for (int i = 0; i < 60; ++i)
            table += i % 2 == 0 ? "what a lovely warm film\tgood\n" : "what a dull cold bore\tbad\n";
        const auto trained = m_home.run({"train", "--json", "--template", "sentiment", "--set", "dataset.path=" + write("films.tsv", table), "--set", "dataset.text=text", "--set", "training.epochs=8",
                                         "--set", "training.batchSize=8"});
        QVERIFY2(trained.code == 0, trained.err);
        const auto said = m_home.run({"classify", "last", "--text", "a lovely warm one", "--text", "dull and cold", "--json"});
        QVERIFY2(said.code == 0, said.err);
        QCOMPARE(said.json().array()[0].toObject()["classes"].toArray()[0].toObject()["class"].toString(), QString{"good"});
        QCOMPARE(said.json().array()[1].toObject()["classes"].toArray()[0].toObject()["class"].toString(), QString{"bad"});
        QCOMPARE(m_home.run({"classify", "last", "--text", ""}).code, 2);
    }

    void picturesLargerThanMemoryAreTrainedOn()
    {
        qputenv("DESCENT_DATA_MEMORY", "1K");
        const auto trained = m_home.run({"train", "--json", "--set", "dataset.path=" + m_home.path("dots"), "--set", "dataset.size=32", "--set", "architecture.kind=mlp",
                                         "--set", "training.epochs=2", "--set", "training.batchSize=4"});
        qunsetenv("DESCENT_DATA_MEMORY");
        QVERIFY2(trained.code == 0, trained.err);
        QVERIFY(!QDir{m_home.path("cache/pictures")}.isEmpty());
    }
};

QTEST_GUILESS_MAIN(TestAsking)
#include "tst_asking.moc"
