// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/plot/chart_picture.h"

#include "ui/plot/curve_lines.h"
#include "ui/plot/curve_raster.h"

#include <QCoreApplication>
#include <QPainter>

#include <algorithm>
#include <cmath>
#include <limits>
#include <unordered_map>

namespace descent {

namespace {

constexpr double lineWidth = 1.6, boldWidth = 2.8, rawWidth = 1, manyWidth = 1.2, minorShare = 0.7;
constexpr float faintRaw = 0.22F, faintOther = 0.25F, bandOpacity = 0.16F, textGround = 0.72F;
constexpr std::size_t manyCurves = 30;  // from here on thinner lines tell more
constexpr int dashColumns = 5;
constexpr double leftMargin = 58, rightMargin = 14, topMargin = 8, bottomMargin = 38;
constexpr std::size_t mostNames = 12;   // in the legend of an exported chart
constexpr double namesMargin = 12, widestName = 220;
constexpr std::size_t mostDots = 60, mostGaps = 200;

/// Places of points in the picture, each in the middle of its column of pixels: CurveRaster says why. Off the picture as they are.
std::vector<QPointF> placed(const ChartCurve& curve, const std::vector<SeriesPoint>& points, const ChartContent& content, const QSizeF& area)
{
    std::vector<QPointF> places;
    places.reserve(points.size());
    for (const SeriesPoint& point : points) {
        const double x = content.x.share(curve.xOf(point)) * area.width();
        const double y = std::isfinite(point.value) ? (1 - content.y.share(point.value)) * area.height() : std::numeric_limits<double>::quiet_NaN();
        places.emplace_back(std::floor(x) + 0.5, y);
    }
    return places;
}

QColor withOpacity(QColor color, float opacity)
{
    color.setAlphaF(color.alphaF() * opacity);
    return color;
}

/// One stroke after the other in the order in which they lie: raw curves, bands, curves, the highlighted.
struct Stroke {
    const ChartCurve& curve;
    const std::vector<SeriesPoint>& points;
    double width;
    QColor color;
    bool isDashed;
};

std::vector<Stroke> strokesOf(const ChartContent& content)
{
    const std::vector<ChartCurve>& curves = *content.curves;
    const double normal = curves.size() >= manyCurves ? manyWidth : lineWidth;
    const auto isOther = [&](const ChartCurve& curve) { return content.highlighted != -1 && curve.id != content.highlighted; };
    std::vector<Stroke> strokes;
    for (const ChartCurve& curve : curves)
        if (!curve.smooth.empty() && !isOther(curve))
            strokes.push_back({curve, curve.raw, rawWidth, withOpacity(curve.color, faintRaw), false});
    for (const bool highlighted : {false, true})
        for (const ChartCurve& curve : curves)
            if ((content.highlighted != -1 && !isOther(curve)) == highlighted)
                strokes.push_back({curve, curve.shown(), (highlighted ? boldWidth : normal) * (curve.isMinor ? minorShare : 1), isOther(curve) ? withOpacity(curve.color, faintOther) : curve.color, curve.isDashed});
    return strokes;
}

std::pair<std::vector<QPointF>, std::vector<QPointF>> bandPlaces(const ChartCurve& curve, const ChartContent& content, const QSizeF& area)
{
    std::vector<QPointF> low, high;
    for (const BandPoint& point : curve.band) {
        const double x = content.x.share(point.x) * area.width();
        // Below what a logarithmic axis has a place for, the band goes down to its foot.
        const double bottom = content.y.share(point.low);
        low.emplace_back(x, (1 - (std::isfinite(bottom) ? bottom : 0)) * area.height());
        high.emplace_back(x, (1 - content.y.share(point.high)) * area.height());
    }
    return {std::move(low), std::move(high)};
}

QPointF inside(const QRectF& area, const QPointF& place)
{
    return {std::clamp(place.x(), area.left(), area.right()), std::clamp(place.y(), area.top(), area.bottom())};
}

void strokeVector(QPainter& painter, const Stroke& stroke, const ChartContent& content, const QRectF& area)
{
    QPen pen{stroke.color, stroke.width, Qt::SolidLine, Qt::RoundCap, Qt::RoundJoin};
    if (stroke.isDashed)
        pen.setDashPattern({4, 3});
    painter.setPen(pen);
    std::vector<QPointF> places = placed(stroke.curve, stroke.points, content, area.size());
    for (QPointF& place : places)
        place += area.topLeft();
    for (const QPolygonF& line : linesWithin(places, area)) {
        if (line.size() == 1)
            painter.drawPoint(line.front());
        else
            painter.drawPolyline(line);
    }
}

/// Text beside a place, on the side where there is room; what lies below it shines through a little.
void textBeside(QPainter& painter, const QPointF& at, const QString& text, const QRectF& area, double gap, const ColorTokens& colors)
{
    const QFontMetricsF metrics{painter.font()};
    const double width = metrics.horizontalAdvance(text);
    const double x = at.x() + gap + width > area.right() ? at.x() - gap - width : at.x() + gap;
    const double y = std::clamp(at.y(), area.top() + metrics.ascent(), area.bottom() - metrics.descent());
    painter.fillRect(QRectF{x - 2, y - metrics.ascent(), width + 4, metrics.height()}, withOpacity(colors.surface, textGround));
    painter.setPen(colors.text);
    painter.drawText(QPointF{x, y}, text);
}

/// A name a run or group, in the order of their curves: of one with several, that of its main one.
std::vector<const ChartCurve*> namedCurves(const std::vector<ChartCurve>& curves)
{
    std::vector<const ChartCurve*> named;
    std::unordered_map<qint64, std::size_t> places;
    for (const ChartCurve& curve : curves) {
        const auto [place, isNew] = places.try_emplace(curve.id, named.size());
        if (isNew)
            named.push_back(&curve);
        else if (named[place->second]->isMinor && !curve.isMinor)
            named[place->second] = &curve;
    }
    return named;
}

/// Below the title. Returns where they end.
double paintNames(QPainter& painter, const QSizeF& size, const ChartContent& content, double top)
{
    const QFontMetricsF metrics{content.look.caption};
    const std::vector<const ChartCurve*> named = namedCurves(*content.curves);
    double x = namesMargin, y = top;
    painter.setFont(content.look.caption);
    const auto write = [&](const QString& text, const QColor& color) {
        const double mark = color.isValid() ? 14 : 0, width = metrics.horizontalAdvance(text) + mark + 14;
        if (x + width > size.width() && x > namesMargin) {
            x = namesMargin;
            y += metrics.height() + 2;
        }
        painter.setPen(QPen{color, 3});
        if (color.isValid())
            painter.drawLine(QPointF{x, y + metrics.height() / 2}, QPointF{x + 10, y + metrics.height() / 2});
        painter.setPen(content.look.colors.muted);
        painter.drawText(QPointF{x + mark, y + metrics.ascent()}, text);
        x += width;
    };
    const std::size_t shown = named.size() <= mostNames + 1 ? named.size() : mostNames; // "+1 more" takes no less room than that one
    for (std::size_t i = 0; i < shown; ++i)
        write(metrics.elidedText(named[i]->name, Qt::ElideMiddle, widestName), named[i]->color);
    if (shown < named.size())
        write(QCoreApplication::translate("ChartPicture", "+%1 more").arg(named.size() - shown), {});
    return y + metrics.height();
}

}

ChartLook ChartLook::ofTheme()
{
    return {Theme::instance().colors(), Theme::font(TextStyle::caption), Theme::font(TextStyle::heading)};
}

std::vector<QPointF> gapsOf(const std::vector<ChartCurve>& curves)
{
    std::vector<QPointF> gaps;
    for (const ChartCurve& curve : curves)
        for (std::size_t i = 1; i < curve.raw.size() && gaps.size() < mostGaps; ++i)
            if (std::isnan(curve.raw[i].value) && std::isfinite(curve.raw[i - 1].value))
                gaps.emplace_back(curve.xOf(curve.raw[i]), curve.raw[i - 1].value);
    return gaps;
}

QRectF chartArea(const QSizeF& size)
{
    return {leftMargin, topMargin, std::max(1.0, size.width() - leftMargin - rightMargin), std::max(1.0, size.height() - topMargin - bottomMargin)};
}

void paintAxes(QPainter& painter, const QSizeF& size, const ChartContent& content)
{
    const QRectF area = chartArea(size);
    const ColorTokens& colors = content.look.colors;
    painter.setFont(content.look.caption);
    const QFontMetricsF metrics{content.look.caption};
    for (const ChartTick& tick : chartTicks(content.y, AxisNumbers::plain, std::max(2, static_cast<int>(area.height() / 42)))) {
        const double y = area.bottom() - content.y.share(tick.at) * area.height();
        painter.setPen(QPen{colors.grid, 1});
        painter.drawLine(QPointF{area.left(), std::round(y) + 0.5}, QPointF{area.right(), std::round(y) + 0.5});
        painter.setPen(colors.muted);
        painter.drawText(QRectF{0, y - metrics.height(), area.left() - 8, 2 * metrics.height()}, Qt::AlignRight | Qt::AlignVCenter, tick.label);
    }
    painter.setPen(QPen{colors.border, 1});
    painter.drawLine(QPointF{area.left(), std::round(area.bottom()) + 0.5}, QPointF{area.right(), std::round(area.bottom()) + 0.5});
    double free = 0; // up to where a label may begin
    painter.setPen(colors.muted);
    for (const ChartTick& tick : chartTicks(content.x, content.numbers, std::max(2, static_cast<int>(area.width() / 90)))) {
        const double x = area.left() + content.x.share(tick.at) * area.width(), width = metrics.horizontalAdvance(tick.label);
        const double begin = std::min(x - width / 2, size.width() - width);
        if (begin < free)
            continue;
        painter.drawText(QPointF{begin, area.bottom() + 4 + metrics.ascent()}, tick.label);
        free = begin + width + 10;
    }
    painter.drawText(QRectF{area.left(), size.height() - metrics.height() - 1, area.width(), metrics.height()}, Qt::AlignCenter, content.xLabel);
}

QImage drawCurves(const ChartContent& content, const QSize& pixels, double ratio)
{
    CurveRaster raster{pixels.width(), pixels.height()};
    for (const ChartCurve& curve : *content.curves)
        if (!curve.band.empty()) {
            const bool isOther = content.highlighted != -1 && curve.id != content.highlighted;
            const auto [low, high] = bandPlaces(curve, content, pixels);
            raster.fillBetween(low, high, withOpacity(curve.color, isOther ? bandOpacity * faintOther : bandOpacity));
        }
    for (const Stroke& stroke : strokesOf(content))
        raster.drawLine(placed(stroke.curve, stroke.points, content, pixels), stroke.width * ratio, stroke.color, stroke.isDashed ? dashColumns : 0);
    return raster.take();
}

void paintMarks(QPainter& painter, const QSizeF& size, const ChartContent& content)
{
    const QRectF area = chartArea(size);
    const ColorTokens& colors = content.look.colors;
    const auto at = [&](double x, double y) { return QPointF{area.left() + content.x.share(x) * area.width(), area.bottom() - content.y.share(y) * area.height()}; };
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setFont(content.look.caption);
    const QRectF around = area.adjusted(-3, -3, 3, 3); // a file of lines knows no clip
    for (const ChartCurve& curve : *content.curves) {
        const bool isOther = content.highlighted != -1 && curve.id != content.highlighted;
        if (curve.hasDots && curve.raw.size() <= mostDots && content.curves->size() < manyCurves) {
            painter.setPen(Qt::NoPen);
            painter.setBrush(withOpacity(curve.color, isOther ? faintOther : 1));
            for (const SeriesPoint& point : curve.raw)
                if (const QPointF place = at(curve.xOf(point), point.value); std::isfinite(point.value) && around.contains(place))
                    painter.drawEllipse(place, 2.6, 2.6);
        }
    }
    painter.setPen(QPen{colors.danger, 1.5});
    painter.setBrush(Qt::NoBrush);
    for (const QPointF& gap : content.gaps) {
        const QPointF place = at(gap.x(), gap.y());
        if (!around.contains(place))
            continue;
        painter.drawEllipse(place, 4.5, 4.5);
        painter.drawLine(place - QPointF{3, 3}, place + QPointF{3, 3});
        painter.drawLine(place - QPointF{3, -3}, place + QPointF{3, -3});
    }
    for (const ChartNote& note : content.notes) {
        const double x = area.left() + content.x.share(note.x) * area.width();
        if (!(x >= area.left() && x <= area.right()))
            continue;
        painter.setPen(QPen{note.color, 1, Qt::DashLine});
        painter.drawLine(QPointF{x, area.top()}, QPointF{x, area.bottom()});
        textBeside(painter, {x, area.top() + QFontMetricsF{painter.font()}.ascent()}, note.text, area, 5, colors);
    }
    if (content.best) {
        const QPointF place = at(content.best->x, content.best->y);
        if (area.adjusted(-1, -1, 1, 1).contains(place)) {
            painter.setPen(QPen{colors.surface, 2});
            painter.setBrush(content.best->color);
            painter.drawEllipse(place, 4.5, 4.5);
            QFont font = content.look.caption;
            font.setWeight(QFont::DemiBold);
            painter.setFont(font);
            textBeside(painter, place - QPointF{0, 8}, content.best->text, area, 7, colors);
        }
    }
    painter.restore();
}

void paintChart(QPainter& painter, const QSizeF& size, const ChartContent& content, double ratio)
{
    const std::vector<ChartCurve>& curves = *content.curves;
    const QFontMetricsF heading{content.look.heading};
    painter.fillRect(QRectF{{0, 0}, size}, content.look.colors.surface);
    painter.setFont(content.look.heading);
    painter.setPen(content.look.colors.text);
    painter.drawText(QPointF{12, 8 + heading.ascent()}, content.title);
    const double top = paintNames(painter, size, content, 14 + heading.height()) + 6;
    const QSizeF left{size.width(), size.height() - top};
    painter.save();
    painter.translate(0, top);
    paintAxes(painter, left, content);
    const QRectF area = chartArea(left);
    if (ratio <= 0) {
        painter.save();
        painter.setRenderHint(QPainter::Antialiasing);
        for (const ChartCurve& curve : curves)
            if (!curve.band.empty()) {
                auto [low, high] = bandPlaces(curve, content, area.size());
                std::ranges::reverse(low);
                QPolygonF outline;
                for (const std::vector<QPointF>* side : {&high, &low})
                    for (const QPointF& place : *side)
                        outline << inside(area, place + area.topLeft());
                painter.setPen(Qt::NoPen);
                painter.setBrush(withOpacity(curve.color, bandOpacity));
                painter.drawPolygon(outline);
            }
        painter.setBrush(Qt::NoBrush);
        for (const Stroke& stroke : strokesOf(content))
            strokeVector(painter, stroke, content, area);
        painter.restore();
    } else {
        painter.drawImage(area, drawCurves(content, (area.size() * ratio).toSize(), ratio));
    }
    paintMarks(painter, left, content);
    painter.restore();
}

}
