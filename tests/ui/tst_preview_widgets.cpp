// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/theme/theme.h"
#include "ui/views/history_view.h"
#include "ui/views/preview_views.h"
#include "ui/views/reliability_view.h"
#include "ui/views/scatter_view.h"

#include <QImage>
#include <QTest>

using namespace descent;

namespace {

HistoryPreview twoPeople()
{
    HistoryPreview preview{.step = 5, .threshold = 0.4, .groups = {"lab", "drug"}};
    preview.people = {{.name = "17", .truth = 1, .events = {{0, 1, "drug: x"}, {300, 0, "lab: HbA1c 9.1"}}, .risk = {{0, 0.1F}, {300, 0.9F}}},
                      {.name = "18", .truth = 0, .events = {{0, 1, "drug: x"}}, .risk = {{0, 0.05F}}}};
    return preview;
}

/// How many pixels are near a colour: anti-aliased edges are not.
int pixelsOf(QWidget& widget, const QColor& color)
{
    widget.setAutoFillBackground(true);
    const QImage image = widget.grab().toImage();
    int count = 0;
    for (int y = 0; y < image.height(); ++y)
        for (int x = 0; x < image.width(); ++x) {
            const QColor pixel = image.pixelColor(x, y);
            count += std::abs(pixel.red() - color.red()) + std::abs(pixel.green() - color.green()) + std::abs(pixel.blue() - color.blue()) < 12;
        }
    return count;
}

}

class TestPreviewWidgets : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void eventsAreFoundUnderTheMouse()
    {
        HistoryView view;
        view.resize(500, 240);
        view.setPreview(twoPeople());
        view.setClassNames({"well", "ill"});
        QString last, none;
        for (int x = 0; x < view.width(); ++x) {
            const QString text = view.textAt({static_cast<double>(x), 60});
            if (!text.isEmpty())
                last = text;
        }
        QVERIFY2(last.contains("lab: HbA1c 9.1") && last.contains("300"), qPrintable(last));
        QVERIFY(view.textAt({250, 60}).isEmpty()); // between the two events
        QVERIFY(view.accessibleDescription().contains("90"));
    }

    void marksHaveTheColourOfTheirGroup()
    {
        HistoryView view;
        view.resize(500, 240);
        QVERIFY(pixelsOf(view, groupColor(1)) == 0);
        view.setPreview(twoPeople());
        QVERIFY(pixelsOf(view, groupColor(1)) > 10);
        QVERIFY(groupColor(0) != groupColor(1));
        QCOMPARE(groupColor(40), groupColor(41)); // the many are alike
        view.clear();
        QVERIFY(pixelsOf(view, groupColor(1)) == 0);
    }

    void aWildPredictionStaysInTheFrame()
    {
        ScatterView view;
        view.resize(320, 260);
        view.setScatter({.name = "price", .truth = {1, 2, 3}, .predicted = {1, 1e30F, NAN}, .r2 = -5});
        QVERIFY(!view.grab().isNull());
        view.setScatter({.truth = {2, 2}, .predicted = {2, 2}}); // no range at all
        QVERIFY(!view.grab().isNull());
    }

    void aReliabilityCurveIsDrawnWhereThereAreScores()
    {
        ReliabilityView view;
        view.resize(view.sizeHint());
        const QColor color = Theme::instance().seriesColor(1);
        QCOMPARE(pixelsOf(view, color), 0);
        view.setHistogram({.calibration = {{0.1, 0.05, 80}, {0.8, 0.9, 20}}, .calibrationError = 0.04});
        QVERIFY(pixelsOf(view, color) > 20);
        QVERIFY(view.accessibleDescription().contains("0.04"));
    }

    void everyPreviewHasAViewThatTakesIt()
    {
        const std::vector<Preview> previews{PredictionPreview{}, DecisionSurface{}, ScoreHistogram{}, twoPeople(), ScatterPreview{}};
        const std::vector<PreviewView> views = makePreviewViews();
        for (const Preview& preview : previews) {
            int takers = 0;
            for (const PreviewView& view : views)
                takers += view.take(preview);
            QCOMPARE(takers, 1);
        }
        for (const PreviewView& view : views)
            delete view.widget;
    }
};

QTEST_MAIN(TestPreviewWidgets)
#include "tst_preview_widgets.moc"
