// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/train/preview_views.h"

#include "ui/plot/surface_plot.h"
#include "ui/train/box_views.h"
#include "ui/train/prediction_panel.h"
#include "ui/train/score_histogram_view.h"

#include <QCoreApplication>
#include <QScrollArea>
#include <QVBoxLayout>

namespace descent {

namespace {

QString words(const char* text)
{
    return QCoreApplication::translate("PreviewViews", text);
}

PreviewView surfaceView()
{
    auto* plot = new SurfacePlot;
    plot->setMinimumHeight(220);
    return {.title = words("What the network says of every place"),
            .stretch = 3,
            .widget = plot,
            .reset = [plot](const DatasetReport& report) { plot->setPoints(report.pointsX, report.pointsY, report.pointClasses); },
            .begin = {},
            .take = [plot](const Preview& preview) {
                const auto* surface = std::get_if<DecisionSurface>(&preview);
                if (surface)
                    plot->setSurface(*surface);
                return surface != nullptr;
            }};
}

PreviewView scoreView()
{
    auto* view = new ScoreHistogramView;
    return {.title = words("Scores of held-back samples"),
            .stretch = 2,
            .widget = view,
            .reset = [view](const DatasetReport&) { view->clear(); },
            .begin = [view](const RunStarted& started) { view->setClassNames(started.classNames); },
            .take = [view](const Preview& preview) {
                const auto* histogram = std::get_if<ScoreHistogram>(&preview);
                if (histogram)
                    view->setHistogram(*histogram);
                return histogram != nullptr;
            }};
}

/// `panel` with a scroll bar beside it when it is too high.
QScrollArea* scrolled(QWidget* panel)
{
    auto* scroll = new QScrollArea;
    scroll->setWidgetResizable(true);
    scroll->setFrameShape(QFrame::NoFrame);
    scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    auto* holder = new QWidget;
    holder->setProperty("scrollBody", true);
    auto* layout = new QVBoxLayout{holder};
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(panel);
    layout->addStretch(1);
    scroll->setWidget(holder);
    return scroll;
}

PreviewView boxView()
{
    auto* panel = new BoxPanel;
    return {.title = words("What is found on held-back pictures"),
            .stretch = 3,
            .widget = scrolled(panel),
            .reset = [panel](const DatasetReport&) { panel->clear(); },
            .begin = [panel](const RunStarted& started) { panel->setClassNames(started.classNames); },
            .take = [panel](const Preview& preview) {
                const auto* pictures = std::get_if<DetectionPreview>(&preview);
                if (pictures)
                    panel->setPreview(*pictures);
                return pictures != nullptr;
            }};
}

PreviewView predictionView()
{
    auto* panel = new PredictionPanel;
    return {.title = words("Held-back samples"),
            .stretch = 2,
            .widget = scrolled(panel),
            .reset = [panel](const DatasetReport&) { panel->clear(); },
            .begin = [panel](const RunStarted& started) { panel->setClassNames(started.classNames); },
            .take = [panel](const Preview& preview) {
                const auto* samples = std::get_if<PredictionPreview>(&preview);
                if (samples)
                    panel->setPreview(*samples);
                return samples != nullptr;
            }};
}

}

std::vector<PreviewView> makePreviewViews()
{
    return {surfaceView(), scoreView(), predictionView(), boxView()};
}

}
