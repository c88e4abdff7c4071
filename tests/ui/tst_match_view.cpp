// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/theme/theme.h"
#include "ui/views/captioned_sheet.h"
#include "ui/views/match_view.h"
#include "ui/views/roc_view.h"

#include <QTest>

using namespace descent;

namespace {

std::vector<std::uint8_t> picture(std::uint8_t grey)
{
    return std::vector<std::uint8_t>(3 * 8 * 8, grey);
}

MatchPreview faces(float firstScore)
{
    MatchPreview preview{.step = 1, .channels = 3, .height = 8, .width = 8};
    preview.threshold = 0.5;
    for (int i = 0; i < 6; ++i)
        preview.probes.push_back({.name = "Ada",
                                  .pixels = picture(50),
                                  .found = {{"Ada", picture(60), firstScore, i < 4}, {"Bob", picture(200), 0.2F, false}}});
    return preview;
}

/// Pixels of this colour, near enough.
int count(const QImage& image, const QColor& color)
{
    int found = 0;
    for (int y = 0; y < image.height(); ++y)
        for (int x = 0; x < image.width(); ++x) {
            const QColor pixel = image.pixelColor(x, y);
            found += std::abs(pixel.red() - color.red()) + std::abs(pixel.green() - color.green()) + std::abs(pixel.blue() - color.blue()) < 12;
        }
    return found;
}

}

class TestMatchView : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void rightAndWrongFacesAreMarked()
    {
        MatchView view;
        view.setMatches(faces(0.9F));
        QCOMPARE(view.accessibleDescription(), QStringLiteral("4 of 6 held-back pictures are taken for the right one"));
        view.resize(500, view.heightForWidth(500));
        const QImage image = view.grab().toImage();
        QVERIFY(count(image, Theme::instance().colors().success) > 100);
        QVERIFY(count(image, Theme::instance().colors().danger) > 50);
    }

    void aNarrowViewIsHigher()
    {
        MatchView view;
        QCOMPARE(view.heightForWidth(500), 0);
        view.setMatches(faces(0.9F));
        QVERIFY(view.heightForWidth(250) > view.heightForWidth(500));
        view.clear();
        QCOMPARE(view.heightForWidth(500), 0);
    }

    void belowTheThresholdNobodyIsTakenForSomebody()
    {
        MatchView accepted, rejected;
        for (auto [view, score] : {std::pair{&accepted, 0.9F}, std::pair{&rejected, 0.3F}}) {
            view->setMatches(faces(score));
            view->resize(500, view->heightForWidth(500));
        }
        // The bar at the left of each tile: wrong when the right person is not recognised.
        QVERIFY(count(rejected.grab().toImage().copy(0, 0, 4, 500), Theme::instance().colors().success) == 0);
        QVERIFY(count(accepted.grab().toImage().copy(0, 0, 4, 500), Theme::instance().colors().success) > 20);
    }

    void aCurveIsDrawnOnceThereIsOne()
    {
        RocView view;
        view.resize(320, 190);
        const QImage empty = view.grab().toImage();
        view.setCurve({.step = 1, .falseAccepts = {0, 0.001F, 0.1F, 1}, .trueAccepts = {0, 0.5F, 0.9F, 1}, .areaUnderCurve = 0.97, .equalErrorRate = 0.1, .accuracy = 0.9});
        QVERIFY(view.grab().toImage() != empty);
        QVERIFY(count(view.grab().toImage(), Theme::instance().seriesColor(0)) > 100);
        view.clear();
        QCOMPARE(view.grab().toImage(), empty);
    }

    void aSheetShowsPicturesWithTheirWords()
    {
        CaptionedSheet sheet;
        DatasetReport report;
        report.inputs = DatasetReport::Inputs::picturesAndMore;
        report.sampleShape = {3, 8, 8};
        report.samples.push_back({.target = "red circle", .pixels = picture(90), .cells = {"a big red circle"}});
        sheet.setSamples(report);
        QVERIFY(!sheet.isEmpty());
        QVERIFY(sheet.sizeHint().height() > 40);
        report.inputs = DatasetReport::Inputs::pictures;
        sheet.setSamples(report);
        QVERIFY(sheet.isEmpty());
    }
};

QTEST_MAIN(TestMatchView)
#include "tst_match_view.moc"
