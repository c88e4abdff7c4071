// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/app/descent_process.h"

#include <QDir>
#include <QElapsedTimer>
#include <QJsonArray>
#include <QTest>

#include <cmath>

namespace {

/// Qt's watchdog ends a function after five minutes; some trainings take longer, by hand as well as by ctest.
const bool isPatient = qEnvironmentVariableIsSet("QTEST_FUNCTION_TIMEOUT") || qputenv("QTEST_FUNCTION_TIMEOUT", "7200000");

/// Real data lies outside the repository, since it is not ours to give on.
QString sharedData(const QString& name)
{
    const QString given = qEnvironmentVariable("DESCENT_SHARED_DATA");
    return QDir{given.isEmpty() ? QString{SHARED_DATA_DIR} : given}.filePath(name);
}

}

/// What the project promises of real data, through the program a person runs.
class TestMustShow : public QObject {
    Q_OBJECT
    DescentHome m_home;

    const QJsonObject endOf(const QStringList& arguments) const
    {
        const auto outcome = m_home.run(QStringList{"train", "--json"} + arguments);
        const auto lines = outcome.lines();
        if (outcome.code != 0)
            qWarning("%s", outcome.err.constData());
        return lines.empty() ? QJsonObject{} : lines.back();
    }
    double testAccuracy(const QStringList& arguments) const { return endOf(arguments)["test"]["accuracy"].toDouble(); }

private Q_SLOTS:
    void initTestCase()
    {
        if (!canTrain())
            QSKIP("built without the training module");
    }

    void theSmallNetworkReadsMnistAfterOneEpoch()
    {
        const QString mnist = sharedData("mnist");
        if (!QFileInfo::exists(mnist))
            QSKIP("MNIST is not there: set DESCENT_SHARED_DATA");
        const QJsonObject end = endOf({"--template", "mnist", "--set", "dataset.path=" + mnist, "--set", "training.epochs=1"});
        const double accuracy = end["test"]["accuracy"].toDouble();
        qInfo("MNIST, one epoch: %.2f %%", 100 * accuracy);
        QVERIFY(accuracy >= 0.985);
    }

    void spiralsAreParted()
    {
        const double accuracy = testAccuracy({"--template", "spirals", "--set", "training.threads=1"});
        qInfo("spirals: %.2f %%", 100 * accuracy);
        QVERIFY(accuracy >= 0.97);
    }

    void tablesAreLearnt_data()
    {
        QTest::addColumn<QString>("file");
        QTest::newRow("iris") << "iris.csv";
        QTest::newRow("wine") << "wine.csv";
        QTest::newRow("breast cancer") << "breast-cancer-wisconsin.csv";
    }
    void tablesAreLearnt()
    {
        QFETCH(QString, file);
        const QString path = sharedData("tabular/" + file);
        if (!QFileInfo::exists(path))
            QSKIP("the tables are not there: set DESCENT_SHARED_DATA");
        // A test part of 23 flowers says little alone, so this is the mean over five splits.
        constexpr int seeds = 5;
        double sum = 0;
        for (int seed = 1; seed <= seeds; ++seed)
            sum += testAccuracy(
                {"--set", "dataset.path=" + path, "--set", QString{"seed=%1"}.arg(seed), "--set", "training.threads=1"});
        qInfo("%s: %.2f %% on average", qPrintable(file), 100 * sum / seeds);
        QVERIFY(sum / seeds >= 0.93);
    }

    void theRareClassIsFound()
    {
        const QString path = sharedData("tabular/mammography.csv");
        if (!QFileInfo::exists(path))
            QSKIP("the tables are not there: set DESCENT_SHARED_DATA");
        const QJsonObject end = endOf({"--template", "fraud", "--set", "dataset.path=" + path, "--set", "training.threads=1"});
        const double precision = end["test"]["average-precision"].toDouble();
        qInfo("mammography, 2.3 %% positive: average precision %.3f, AUC %.3f, F1 %.3f at the threshold of validation", precision,
              end["test"]["auc"].toDouble(), end["test"]["f1"].toDouble());
        QVERIFY(precision >= 0.70);
        QCOMPARE(end["test"]["threshold"].toDouble(), end["best"]["threshold/validation"].toDouble());
    }

    void numbersAreForetold_data()
    {
        QTest::addColumn<QString>("file");
        QTest::addColumn<double>("atLeast"); // R2
        QTest::newRow("housing") << "housing.csv" << 0.75;
        QTest::newRow("wine quality") << "winequality-red.csv" << 0.30;
    }
    void numbersAreForetold()
    {
        QFETCH(QString, file);
        QFETCH(double, atLeast);
        const QString path = sharedData("tabular/" + file);
        if (!QFileInfo::exists(path))
            QSKIP("the tables are not there: set DESCENT_SHARED_DATA");
        constexpr int seeds = 3;
        double r2 = 0, mae = 0;
        for (int seed = 1; seed <= seeds; ++seed) {
            const QJsonObject end = endOf({"--template", "prices", "--set", "dataset.path=" + path, "--set", QString{"seed=%1"}.arg(seed), "--set", "training.threads=1"});
            r2 += end["test"]["r2"].toDouble() / seeds;
            mae += end["test"]["mae"].toDouble() / seeds;
        }
        qInfo("%s: R2 %.3f, mean absolute error %.3f on average", qPrintable(file), r2, mae);
        QVERIFY(r2 >= atLeast);
    }

    void orderTimeAndValuesTellMoreThanCodes()
    {
        const QStringList records{"--template", "records", "--set", "training.threads=1"};
        const QJsonObject sequence = endOf(records)["test"].toObject();
        const QJsonObject bag = endOf(records + QStringList{"--set", "architecture.kind=record-bag"})["test"].toObject();
        qInfo("patients: AUC %.3f and average precision %.3f, of a bag of codes %.3f and %.3f", sequence["auc"].toDouble(),
              sequence["average-precision"].toDouble(), bag["auc"].toDouble(), bag["average-precision"].toDouble());
        QVERIFY(sequence["auc"].toDouble() >= 0.88);
        QVERIFY(sequence["auc"].toDouble() >= bag["auc"].toDouble() + 0.12);
        QVERIFY(sequence["average-precision"].toDouble() >= 2 * bag["average-precision"].toDouble());
    }

    void datesAreTranslated()
    {
        const QJsonObject end = endOf({"--template", "dates", "--set", "training.threads=1"});
        const double exact = end["test"]["exact-match"].toDouble();
        qInfo("dates: %.2f %% exactly right", 100 * exact);
        QVERIFY(exact >= 0.98);
        const auto outcome = m_home.run({"translate", QString::number(end["run"].toInt()), "Montag, den 5. November 1984", "March 17, 2008"});
        QCOMPARE(outcome.out, QByteArray{"1984-11-05\n2008-03-17\n"});
    }

    void multi30kIsTranslated()
    {
        const QString path = sharedData("translation");
        if (!QFileInfo::exists(path) || qEnvironmentVariableIsEmpty("DESCENT_LONG_TESTS"))
            QSKIP("half an hour on two cores: set DESCENT_LONG_TESTS, and DESCENT_SHARED_DATA where Multi30k is not found");
        QProcess process;
        QElapsedTimer timer;
        timer.start();
        m_home.start(process, {"train", "--json", "--template", "translation", "--set", "dataset.path=" + path, "--set", "training.threads=2"});
        QVERIFY(process.waitForFinished(2 * 3600 * 1000));
        const DescentHome::Outcome outcome{process.exitCode(), process.readAllStandardOutput(), process.readAllStandardError()};
        QVERIFY2(outcome.code == 0, outcome.err);
        const QJsonObject end = outcome.lines().back();
        const double bleu = end["test"]["bleu"].toDouble();
        qInfo("Multi30k, German to English: BLEU %.2f in %.0f s", bleu, static_cast<double>(timer.elapsed()) / 1000);
        QVERIFY(bleu >= 15);
    }

    void newDigitsAreLearntFromFiveOfEach()
    {
        const QStringList oneThread{"--set", "training.threads=1"};
        QVERIFY(!endOf(QStringList{"--template", "drawn-digits", "--set", "dataset.digits=low", "--name", "five digits"} + oneThread).isEmpty());
        constexpr int seeds = 3; // which five of each counts for much
        double nothing = 0, prototypes = 0, tuned = 0;
        for (int seed = 1; seed <= seeds; ++seed) {
            const QStringList other = QStringList{"--template", "transfer", "--set", QString{"seed=%1"}.arg(seed)} + oneThread;
            nothing += testAccuracy(other + QStringList{"--set", "start.from=nothing", "--set", "training.epochs=60"}) / seeds;
            prototypes += testAccuracy(other + QStringList{"--from", "five digits", "--set", "training.epochs=0"}) / seeds;
            tuned += testAccuracy(other + QStringList{"--from", "five digits"}) / seeds;
        }
        qInfo("five new digits, five of each: from nothing %.1f %%, prototypes %.1f %%, then trained %.1f %%", 100 * nothing, 100 * prototypes,
              100 * tuned);
        QVERIFY(prototypes >= nothing + 0.02);
        QVERIFY(tuned >= nothing + 0.02);
    }

    void peopleNeverSeenAreToldApart()
    {
        const QJsonObject test = endOf({"--template", "faces"})["test"].toObject();
        const double accuracy = test["verification-accuracy"].toDouble();
        qInfo("faces of people kept back: %.1f %% the same or not, %.1f %% accepted where 0.1 %% of others are, %.1f %% found at once", 100 * accuracy,
              100 * test["accepted-at-1-in-1000"].toDouble(), 100 * test["rank-1"].toDouble());
        QVERIFY(accuracy >= 0.95);
    }

    void picturesInFoldersAreLearntFrom()
    {
        const QString archive = sharedData("cifar10-jpg.tar.gz");
        if (!QFileInfo::exists(archive))
            QSKIP("CIFAR-10 is not there: set DESCENT_SHARED_DATA");
        // Every tenth picture: the whole of it would take minutes on a CPU.
        const QTemporaryDir folder;
        QProcess tar;
        tar.start("tar", {"xzf", archive, "-C", folder.path(), "--wildcards", "*0.jpg"});
        QVERIFY(tar.waitForFinished(120'000) && tar.exitCode() == 0);
        const auto outcome = m_home.run({"train", "--json", "--template", "cifar10-fast", "--set",
                                         "dataset.path=" + folder.path(), "--set", "training.epochs=2"});
        QVERIFY2(outcome.code == 0, outcome.err);
        std::vector<double> losses;
        for (const QJsonObject& line : outcome.lines())
            if (line["event"] == "epoch")
                losses.push_back(line["metrics"]["loss/validation"].toDouble());
        QCOMPARE(losses.size(), 2u);
        qInfo("CIFAR-10, a tenth of it: validation loss %.3f after one epoch, %.3f after two", losses[0], losses[1]);
        QVERIFY(losses[1] < losses[0]);
        QVERIFY2(losses[1] < std::log(10.0), "no better than guessing");
        const QJsonObject started = outcome.lines().front();
        QCOMPARE(started["samples"]["test"].toInt(), 1000); // the folder's own test part
    }
};

QTEST_GUILESS_MAIN(TestMustShow)
#include "tst_must_show.moc"
