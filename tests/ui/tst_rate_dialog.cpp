// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/train/rate_dialog.h"

#include "engine/core/backend/backend.h"
#include "finding.h"
#include "ui/plot/curve_plot.h"
#include "ui/theme/theme.h"

#include <QLabel>
#include <QPushButton>
#include <QSignalSpy>
#include <QTemporaryDir>

using namespace descent;

namespace {

RateSearch::Subject subject(const std::vector<std::pair<const char*, const char*>>& settings = {})
{
    Recipe recipe = findRecipeTemplate("spirals")->recipe;
    for (const auto& [path, value] : settings)
        if (const Problems problems = setByPath(recipe, path, value); !problems.empty())
            qFatal("%s", english(problems.front()).c_str());
    return {.recipe = recipe, .dataset = nullptr, .storeFolder = {}};
}

constexpr int searchMs = 60'000;

/// Neither searching nor at its beginning.
bool isDone(const RateDialog& dialog)
{
    return found<QPushButton>(dialog, "searchAgain")->text() == "Search again";
}

}

class TestRateDialog : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase()
    {
        Theme::instance().apply(Theme::Mode::light);
        QVERIFY(!loadBackend().info().torchVersion.empty());
    }

    void itSearchesAtOnceAndOffersWhatItFinds()
    {
        QObject searches;
        RateDialog dialog{subject({{"dataset.kind", "drawn-digits"}, {"dataset.samples", "600"}, {"training.batchSize", "64"}}), searches};
        QSignalSpy chosen{&dialog, &RateDialog::chosen};
        dialog.show();
        QVERIFY(!found<QPushButton>(dialog, "useRate")->isEnabled());
        QTRY_VERIFY_WITH_TIMEOUT(isDone(dialog), searchMs);
        const double rate = found<QLineEdit>(dialog, "chosenRate")->text().toDouble();
        QVERIFY2(rate > 1e-4 && rate < 1, qPrintable(QString::number(rate)));
        const auto& curves = found<CurvePlot>(dialog, {})->curves();
        QCOMPARE(curves.size(), 2U);
        QVERIFY(curves[0].x.size() > 30);
        QCOMPARE(curves[0].x.front(), 1e-7);
        QVERIFY(found<QPushButton>(dialog, "steepest")->isVisible());
        click(found<QPushButton>(dialog, "tenthOfMinimum"));
        QVERIFY(found<QLineEdit>(dialog, "chosenRate")->text().toDouble() != rate);
        replaceText(found<QLineEdit>(dialog, "chosenRate"), "0.0123");
        QTest::keyClick(&dialog, Qt::Key_Return);
        QCOMPARE(chosen.size(), 1);
        QCOMPARE(chosen[0][0].toDouble(), 0.0123);
        QVERIFY(!dialog.isVisible());
    }

    void itIsStoppedAndSearchesAgain()
    {
        QObject searches;
        RateDialog dialog{subject({{"dataset.samples", "20000"}, {"architecture.hidden", "512, 512"}, {"training.batchSize", "4096"}, {"training.threads", "1"}}), searches};
        dialog.show();
        QTRY_VERIFY_WITH_TIMEOUT(!found<CurvePlot>(dialog, {})->curves().empty(), searchMs);
        click(found<QPushButton>(dialog, "searchAgain")); // "Stop"
        QTRY_VERIFY_WITH_TIMEOUT(isDone(dialog), searchMs);
        const std::size_t points = found<CurvePlot>(dialog, {})->curves()[0].x.size();
        QVERIFY2(points < 100, qPrintable(QString::number(points)));
        click(found<QPushButton>(dialog, "searchAgain"));
        QVERIFY(!isDone(dialog));
    } // and is closed in the middle of a step

    void whatCannotBeSearchedIsSaid()
    {
        QObject searches;
        RateDialog dialog{subject({{"dataset.kind", "csv"}, {"dataset.path", "/nowhere/rows.csv"}}), searches};
        dialog.show();
        QTRY_VERIFY_WITH_TIMEOUT(isDone(dialog), searchMs);
        const QString words = found<QLabel>(dialog, "rateWords")->text();
        QVERIFY2(words.contains("/nowhere/rows.csv"), qPrintable(words));
        QVERIFY(!found<QPushButton>(dialog, "steepest")->isVisible());
        QVERIFY(!found<QPushButton>(dialog, "useRate")->isEnabled());
        replaceText(found<QLineEdit>(dialog, "chosenRate"), "0.1");
        QVERIFY(found<QPushButton>(dialog, "useRate")->isEnabled());
    }

    void aSearchThatCannotBeIsNotBegun()
    {
        QObject searches;
        RateDialog dialog{subject(), searches};
        dialog.show();
        QTRY_VERIFY_WITH_TIMEOUT(isDone(dialog), searchMs);
        auto* lowest = dialog.findChildren<QLineEdit*>().front();
        QCOMPARE(lowest->text().toDouble(), 1e-7);
        replaceText(lowest, "50"); // above where it is to end
        QVERIFY(!found<QPushButton>(dialog, "searchAgain")->isEnabled());
        replaceText(lowest, "0.001");
        QVERIFY(found<QPushButton>(dialog, "searchAgain")->isEnabled());
    }
};

QTEST_MAIN(TestRateDialog)
#include "tst_rate_dialog.moc"
