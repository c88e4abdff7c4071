// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/queue/queue_rows.h"

#include "engine/core/network/architecture.h"
#include "engine/core/recipe/catalog.h"
#include "ui/history/run_history.h"
#include "ui/history/run_text.h"
#include "ui/plot/curve_plot.h"
#include "ui/plot/metric_text.h"
#include "ui/queue/queue_session.h"
#include "ui/theme/translated.h"

#include <cmath>

namespace descent {

namespace {

QString labelOf(const GridSetting& setting)
{
    if (setting.path == "seed")
        return QueueModel::tr("seed");
    if (setting.path == "device")
        return QueueModel::tr("device");
    if (setting.path == "architecture.kind")
        return QueueModel::tr("architecture");
    const std::string name = setting.path.substr(setting.path.rfind('.') + 1);
    const ParameterSchema* parameter = setting.path.starts_with("training.") ? findParameter(trainingSchema(), name) : nullptr;
    if (setting.path.starts_with("architecture.")) // whichever it is: what they share is called the same
        for (const Architecture& one : architectures())
            if (!parameter)
                parameter = findParameter(one.schema, name);
    const QString label = parameter ? translated(parameter->label) : QString{};
    return label.isEmpty() ? QString::fromStdString(name) : label.at(0).toLower() + label.mid(1);
}

QString sentence(QString text)
{
    if (!text.isEmpty())
        text[0] = text[0].toUpper();
    return text;
}

/// Of a run in this program from its own words; in another, from what the history has of it.
void showProgress(QueueRow& row, const QueueEntry& entry, const QueueProgress* progress, const RunSummary* run)
{
    if (!progress) {
        row.progress = run && run->epoch > 0 ? QueueModel::tr("epoch %1, in another program").arg(run->epoch) : QueueModel::tr("in another program");
        return;
    }
    row.run = progress->run > 0 ? progress->run : entry.run.value_or(0);
    row.share = progress->fraction;
    switch (progress->stage) {
    case QueueProgress::Stage::preparing: row.progress = QueueModel::tr("getting ready"); break;
    case QueueProgress::Stage::waitingForMemory:
        row.progress = QueueModel::tr("waits for memory");
        row.share = -1;
        break;
    case QueueProgress::Stage::training: {
        QStringList words{QueueModel::tr("epoch %1 of %2").arg(progress->epoch).arg(progress->epochs)};
        if (!std::isnan(progress->loss))
            words << QueueModel::tr("loss %1").arg(metricValue("loss", progress->loss));
        if (progress->secondsLeft >= 0)
            words << QueueModel::tr("%1 left").arg(shortDuration(progress->secondsLeft));
        row.progress = words.join(QStringLiteral("  ·  "));
    }
    }
}

QueueRow rowOf(const QueueEntry& entry, const QueueProgress* progress, const RunSummary* run)
{
    QueueRow row{.id = entry.id, .state = entry.state, .run = entry.run.value_or(0), .title = {}, .detail = {}, .progress = {}, .outcome = {}, .hint = {}};
    row.detail = settingsText(entry.settings);
    row.title = QString::fromStdString(entry.settings.empty() || entry.batch.empty() ? entry.name : entry.batch);
    if (row.title.isEmpty())
        row.title = run ? QString::fromStdString(run->name) : QueueModel::tr("Without a name");
    switch (entry.state) {
    case QueueState::waiting:
        if (entry.run)
            row.progress = QueueModel::tr("was interrupted, will go on");
        break;
    case QueueState::running: showProgress(row, entry, progress, run); break;
    case QueueState::failed:
        row.outcome = sentence(translated(entry.cause.message));
        if (!entry.cause.path.empty())
            row.outcome = sentence(labelOf({entry.cause.path, {}})) + QStringLiteral(": ") + translated(entry.cause.message);
        row.hint = sentence(translated(entry.cause.hint));
        break;
    case QueueState::done:
    case QueueState::stopped:
        if (run)
            row.outcome = headlineOf(*run);
        break;
    }
    if (run && entry.state != QueueState::waiting && entry.state != QueueState::running && run->epoch > 0)
        row.progress = run->epoch == 1 ? QueueModel::tr("1 epoch, %1").arg(shortDuration(run->seconds))
                                       : QueueModel::tr("%1 epochs, %2").arg(run->epoch).arg(shortDuration(run->seconds));
    return row;
}

}

QString settingsText(const std::vector<GridSetting>& settings)
{
    QStringList words;
    for (const GridSetting& one : settings)
        words << labelOf(one) + QLatin1Char(' ') + QString::fromStdString(one.value);
    return sentence(words.join(QStringLiteral(", ")));
}

std::vector<QueueRow> queueRows(const QueueSession& session, const RunHistory& history)
{
    std::vector<QueueRow> rows;
    for (const QueueEntry& entry : session.snapshot().entries)
        rows.push_back(rowOf(entry, session.progressOf(entry.id), entry.run ? history.find(*entry.run) : nullptr));
    return rows;
}

}
