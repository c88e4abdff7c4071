// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/compare/compared_runs.h"
#include "ui/plot/curve_plot.h"
#include "ui/theme/theme.h"

#include <QFile>
#include <QTemporaryDir>
#include <QTest>
#include <cmath>

using namespace descent;

namespace {

/// Relative luminance and contrast by WCAG 2.1.
double luminance(const QColor& color)
{
    const auto linear = [](double c) { return c <= 0.03928 ? c / 12.92 : std::pow((c + 0.055) / 1.055, 2.4); };
    return 0.2126 * linear(color.redF()) + 0.7152 * linear(color.greenF()) + 0.0722 * linear(color.blueF());
}
double contrast(const QColor& a, const QColor& b)
{
    const double x = luminance(a), y = luminance(b);
    return (std::max(x, y) + 0.05) / (std::min(x, y) + 0.05);
}

Curve rising(int count)
{
    Curve curve{.name = "a", .color = Qt::blue};
    for (int i = 0; i < count; ++i) {
        curve.x.push_back(i);
        curve.y.push_back(i * 0.5);
    }
    return curve;
}

}

class TestPlot : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void numbersUpwardsHaveRoom_data()
    {
        QTest::addColumn<int>("height");
        for (const int height : {140, 160, 180, 220, 300, 500})
            QTest::addRow("%d pixels", height) << height;
    }
    void numbersUpwardsHaveRoom()
    {
        QFETCH(int, height);
        CurvePlot plot;
        plot.resize(500, height);
        plot.setXLabel("step");
        plot.setCurves({{.name = "accuracy", .color = Qt::blue, .x = {0, 1, 2}, .y = {0.37, 0.9, 0.96}}});
        plot.show();
        QVERIFY(QTest::qWaitForWindowExposed(&plot));
        // Rows of pixels left of the curves in which something is written: each number by itself, with half a line of air between.
        const QImage image = plot.grab().toImage().convertToFormat(QImage::Format_RGB32);
        const QRgb ground = image.pixel(2, image.height() - 3);
        int numbers = 0, air = 0, leastAir = height;
        bool wasWritten = false;
        for (int y = 25; y < image.height() - 40; ++y) {
            bool isWritten = false;
            for (int x = 2; x < 26 && !isWritten; ++x)
                isWritten = image.pixel(x, y) != ground;
            if (isWritten && !wasWritten && numbers++ > 0)
                leastAir = std::min(leastAir, air);
            air = isWritten ? 0 : air + 1;
            wasWritten = isWritten;
        }
        QVERIFY2(numbers >= 1, qPrintable(QString::number(numbers)));
        QVERIFY2(leastAir >= QFontMetrics{Theme::font(TextStyle::caption)}.height() / 2, qPrintable(QString::number(leastAir)));
    }

    void aDragZoomsAndADoubleClickGoesBack()
    {
        CurvePlot plot;
        plot.resize(600, 400);
        plot.setCurves({rising(100)});
        plot.show();
        QVERIFY(QTest::qWaitForWindowExposed(&plot));
        auto* canvas = plot.findChild<QWidget*>("", Qt::FindDirectChildrenOnly);
        for (QWidget* child : plot.findChildren<QWidget*>())
            if (QString::fromLatin1(child->metaObject()->className()) == "QCustomPlot")
                canvas = child;
        QTest::mousePress(canvas, Qt::LeftButton, {}, {200, 100});
        QTest::mouseMove(canvas, {300, 200});
        QTest::mouseMove(canvas, {380, 220});
        QTest::mouseRelease(canvas, Qt::LeftButton, {}, {380, 220});
        QVERIFY(!plot.isFitted());
        auto more = rising(200);
        plot.setCurves({more});
        QVERIFY(!plot.isFitted());   // live data does not move a view that a person has chosen
        QTest::mouseDClick(canvas, Qt::LeftButton, {}, {250, 150});
        QVERIFY(plot.isFitted());
    }

    void theKeyboardReachesWhatTheMouseDoes()
    {
        CurvePlot plot;
        plot.resize(500, 300);
        plot.setCurves({rising(100)});
        plot.show();
        QVERIFY(QTest::qWaitForWindowExposed(&plot));
        plot.setFocus();
        double at = NAN;
        connect(&plot, &CurvePlot::hovered, this, [&](double x) { at = x; });
        QTest::keyClick(&plot, Qt::Key_Right);
        const double first = at;
        QVERIFY(first > 49 && first < 60);
        QTest::keyClick(&plot, Qt::Key_Right);
        QVERIFY(at > first);
        QTest::keyClick(&plot, Qt::Key_Left);
        QVERIFY(std::abs(at - first) < 0.5);
        QTest::keyClick(&plot, Qt::Key_Plus);
        QVERIFY(!plot.isFitted());
        QTest::keyClick(&plot, Qt::Key_0);
        QVERIFY(plot.isFitted());
        QTest::keyClick(&plot, Qt::Key_Right, Qt::ShiftModifier);
        QVERIFY(!plot.isFitted());
        QTest::keyClick(&plot, Qt::Key_Home);
        QVERIFY(plot.isFitted());
    }

    void durationsReadLikeAClock()
    {
        QCOMPARE(shortDuration(0.0042), QString("4.2 ms"));
        QCOMPARE(shortDuration(0.042), QString("42 ms"));
        QCOMPARE(shortDuration(5.5), QString("5.5 s"));
        QCOMPARE(shortDuration(65), QString("1:05"));
        QCOMPARE(shortDuration(5000), QString("1:23:20"));
        QCOMPARE(shortNumber(0.01), QString("0.01"));
        QCOMPARE(shortNumber(123456), QString("123,456"));
    }

    void theBestIsMarkedOnlyWhereTheyDiffer()
    {
        QCOMPARE(bestIndex({0.5, 0.9, std::nan("")}, true), 1);
        QCOMPARE(bestIndex({0.5, 0.9}, false), 0);
        QCOMPARE(bestIndex({1, 1}, true), -1);
        QCOMPARE(bestIndex({std::nan("")}, true), -1);
    }

    void bothPalettesCanBeRead_data()
    {
        QTest::addColumn<bool>("dark");
        QTest::newRow("light") << false;
        QTest::newRow("dark") << true;
    }
    void bothPalettesCanBeRead()
    {
        QFETCH(bool, dark);
        const ColorTokens colors = dark ? Theme::darkColors() : Theme::lightColors();
        for (const QColor& ground : {colors.background, colors.surface, colors.raised, colors.accentSoft}) {
            QVERIFY(contrast(colors.text, ground) >= 4.5);
            QVERIFY2(contrast(colors.muted, ground) >= 4.5, qPrintable(ground.name()));
        }
        for (const QColor& ink : {colors.accent, colors.danger, colors.warning, colors.success})
            QVERIFY2(contrast(ink, colors.surface) >= 4.5, qPrintable(ink.name()));
        QVERIFY(contrast(colors.onAccent, colors.accent) >= 4.5);
        for (const QColor& curve : colors.series)
            QVERIFY2(contrast(curve, colors.surface) >= 3, qPrintable(curve.name()));
        QCOMPARE(Theme::darkColors().series.size(), Theme::lightColors().series.size());
    }
};

QTEST_MAIN(TestPlot)
#include "tst_plot.moc"
