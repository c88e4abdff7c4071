// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/base/random.h"
#include "engine/core/store/curve_reduction.h"
#include "engine/core/store/run_store.h"

#include <QImage>
#include <QPainter>
#include <QPainterPath>
#include <QTemporaryDir>
#include <QTest>

#include <algorithm>
#include <cmath>
#include <limits>

using namespace descent;

namespace {

constexpr int width = 640, height = 240;

/// Where a point stands in the picture.
using Placing = std::function<QPointF(const SeriesPoint&)>;

/// One line through all points, parted where one is not finite. Points with nothing to either side are a dot. Piece by piece: of a
/// polyline Qt leaves out pixels at its joints, which ones depends on the pieces before.
QImage drawn(const std::vector<SeriesPoint>& points, const Placing& place)
{
    QImage image{width, height, QImage::Format_ARGB32_Premultiplied};
    image.fill(Qt::white);
    QPainter painter{&image};
    painter.setPen(QPen{Qt::black, 0});
    QPolygonF line;
    const auto draw = [&] {
        if (line.size() == 1)
            painter.drawPoint(line.front());
        for (qsizetype i = 1; i < line.size(); ++i)
            painter.drawLine(line[i - 1], line[i]);
        line.clear();
    };
    for (const SeriesPoint& point : points)
        if (std::isfinite(point.value))
            line << place(point);
        else
            draw();
    draw();
    return image;
}

}

class TestCurvePicture : public QObject {
    Q_OBJECT
    QTemporaryDir m_folder;

private Q_SLOTS:
    void aReducedCurveLooksLikeAllItsPoints_data()
    {
        QTest::addColumn<double>("from");
        QTest::addColumn<double>("to");
        QTest::addColumn<bool>("breaks");
        QTest::addColumn<QString>("axis");
        for (const bool breaks : {false, true})
            for (const char* axis : {"step", "seconds", "logarithm"})
                for (const auto& [from, to] : {std::pair{1.0, 200'000.0}, {1000.0, 90'000.0}, {150'000.0, 152'000.0}, {99'990.0, 100'010.0}, {100'000.0, 700'000.0}})
                    QTest::addRow("%s %g to %g%s", axis, from, to, breaks ? ", no numbers" : "") << from << to << breaks << QString{axis};
    }
    /// Pixel for pixel, each point in its column.
    void aReducedCurveLooksLikeAllItsPoints()
    {
        QFETCH(const double, from);
        QFETCH(const double, to);
        QFETCH(const bool, breaks);
        QFETCH(const QString, axis);
        RunStore store{m_folder.path().toStdString()};
        const RunId run = store.createRun({.name = "curve", .recipeJson = "{}"});
        Random random{11};
        MetricsLogged logged;
        double value = 1;
        for (std::int64_t step = 1; step <= 200'000; ++step) {
            value += 0.02 * random.normal() - 0.001 * value;
            const bool broken = breaks && (random.below(3000) == 0 || (step > 60'000 && step < 61'000));
            logged.points.push_back({"loss/train", step, broken ? std::numeric_limits<double>::quiet_NaN() : value, static_cast<double>(step) * 0.5});
        }
        store.record(run, std::vector<RunEvent>{logged});
        const std::vector<SeriesPoint> all = store.points(run, "loss/train");
        QCOMPARE(all.size(), 200'000u);

        const auto at = [&](std::int64_t step, double seconds) {
            const double x = axis == "seconds" ? seconds * 2 : static_cast<double>(step);
            return axis == "logarithm" ? width * std::log(x / from) / std::log(to / from) : width * (x - from) / (to - from);
        };
        const auto columnOf = [&](std::int64_t step, double seconds) { return static_cast<std::int64_t>(std::floor(at(step, seconds))); };
        // In the middle of its column: between columns it is the painter's rounding that decides.
        const Placing place = [&](const SeriesPoint& point) {
            return QPointF{static_cast<double>(std::clamp<std::int64_t>(columnOf(point.step, point.seconds), -1, width)) + 0.5, height * (0.5 - point.value * 0.3)};
        };
        const CurveColumns columns{.count = width, .of = columnOf};
        const std::vector<SeriesPoint> curve = store.curve(run, "loss/train", columns);
        QVERIFY(breaks || curve.size() <= 4 * width + 4);
        QVERIFY(curve.size() > 10);
        const QImage whole = drawn(all, place), reduced = drawn(curve, place);
        int differing = 0;
        for (int y = 0; y < height; ++y)
            for (int x = 0; x < width; ++x)
                differing += whole.pixel(x, y) != reduced.pixel(x, y);
        QCOMPARE(differing, 0);
        int black = 0;
        for (int y = 0; y < height; ++y)
            for (int x = 0; x < width; ++x)
                black += whole.pixel(x, y) != qRgb(255, 255, 255);
        QVERIFY(black > 100);
    }
};

QTEST_MAIN(TestCurvePicture)
#include "tst_curve_picture.moc"
