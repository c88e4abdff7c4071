// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/preview_views.h"

#include "ui/plot/surface_plot.h"
#include "ui/theme/theme.h"
#include "ui/theme/widgets.h"
#include "ui/views/box_views.h"
#include "ui/views/forecast_view.h"
#include "ui/views/history_view.h"
#include "ui/views/layer_view.h"
#include "ui/views/match_view.h"
#include "ui/views/prediction_panel.h"
#include "ui/views/reliability_view.h"
#include "ui/views/roc_view.h"
#include "ui/views/scatter_view.h"
#include "ui/views/score_histogram_view.h"
#include "ui/views/sentence_panel.h"
#include "ui/views/translation_view.h"
#include "ui/views/written_text_view.h"

#include <QCoreApplication>
#include <QHBoxLayout>

namespace descent {

namespace {

QString words(const char* text)
{
    return QCoreApplication::translate("PreviewViews", text);
}

PreviewView surfaceView()
{
    auto* plot = new SurfacePlot;
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
    auto* reliability = new ReliabilityView;
    auto* both = new QWidget;
    auto* layout = new QHBoxLayout{both};
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(Theme::space4);
    layout->addWidget(view, 1);
    layout->addWidget(reliability);
    return {.title = words("Scores of held-back samples"),
            .stretch = 2,
            .widget = both,
            .reset = [view, reliability](const DatasetReport&) {
                view->clear();
                reliability->clear();
            },
            .begin = [view](const RunStarted& started) { view->setClassNames(started.classNames); },
            .take = [view, reliability](const Preview& preview) {
                const auto* histogram = std::get_if<ScoreHistogram>(&preview);
                if (histogram) {
                    view->setHistogram(*histogram);
                    reliability->setHistogram(*histogram);
                }
                return histogram != nullptr;
            }};
}

PreviewView historyView()
{
    auto* view = new HistoryView;
    return {.title = words("Held-back people, event by event"),
            .stretch = 4,
            .widget = view,
            .reset = [view](const DatasetReport&) { view->clear(); },
            .begin = [view](const RunStarted& started) { view->setClassNames(started.classNames); },
            .take = [view](const Preview& preview) {
                const auto* histories = std::get_if<HistoryPreview>(&preview);
                if (histories)
                    view->setPreview(*histories);
                return histories != nullptr;
            }};
}

PreviewView scatterView()
{
    auto* view = new ScatterView;
    return {.title = words("Predicted and true"),
            .stretch = 3,
            .widget = view,
            .reset = [view](const DatasetReport&) { view->clear(); },
            .begin = {},
            .take = [view](const Preview& preview) {
                const auto* scatter = std::get_if<ScatterPreview>(&preview);
                if (scatter)
                    view->setScatter(*scatter);
                return scatter != nullptr;
            }};
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

PreviewView forecastView()
{
    auto* view = new ForecastView;
    return {.title = words("How held-back stretches go on"),
            .stretch = 4,
            .widget = view,
            .reset = [view](const DatasetReport&) { view->clear(); },
            .begin = {},
            .take = [view](const Preview& preview) {
                const auto* forecasts = std::get_if<ForecastPreview>(&preview);
                if (forecasts)
                    view->setPreview(*forecasts);
                return forecasts != nullptr;
            }};
}

PreviewView matchView()
{
    auto* view = new MatchView;
    return {.title = words("What held-back pictures are taken for"),
            .stretch = 3,
            .widget = scrolled(view),
            .reset = [view](const DatasetReport&) { view->clear(); },
            .begin = {},
            .take = [view](const Preview& preview) {
                const auto* matches = std::get_if<MatchPreview>(&preview);
                if (matches)
                    view->setMatches(*matches);
                return matches != nullptr;
            }};
}

PreviewView layerView()
{
    auto* view = new LayerView;
    return {.title = words("Inside the network"),
            .stretch = 5,
            .widget = scrolled(view),
            .reset = [view](const DatasetReport&) { view->clear(); },
            .begin = {},
            .take = [view](const Preview& preview) {
                const auto* layers = std::get_if<LayerReport>(&preview);
                if (layers)
                    view->setReport(*layers);
                return layers != nullptr;
            },
            .isInside = true};
}

PreviewView rocView()
{
    auto* view = new RocView;
    return {.title = words("Accepted, the same against others"),
            .stretch = 2,
            .widget = view,
            .reset = [view](const DatasetReport&) { view->clear(); },
            .begin = {},
            .take = [view](const Preview& preview) {
                const auto* roc = std::get_if<RocPreview>(&preview);
                if (roc)
                    view->setCurve(*roc);
                return roc != nullptr;
            }};
}

PreviewView translationView()
{
    auto* view = new TranslationView;
    return {.title = words("Held-back texts, and where the network looks"),
            .stretch = 4,
            .widget = view,
            .reset = [view](const DatasetReport&) { view->clear(); },
            .begin = {},
            .take = [view](const Preview& preview) {
                const auto* texts = std::get_if<TranslationPreview>(&preview);
                if (texts)
                    view->setPreview(*texts);
                return texts != nullptr;
            }};
}

PreviewView sentenceView()
{
    auto* panel = new SentencePanel;
    return {.title = words("Held-back texts"),
            .stretch = 2,
            .widget = scrolled(panel),
            .reset = [panel](const DatasetReport&) { panel->clear(); },
            .begin = [panel](const RunStarted& started) { panel->setClassNames(started.classNames); },
            .take = [panel](const Preview& preview) {
                const auto* texts = std::get_if<TextPreview>(&preview);
                if (texts)
                    panel->setPreview(*texts);
                return texts != nullptr;
            }};
}

PreviewView writingView()
{
    auto* view = new WrittenTextView;
    return {.title = words("What it writes"),
            .stretch = 2,
            .widget = view,
            .reset = [view](const DatasetReport&) { view->setWritten({}, {}); },
            .begin = {},
            .take = [view](const Preview& preview) {
                const auto* written = std::get_if<WrittenText>(&preview);
                if (written)
                    view->setWritten(QString::fromStdString(written->prompt), QString::fromStdString(written->text));
                return written != nullptr;
            }};
}

}

std::vector<PreviewView> makePreviewViews()
{
    return {surfaceView(), scoreView(), predictionView(), forecastView(), historyView(), scatterView(), sentenceView(),
            writingView(), translationView(), matchView(), rocView(), boxView(), layerView()};
}

}
