// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/train/live_view.h"

#include "engine/core/task/task.h"
#include "ui/plot/metric_text.h"
#include "engine/core/history/smoothing.h"
#include "ui/theme/icons.h"
#include "ui/theme/theme.h"
#include "ui/theme/translated.h"
#include "ui/theme/widgets.h"
#include "ui/train/advice_bar.h"
#include "ui/train/train_session.h"
#include "ui/try/try_dialog.h"

#include <QDesktopServices>
#include <QDoubleValidator>
#include <QGridLayout>
#include <QLineEdit>
#include <QLocale>
#include <QProgressBar>
#include <QPushButton>
#include <QStyle>
#include <QUrl>
#include <QVBoxLayout>

#include <algorithm>

namespace descent {

namespace {

constexpr double lossSmoothing = 0.9, metricSmoothing = 0.5;   // of training curves; validation is drawn as it is
constexpr std::size_t mostLivePoints = 20'000;

QString grouped(std::int64_t number)
{
    return QLocale{QLocale::English}.toString(static_cast<qlonglong>(number));
}

}

LiveView::LiveView(TrainSession& session, QWidget* parent) : QWidget{parent}, m_session{session}
{
    auto* layout = new QVBoxLayout{this};
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(Theme::space3);

    auto* head = new QHBoxLayout;
    head->setSpacing(Theme::space2);
    m_title = new ElidedLabel;
    m_title->setProperty("role", "title");
    m_title->setMinimumWidth(120);
    head->addWidget(m_title, 1);
    m_state = makeLabel({}, "muted");
    head->addWidget(m_state);
    const auto button = [&](const QString& text, const char* iconName, const char* kind) {
        auto* made = new QPushButton{text};
        made->setProperty("kind", kind);
        setThemedIcon(made, QString::fromLatin1(iconName), QByteArray{kind} == "primary");
        head->addWidget(made);
        return made;
    };
    m_inside = button(tr("Inside"), "network", "ghost");
    m_inside->setObjectName(QStringLiteral("inside"));
    m_inside->setCheckable(true);
    m_inside->setToolTip(tr("Weights, gradients and outputs, layer by layer (I)"));
    m_inside->setShortcut(QKeySequence{Qt::Key_I});
    m_pause = button(tr("Pause"), "pause", "");
    m_pause->setObjectName(QStringLiteral("pause"));
    m_pause->setToolTip(tr("Pause or go on (Space)"));
    m_stop = button(tr("Stop"), "stop", "danger");
    m_stop->setObjectName(QStringLiteral("stop"));
    m_stop->setToolTip(tr("End the run after this step; it is kept"));
    m_folder = button(tr("Open folder"), "folder", "ghost");
    m_goOn = button(tr("Go on"), "forward", "");
    m_goOn->setObjectName(QStringLiteral("goOnLive"));
    m_goOn->setToolTip(tr("Goes on from its newest checkpoint, as if it had never stopped"));
    m_try = button(tr("Try it"), "play", "");
    m_try->setObjectName(QStringLiteral("tryIt"));
    m_compare = button(tr("Compare"), "compare", "");
    m_again = button(tr("Back to the recipe"), "sliders", "");
    m_again->setObjectName(QStringLiteral("backToRecipe"));
    layout->addLayout(head);

    m_progress = new QProgressBar;
    m_progress->setRange(0, 10000);
    m_progress->setTextVisible(false);
    layout->addWidget(m_progress);

    auto* stats = new QFrame;
    stats->setProperty("card", true);
    auto* statsLayout = new QHBoxLayout{stats};
    statsLayout->setContentsMargins(Theme::space4, Theme::space2, Theme::space4, Theme::space2);
    statsLayout->setSpacing(Theme::space3);
    // Shares of the width, so that nothing jumps when a number gains a digit.
    statsLayout->addWidget(makeStat(tr("Epoch"), m_epoch), 4);
    statsLayout->addWidget(makeStat(tr("Step"), m_step), 6);
    statsLayout->addWidget(makeStat(tr("Samples a second"), m_pace), 5);
    statsLayout->addWidget(makeStat(tr("Time left"), m_left), 4);
    auto* rate = new QWidget;
    auto* rateLayout = new QVBoxLayout{rate};
    rateLayout->setContentsMargins(0, 0, 0, 0);
    rateLayout->setSpacing(1);
    rateLayout->addWidget(makeLabel(tr("Learning rate"), "caption"));
    m_rate = new QLineEdit;
    m_rate->setObjectName(QStringLiteral("liveRate"));
    m_rate->setMaximumWidth(110);
    m_rate->setToolTip(tr("Type another rate and press Return: it holds from the next step on"));
    m_rate->setAccessibleName(tr("Learning rate"));
    auto* validator = new QDoubleValidator{1e-12, 100, 12, m_rate};
    validator->setLocale(QLocale::c());
    m_rate->setValidator(validator);
    rateLayout->addWidget(m_rate);
    statsLayout->addWidget(rate, 4);
    statsLayout->addWidget(makeStat(tr("Memory"), m_memory), 4);
    statsLayout->addWidget(makeStat(tr("Device"), m_device), 5);
    layout->addWidget(stats);

    m_outcome = new QFrame;
    m_outcomeLayout = new QVBoxLayout{m_outcome};
    m_outcomeLayout->setContentsMargins(Theme::space4, Theme::space3, Theme::space4, Theme::space3);
    m_outcome->hide();
    layout->addWidget(m_outcome);
    m_advice = new AdviceBar;
    layout->addWidget(m_advice);
    m_message = makeLabel({}, "caption");
    m_message->setWordWrap(true);
    m_message->hide();
    layout->addWidget(m_message);

    auto* body = new QHBoxLayout;
    body->setSpacing(Theme::space3);
    auto* charts = new QVBoxLayout;
    charts->setSpacing(Theme::space3);
    for (CurvePlot** plot : {&m_loss, &m_second}) {
        auto* card = new QFrame;
        card->setProperty("card", true);
        auto* cardLayout = new QVBoxLayout{card};
        cardLayout->setContentsMargins(Theme::space4, Theme::space3, Theme::space3, Theme::space2);
        *plot = new CurvePlot;
        (*plot)->setXLabel(tr("step"));
        cardLayout->addWidget(*plot);
        charts->addWidget(card, 1);
    }
    m_loss->setTitle(tr("Loss"));
    m_loss->setObjectName(QStringLiteral("lossPlot"));
    body->addLayout(charts, 3);

    auto* side = new QVBoxLayout;
    side->setSpacing(Theme::space3);
    for (PreviewView& view : makePreviewViews()) {
        auto* card = new Card{{}, view.title};
        card->body()->addWidget(view.widget, 1);
        side->addWidget(card, view.stretch);
        m_previews.push_back({std::move(view), card});
    }
    body->addLayout(side, 2);
    layout->addLayout(body, 1);

    connect(m_pause, &QPushButton::clicked, this, [this] {
        m_paused = !m_paused;
        m_session.setPaused(m_paused);
        m_pause->setText(m_paused ? tr("Resume") : tr("Pause"));
        setThemedIcon(m_pause, m_paused ? QStringLiteral("play") : QStringLiteral("pause"));
        m_state->setText(m_paused ? tr("Paused") : tr("Training"));
    });
    connect(m_stop, &QPushButton::clicked, this, [this] {
        m_session.stop();
        m_state->setText(tr("Stopping after this step…"));
    });
    connect(m_inside, &QPushButton::toggled, this, [this](bool watch) {
        m_session.watchLayers(watch);
        showCards();
    });
    connect(m_advice, &AdviceBar::proposalChosen, this, &LiveView::follow);
    connect(m_goOn, &QPushButton::clicked, this, [this] { m_session.resume(m_session.runId(), m_session.runName()); });
    connect(m_again, &QPushButton::clicked, this, &LiveView::backToSetupChosen);
    connect(m_compare, &QPushButton::clicked, this, [this] { Q_EMIT compareChosen(m_session.runId()); });
    connect(m_try, &QPushButton::clicked, this, [this] {
        if (QDialog* dialog = makeTryDialog(m_task, {m_session.storeFolder(), m_session.runId(), m_title->text()}, this))
            dialog->open();
    });
    connect(m_folder, &QPushButton::clicked, this,
            [this] { QDesktopServices::openUrl(QUrl::fromLocalFile(QString::fromStdString(m_session.runFolder().string()))); });
    connect(m_rate, &QLineEdit::returnPressed, this, [this] {
        m_session.setLearningRate(m_rate->text().toDouble());
        m_rate->clearFocus();
    });
    connect(&m_session, &TrainSession::batchArrived, this, &LiveView::take);
    connect(&Theme::instance(), &Theme::changed, this, &LiveView::drawCurves);
}

QWidget* LiveView::makeStat(const QString& label, QLabel*& value)
{
    auto* stat = new QWidget;
    auto* layout = new QVBoxLayout{stat};
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(1);
    layout->addWidget(makeLabel(label, "caption"));
    value = makeLabel(QStringLiteral("–"), "heading");
    layout->addWidget(value);
    return stat;
}

void LiveView::begin()
{
    m_series.clear();
    m_ended = m_paused = m_hasCheckpoint = false;
    m_title->setText(m_session.runName());
    m_state->setText(tr("Training"));
    m_pause->setText(tr("Pause"));
    setThemedIcon(m_pause, QStringLiteral("pause"));
    m_pause->show();
    m_stop->show();
    m_inside->show();
    m_compare->hide();
    m_goOn->hide();
    m_try->hide();
    m_folder->hide();
    m_outcome->hide();
    m_message->hide();
    m_progress->setValue(0);
    m_rate->setEnabled(true);
    for (PreviewCard& preview : m_previews) {
        preview.view.reset(m_session.report());
        preview.hasContent = false;
    }
    showCards();
    m_summary = {};
    m_advice->begin();
    m_session.watchLayers(m_inside->isChecked());
    m_loss->resetZoom();
    m_second->resetZoom();
    drawCurves();
}

void LiveView::take(const LiveFeed::Batch& batch)
{
    for (const MetricPoint& point : batch.points) {
        m_summary.add(point.series, point.step, point.value);
        Series& series = m_series[point.series];
        series.x.push_back(static_cast<double>(point.step));
        series.y.push_back(point.value);
        // A run of a million steps is seen whole on the Compare page; here the older half is thinned.
        if (series.x.size() > mostLivePoints)
            for (auto* values : {&series.x, &series.y}) {
                for (std::size_t i = 0; i < values->size() / 2; ++i)
                    (*values)[i] = (*values)[2 * i];
                values->resize(values->size() / 2);
            }
    }
    for (const RunEvent& event : batch.events)
        std::visit([this](const auto& value) { on(value); }, event);
    if (batch.progress)
        showProgress(*batch.progress);
    for (const auto& [kind, preview] : batch.previews)
        for (PreviewCard& one : m_previews)
            if (one.view.take(preview))
                one.hasContent = true;
    if (!batch.previews.empty())
        showCards();
    if (!batch.points.empty())
        drawCurves();
}

void LiveView::on(const RunStarted& event)
{
    m_epochs = event.epochs;
    m_stepsPerEpoch = std::max<std::int64_t>(1, event.stepsPerEpoch);
    m_task = event.task;
    m_secondMetric = event.primaryMetric;
    m_second->setTitle(metricLabel(m_secondMetric));
    m_device->setText(QString::fromStdString(event.device));
    for (PreviewCard& preview : m_previews)
        if (preview.view.begin)
            preview.view.begin(event);
}

bool LiveView::hasLayers() const
{
    return std::any_of(m_previews.begin(), m_previews.end(), [](const PreviewCard& preview) { return preview.hasContent && preview.view.isInside; });
}

/// What the network says, or what happens inside it as soon as that is known while a person looks there.
void LiveView::showCards()
{
    const bool inside = m_inside->isChecked() && hasLayers();
    for (const PreviewCard& preview : m_previews)
        preview.card->setVisible(preview.hasContent && preview.view.isInside == inside);
}

/// A rate takes hold at once, where the run goes on; everything is for the next run.
void LiveView::follow(const Proposal& proposal)
{
    if (proposal.path == "training.learningRate" && !m_ended)
        m_session.setLearningRate(std::stod(proposal.value));
    Recipe recipe = m_session.recipe();
    if (setByPath(recipe, proposal.path, proposal.value).empty())
        m_session.edit(recipe, tr("Follow advice"));
    if (m_ended)
        Q_EMIT backToSetupChosen();
}

void LiveView::on(const EpochFinished& event)
{
    m_epoch->setText(QStringLiteral("%1 / %2").arg(event.epoch).arg(m_epochs));
    m_advice->setAdvice(adviceFor(m_summary, m_session.recipe()));
}

void LiveView::on(const Message& event)
{
    QString message = translated(event.text);
    if (!message.isEmpty())
        message[0] = message[0].toUpper();
    m_message->setText(message);
    m_message->setVisible(true);
}

void LiveView::showProgress(const Progress& progress)
{
    m_progress->setValue(static_cast<int>(10000.0 * static_cast<double>(progress.step) / static_cast<double>(std::max<std::int64_t>(1, progress.totalSteps))));
    m_epoch->setText(QStringLiteral("%1 / %2").arg(std::max<std::int64_t>(1, progress.epoch)).arg(m_epochs));
    m_step->setText(QStringLiteral("%1 / %2").arg(grouped(progress.step), grouped(progress.totalSteps)));
    m_pace->setText(progress.samplesPerSecond > 0 ? grouped(static_cast<std::int64_t>(progress.samplesPerSecond)) : QStringLiteral("–"));
    m_left->setText(shortDuration(progress.secondsLeft));
    if (progress.deviceMemoryBytes > 0)
        m_memory->setText(tr("%1 MB").arg(grouped(progress.deviceMemoryBytes / 1'000'000)));
    if (!m_rate->hasFocus())
        m_rate->setText(QString::number(progress.learningRate, 'g', 4));
}

Curve LiveView::curveOf(const QString& label, const std::string& series, int color, bool raw) const
{
    Curve curve{.name = label, .color = Theme::instance().seriesColor(color)};
    if (const auto found = m_series.find(series); found != m_series.end()) {
        curve.x = found->second.x;
        curve.y = found->second.y;
        if (raw)
            curve.smooth = smoothed(curve.y, series == "loss/train" ? lossSmoothing : metricSmoothing);
        curve.dots = !raw && curve.x.size() <= 60;
    }
    curve.id = color;
    return curve;
}

void LiveView::drawCurves()
{
    m_loss->setCurves({curveOf(tr("training"), "loss/train", 0, true), curveOf(tr("validation"), "loss/validation", 1, false)});
    std::vector<Curve> second;
    if (m_series.contains(m_secondMetric + "/train")) // some figures mean nothing of a batch
        second.push_back(curveOf(tr("training"), m_secondMetric + "/train", 0, true));
    second.push_back(curveOf(tr("validation"), m_secondMetric + "/validation", 1, false));
    // What costs nothing is drawn beside the figure it is compared with: "mse-repeat-last" with "mse".
    int color = 2;
    for (const MetricKind& metric : metricKinds())
        if (metric.id.starts_with(m_secondMetric + "-") && m_series.contains(metric.id + "/validation")) {
            second.push_back(curveOf(metricLabel(metric.id), metric.id + "/validation", color++, false));
            second.back().dashed = true;
            second.back().dots = false;
        }
    m_second->setCurves(std::move(second));
}

void LiveView::on(const RunEnded& event)
{
    m_ended = true;
    m_pause->hide();
    m_stop->hide();
    m_inside->setVisible(hasLayers()); // a network that has ended cannot be looked into any more
    m_compare->show();
    m_goOn->setVisible(event.status != RunStatus::completed && m_hasCheckpoint);
    m_try->setVisible(canBeTried(m_task) && !event.best.empty());
    m_try->setToolTip(tryHint(m_task));
    m_folder->show();
    m_rate->setEnabled(false);
    m_left->setText(QStringLiteral("–"));
    const bool failed = event.status == RunStatus::failed;
    const QString state = failed ? tr("Failed") : event.status == RunStatus::stopped ? tr("Stopped") : tr("Completed");
    m_state->setText(tr("%1 after %2").arg(state, shortDuration(event.seconds)));

    while (QLayoutItem* item = m_outcomeLayout->takeAt(0)) {
        if (item->widget())
            item->widget()->deleteLater();
        delete item;
    }
    m_outcome->setProperty("notice", failed ? "danger" : event.status == RunStatus::stopped ? "warning" : "success");
    m_outcome->style()->unpolish(m_outcome);   // has the property looked at again
    m_outcome->style()->polish(m_outcome);
    const auto line = [&](const QString& text, const char* role) {
        QLabel* label = makeLabel(text, role);
        label->setWordWrap(true);
        m_outcomeLayout->addWidget(label);
    };
    if (failed) {
        QString reason = translated(event.reason);
        if (!reason.isEmpty())
            reason[0] = reason[0].toUpper();
        line(reason, "heading");
        if (!event.hint.empty())
            line(tr("What helps: %1").arg(translated(event.hint)), "muted");
    } else {
        QStringList figures;
        for (const auto& [metric, value] : event.test)
            figures << QStringLiteral("%1 %2").arg(metricLabel(metric), metricValue(metric, value));
        if (!figures.isEmpty())
            line(tr("On the test part, the best model: %1").arg(figures.join(QStringLiteral("  ·  "))), "heading");
        if (const auto epoch = event.best.find("epoch"); epoch != event.best.end())
            line(tr("The best epoch by validation was %1; its weights are kept.").arg(epoch->second), "muted");
        if (!event.reason.empty())
            line(translated(event.reason), "muted");
        if (event.status == RunStatus::stopped)
            line(tr("Stopped by you: the run is kept with what it learnt, and can go on where it stands."), "muted");
    }
    m_outcome->setVisible(m_outcomeLayout->count() > 0);
}

}
