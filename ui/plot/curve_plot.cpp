// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/plot/curve_plot.h"

#include "engine/core/history/smoothing.h"
#include "ui/plot/readout.h"
#include "ui/theme/theme.h"
#include "ui/theme/widgets.h"

#include <qcustomplot.h>

#include <algorithm>
#include <cmath>
#include <limits>

namespace descent {

namespace {

constexpr double lineWidth = 1.75, faintOpacity = 0.28;
constexpr std::size_t mostReadoutRows = 12;
constexpr std::size_t mostLegendNames = 3;   // beside the title; more have a list of their own on their page

class NumberTicker : public QCPAxisTicker
{
protected:
    QString getTickLabel(double tick, const QLocale&, QChar, int) override { return std::abs(tick) < 1e-12 ? QStringLiteral("0") : shortNumber(tick); }
};

QVector<double> toQt(const std::vector<double>& values)
{
    return {values.begin(), values.end()};
}

}

CurvePlot::CurvePlot(QWidget* parent) : QWidget{parent}
{
    auto* layout = new QVBoxLayout{this};
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(2);
    auto* top = new QHBoxLayout;
    top->setContentsMargins(0, 0, 52, Theme::space1);   // room for a button of the page's
    m_title = makeLabel({}, "heading");
    m_note = makeLabel({}, "caption");
    top->addWidget(m_title);
    m_legend = new QLabel;
    m_legend->setTextFormat(Qt::RichText);
    m_legend->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);   // a long name must not widen the chart
    top->addSpacing(Theme::space2);
    top->addWidget(m_legend, 1);
    top->addWidget(m_note);
    layout->addLayout(top);
    m_plot = new QCustomPlot;
    m_plot->setMinimumSize(180, 110);
    layout->addWidget(m_plot, 1);
    setFocusPolicy(Qt::StrongFocus);

    m_crosshair = new QCPItemStraightLine{m_plot};
    m_crosshair->setVisible(false);
    m_readout = new Readout{m_plot};
    m_plot->setInteractions(QCP::iRangeZoom);
    m_plot->axisRect()->setRangeZoom(Qt::Horizontal);
    m_plot->setSelectionRectMode(QCP::srmZoom);
    m_plot->setNoAntialiasingOnDrag(false);
    m_plot->setMouseTracking(true);
    m_plot->installEventFilter(this);
    m_plot->setFocusPolicy(Qt::NoFocus);   // a click and the tab key come to this widget, which has the keys
    connect(m_plot, &QCustomPlot::mouseDoubleClick, this, [this](QMouseEvent*) { resetZoom(); });
    connect(m_plot, &QCustomPlot::mouseWheel, this, [this](QWheelEvent*) { userZoomed(); });
    connect(m_plot->selectionRect(), &QCPSelectionRect::accepted, this, [this](const QRect& rect, QMouseEvent*) {
        if (rect.width() > 4 && rect.height() > 4)
            userZoomed();
    });
    connect(m_plot, &QCustomPlot::plottableClick, this, [this](QCPAbstractPlottable* plottable, int, QMouseEvent*) {
        Q_EMIT curveClicked(plottable->property("curveId").toLongLong());
    });
    connect(&Theme::instance(), &Theme::changed, this, [this] {
        restyle();
        rebuild();
    });
    restyle();
}

void CurvePlot::setTitle(const QString& title)
{
    m_title->setText(title);
    m_title->setVisible(!title.isEmpty());
    setAccessibleName(title);
}

void CurvePlot::setLegendVisible(bool visible)
{
    m_legend->setVisible(visible);
}

void CurvePlot::setXLabel(const QString& label)
{
    m_plot->xAxis->setLabel(label);
}

void CurvePlot::restyle()
{
    const ColorTokens& colors = Theme::instance().colors();
    m_plot->setBackground(QBrush{colors.surface});
    const QFont font = Theme::font(TextStyle::caption);
    for (QCPAxis* axis : {m_plot->xAxis, m_plot->yAxis}) {
        axis->setBasePen(Qt::NoPen);
        axis->setTickPen(Qt::NoPen);
        axis->setSubTickPen(Qt::NoPen);
        axis->setTickLabelColor(colors.muted);
        axis->setLabelColor(colors.muted);
        axis->setTickLabelFont(font);
        axis->setLabelFont(font);
        axis->grid()->setPen(QPen{colors.grid, 1});
        axis->grid()->setZeroLinePen(QPen{colors.grid, 1});
        axis->grid()->setSubGridVisible(false);
    }
    m_plot->xAxis->grid()->setVisible(false);
    m_plot->xAxis->setBasePen(QPen{colors.border, 1});
    m_crosshair->setPen(QPen{colors.muted, 1, Qt::DotLine});
    m_plot->selectionRect()->setPen(QPen{colors.accent, 1});
    QColor fill = colors.accent;
    fill.setAlpha(40);
    m_plot->selectionRect()->setBrush(fill);
    m_plot->yAxis->setTicker(QSharedPointer<QCPAxisTicker>{new NumberTicker});
    showTicks();
    setLogX(m_logX);
}

/// As many numbers upwards as stand above each other without touching.
void CurvePlot::showTicks()
{
    constexpr int around = 55, each = 30, most = 5; // pixels below and above the curves, pixels of a number
    m_plot->yAxis->ticker()->setTickCount(std::clamp((m_plot->height() - around) / each, 1, most));
}

void CurvePlot::setLogX(bool on)
{
    m_logX = on;
    m_plot->xAxis->setScaleType(on ? QCPAxis::stLogarithmic : QCPAxis::stLinear);
    QSharedPointer<QCPAxisTicker> ticker{on ? static_cast<QCPAxisTicker*>(new QCPAxisTickerLog) : new NumberTicker};
    m_plot->xAxis->setTicker(ticker);
    rebuild();
}

void CurvePlot::setClipOutliers(bool on)
{
    m_clip = on;
    rebuild();
}

void CurvePlot::setCurves(std::vector<Curve> curves)
{
    m_curves = std::move(curves);
    rebuild();
}

/// Raw curves, then smoothed ones: none is hidden under those that matter less.
void CurvePlot::rebuild()
{
    m_plot->clearPlottables();
    const auto add = [&](const Curve& curve, const std::vector<double>& y, double opacity, double width) {
        QCPGraph* graph = m_plot->addGraph();
        QColor color = curve.color;
        color.setAlphaF(static_cast<float>(opacity));
        QPen pen{color, width};
        if (curve.dashed)
            pen.setDashPattern({4, 3});
        pen.setCapStyle(Qt::RoundCap);
        pen.setJoinStyle(Qt::RoundJoin);
        graph->setPen(pen);
        graph->setProperty("curveId", curve.id);
        graph->setAdaptiveSampling(true);
        QVector<double> values = toQt(y);
        for (double& value : values)
            if (!std::isfinite(value))
                value = std::numeric_limits<double>::quiet_NaN();   // a gap
        graph->setData(toQt(curve.x), values, true);
        if (curve.dots || values.size() == 1)
            graph->setScatterStyle(QCPScatterStyle{QCPScatterStyle::ssDisc, curve.color, curve.color, values.size() > 60 ? 3.0 : 5.0});
    };
    for (const Curve& curve : m_curves)
        if (!curve.smooth.empty())
            add(curve, curve.y, faintOpacity, 1);
    for (const Curve& curve : m_curves)
        add(curve, curve.smooth.empty() ? curve.y : curve.smooth, 1, lineWidth);
    // Where a value stopped being a number: people look for exactly this moment.
    QVector<double> badX, badY;
    for (const Curve& curve : m_curves)
        for (std::size_t i = 0; i < curve.y.size(); ++i)
            if (!std::isfinite(curve.y[i]) && (i == 0 || std::isfinite(curve.y[i - 1]))) {
                badX.push_back(curve.x[i]);
                badY.push_back(i == 0 ? 1 : curve.y[i - 1]);
            }
    if (!badX.isEmpty()) {
        QCPGraph* marks = m_plot->addGraph();
        marks->setLineStyle(QCPGraph::lsNone);
        const QColor danger = Theme::instance().colors().danger;
        marks->setScatterStyle(QCPScatterStyle{QCPScatterStyle::ssCrossCircle, QPen{danger, 1.5}, Qt::NoBrush, 10});
        marks->setData(badX, badY);
    }
    QString legend;
    if (m_curves.size() <= mostLegendNames)
        for (const Curve& curve : m_curves)
            legend += QStringLiteral("<span style='color:%1'>\u25cf</span>&nbsp;<span style='color:%2; font-size:12px'>%3</span>&nbsp;&nbsp; ")
                          .arg(curve.color.name(), Theme::instance().colors().muted.name(), curve.name.left(40).toHtmlEscaped());
    m_legend->setText(legend);
    fit();
    m_plot->replot(QCustomPlot::rpQueuedReplot);
}

void CurvePlot::fit()
{
    QString note;
    if (m_fitted) {
        double left = INFINITY, right = -INFINITY;
        std::vector<double> shown;
        for (const Curve& curve : m_curves) {
            const std::vector<double>& y = m_clip || curve.smooth.empty() ? curve.y : curve.smooth;
            for (std::size_t i = 0; i < curve.x.size(); ++i) {
                if ((m_logX && curve.x[i] <= 0) || !std::isfinite(curve.x[i]))
                    continue;
                left = std::min(left, curve.x[i]);
                right = std::max(right, curve.x[i]);
                if (std::isfinite(y[i]))
                    shown.push_back(y[i]);
            }
        }
        if (!(left < right)) {
            left = std::isfinite(left) ? left - (m_logX ? 0 : 0.5) : 0;
            right = left + 1;
        }
        double low = 0, high = 1;
        if (m_clip) {
            const CentralRange range = centralRange(std::move(shown));
            low = range.low;
            high = range.high;
            if (range.outside > 0)
                note = tr("%1 points lie outside", nullptr, static_cast<int>(range.outside)).arg(range.outside);
        } else if (!shown.empty()) {
            const auto [least, most] = std::minmax_element(shown.begin(), shown.end());
            low = *least;
            high = *most;
        }
        const double margin = high > low ? 0.06 * (high - low) : std::max(0.5, std::abs(high) * 0.1);
        m_plot->yAxis->setRange(low - margin, high + margin);
        m_plot->xAxis->setRange(left, right);
    } else {
        note = tr("Zoomed: double click or 0 to see everything");
    }
    m_note->setText(note);
}

void CurvePlot::resetZoom()
{
    m_fitted = true;
    fit();
    m_plot->replot(QCustomPlot::rpQueuedReplot);
}

double CurvePlot::valueAt(const Curve& curve, double x, double* nearestX) const
{
    const std::vector<double>& y = curve.smooth.empty() ? curve.y : curve.smooth;
    if (curve.x.empty() || x > curve.x.back() + (curve.x.back() - curve.x.front()) * 0.02)
        return std::numeric_limits<double>::quiet_NaN();
    auto at = std::lower_bound(curve.x.begin(), curve.x.end(), x);
    if (at == curve.x.end() || (at != curve.x.begin() && x - *(at - 1) < *at - x))
        --at;
    *nearestX = *at;
    return y[static_cast<std::size_t>(at - curve.x.begin())];
}

void CurvePlot::showCrosshair(double x)
{
    const bool visible = std::isfinite(x);
    m_crosshair->setVisible(visible);
    if (visible) {
        m_crosshair->point1->setCoords(x, m_plot->yAxis->range().lower);
        m_crosshair->point2->setCoords(x, m_plot->yAxis->range().upper);
    }
    m_plot->replot(QCustomPlot::rpQueuedReplot);
}

void CurvePlot::updateReadout(const QPointF* pointer)
{
    if (!pointer || m_curves.empty() || !m_plot->axisRect()->rect().contains(pointer->toPoint())) {
        m_readout->hide();
        m_pointer = {};
        showCrosshair(std::numeric_limits<double>::quiet_NaN());
        Q_EMIT hovered(std::numeric_limits<double>::quiet_NaN());
        return;
    }
    m_pointer = *pointer;
    const double x = m_plot->xAxis->pixelToCoord(pointer->x());
    std::vector<Readout::Row> rows;
    double shownX = x, shownGap = INFINITY;
    for (const Curve& curve : m_curves) {
        double nearestX = x;
        const double value = valueAt(curve, x, &nearestX);
        if (std::isnan(value) && !curve.y.empty() && x > curve.x.back())
            continue;
        rows.push_back({.name = curve.name,
                        .value = shortNumber(value),
                        .color = curve.color,
                        .number = std::isfinite(value) ? value : -INFINITY,
                        .distance = std::isfinite(value) ? std::abs(m_plot->yAxis->coordToPixel(value) - pointer->y()) : INFINITY});
        if (std::abs(nearestX - x) < shownGap) {
            shownGap = std::abs(nearestX - x);
            shownX = nearestX;
        }
    }
    if (rows.empty()) {
        m_readout->hide();
        return;
    }
    const QString heading = QStringLiteral("%1 %2").arg(m_plot->xAxis->label(), shortNumber(shownX));
    m_readout->showRows(heading, std::move(rows), mostReadoutRows, pointer->toPoint());
    showCrosshair(x);
    Q_EMIT hovered(x);
}

bool CurvePlot::eventFilter(QObject* watched, QEvent* event)
{
    if (watched == m_plot && event->type() == QEvent::MouseMove) {
        const QPointF position = static_cast<QMouseEvent*>(event)->position();
        updateReadout(&position);
    } else if (watched == m_plot && event->type() == QEvent::Leave) {
        updateReadout(nullptr);
    } else if (watched == m_plot && event->type() == QEvent::Resize) {
        showTicks();
    }
    return QWidget::eventFilter(watched, event);
}

void CurvePlot::userZoomed()
{
    m_fitted = false;
    fit();
    m_plot->replot(QCustomPlot::rpQueuedReplot);
}

void CurvePlot::keyPressEvent(QKeyEvent* event)
{
    constexpr double zoomFactor = 0.8, panShare = 0.1, crosshairShare = 1.0 / 60;
    QCPAxis* axis = m_plot->xAxis;
    const QRect area = m_plot->axisRect()->rect();
    const QPointF at = m_pointer.isNull() ? QRectF{area}.center() : m_pointer;
    switch (event->key()) {
    case Qt::Key_Left:
    case Qt::Key_Right: {
        const double direction = event->key() == Qt::Key_Left ? -1 : 1;
        if (event->modifiers() & Qt::ShiftModifier) {
            const double by = direction * panShare * area.width();   // in pixels, so that a logarithmic axis moves evenly
            axis->setRange(axis->pixelToCoord(area.left() + by), axis->pixelToCoord(area.right() + by));
            userZoomed();
        } else {
            const QPointF next{std::clamp(at.x() + direction * crosshairShare * area.width(), area.left() + 1.0, area.right() - 1.0), at.y()};
            updateReadout(&next);
        }
        return;
    }
    case Qt::Key_Plus:
    case Qt::Key_Equal:
    case Qt::Key_Minus:
        axis->scaleRange(event->key() == Qt::Key_Minus ? 1 / zoomFactor : zoomFactor, axis->pixelToCoord(at.x()));
        userZoomed();
        return;
    case Qt::Key_0:
    case Qt::Key_Home:
        resetZoom();
        return;
    default:
        QWidget::keyPressEvent(event);
    }
}

/// The axis shows where the keys go.
void CurvePlot::focusInEvent(QFocusEvent* event)
{
    QWidget::focusInEvent(event);
    m_plot->xAxis->setBasePen(QPen{Theme::instance().colors().accent, 2});
    m_plot->replot(QCustomPlot::rpQueuedReplot);
}

void CurvePlot::focusOutEvent(QFocusEvent* event)
{
    QWidget::focusOutEvent(event);
    m_plot->xAxis->setBasePen(QPen{Theme::instance().colors().border, 1});
    updateReadout(nullptr);
    m_plot->replot(QCustomPlot::rpQueuedReplot);
}

}
