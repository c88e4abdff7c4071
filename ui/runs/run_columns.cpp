// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/runs/run_columns.h"

#include "engine/core/history/metric_direction.h"
#include "engine/core/recipe/catalog.h"
#include "engine/core/recipe/recipe.h"
#include "ui/history/run_text.h"
#include "ui/plot/curve_plot.h"
#include "ui/plot/metric_text.h"

#include <QCoreApplication>
#include <QLocale>
#include <QRegularExpression>

#include <cmath>
#include <map>
#include <set>

namespace descent {

namespace {

struct Known {
    QString title;
    int width;
    bool isNumber;
};

#define TITLE(text) QCoreApplication::translate("RunColumns", text)

const std::map<std::string, Known>& known()
{
    static const std::map<std::string, Known> all{
        {"name", {TITLE("Run"), 220, false}},          {"status", {TITLE("Status"), 120, false}},
        {"curve", {TITLE("Loss curve"), 120, false}},  {"dataset", {TITLE("Dataset"), 130, false}},
        {"architecture", {TITLE("Architecture"), 110, false}}, {"task", {TITLE("Task"), 130, false}},
        {"experiment", {TITLE("Experiment"), 130, false}},     {"validation", {TITLE("Best validation"), 118, true}},
        {"test", {TITLE("Test"), 112, true}},           {"best.loss/validation", {TITLE("Validation loss"), 132, true}},
        {"epoch", {TITLE("Epochs"), 68, true}},        {"step", {TITLE("Steps"), 84, true}},
        {"duration", {TITLE("Duration"), 84, true}},   {"created", {TITLE("Started"), 104, false}},
        {"ended", {TITLE("Ended"), 104, false}},       {"age", {TITLE("Age"), 84, true}},
        {"tag", {TITLE("Tags"), 130, false}},          {"note", {TITLE("Note"), 160, false}},
        {"id", {TITLE("Number"), 72, true}},           {"parent", {TITLE("Started from"), 92, true}},
        {"parameters", {TITLE("Parameters"), 100, true}}, {"starred", {TITLE("Starred"), 80, false}},
        {"archived", {TITLE("Archived"), 80, false}},  {"recipe", {TITLE("Recipe but its seed"), 130, false}},
        {"seed", {TITLE("Seed"), 68, true}},           {"training.learningRate", {TITLE("Learning rate"), 104, true}},
        {"training.batchSize", {TITLE("Batch size"), 92, true}}, {"training.epochs", {TITLE("Epochs asked for"), 110, true}},
        {"training.optimizer", {TITLE("Optimizer"), 100, false}},
    };
    return all;
}

#undef TITLE

/// The metric behind a field: "accuracy" of "best.accuracy/validation".
std::string metricOf(const RunSummary* run, std::string_view field)
{
    if (run && (field == "test" || field == "validation"))
        return run->primaryMetric;
    return descent::metricOf(field);
}

QString numberText(const RunSummary* run, const std::string& field, double value)
{
    if (!std::isfinite(value))
        return std::isnan(value) ? QStringLiteral("NaN") : value > 0 ? QStringLiteral("\u221e") : QStringLiteral("-\u221e");
    if (field == "duration" || field == "age")
        return shortDuration(value);
    if (field == "created" || field == "ended")
        return relativeTime(WallTime{std::chrono::milliseconds{static_cast<std::int64_t>(value * 1000)}});
    if (field == "id" || field == "parent" || field == "parameters" || field == "epoch" || field == "step" || field == "seed")
        return QLocale{}.toString(static_cast<qlonglong>(value));
    if (isSetting(field))
        return QString::number(value, 'g', 12); // as it was written
    return metricValue(metricOf(run, field), value);
}

struct Writer {
    const RunSummary* run;
    const std::string& field;
    QString operator()(std::monostate) const { return {}; }
    QString operator()(double value) const { return (field == "epoch" || field == "step") && value == 0 ? QString{} : numberText(run, field, value); }
    QString operator()(const std::string& text) const
    {
        if (field == "status")
            return statusLabel(runStatusFromString(text));
        if (field == "starred" || field == "archived")
            return text == "true" ? QStringLiteral("\u2713") : QString{};
        QString line = QString::fromStdString(text).section(QLatin1Char('\n'), 0, 0);
        if (field == "note")
            line.remove(QRegularExpression{QStringLiteral("[*`#]+")}); // marks of Markdown
        return line.trimmed();
    }
    QString operator()(const std::vector<std::string>& texts) const
    {
        QStringList all;
        for (const std::string& text : texts)
            all << QString::fromStdString(text);
        return all.join(QStringLiteral(", "));
    }
};

}

QString columnTitle(const std::string& field)
{
    if (const auto found = known().find(field); found != known().end())
        return found->second.title;
    for (const auto& [prefix, title] : {std::pair{"best.", QCoreApplication::translate("RunColumns", "%1 (best epoch)")},
                                        {"last.", QCoreApplication::translate("RunColumns", "%1 (last)")},
                                        {"test.", QCoreApplication::translate("RunColumns", "%1 (test)")}})
        if (field.starts_with(prefix)) {
            const std::string series = field.substr(5);
            const auto slash = series.find('/');
            const QString part = slash == std::string::npos ? QString{} : QLatin1Char(' ') + QString::fromStdString(series.substr(slash + 1));
            return title.arg(metricLabel(series.substr(0, slash)) + part);
        }
    return isSetting(field) ? QString::fromStdString(field) : metricLabel(field);
}

QString columnHelp(const std::string& field)
{
    if (field == "validation")
        return QCoreApplication::translate("RunColumns", "The run's own metric on validation, in its best epoch");
    if (field == "test")
        return QCoreApplication::translate("RunColumns", "The run's own metric of its best model on the test part");
    if (field == "recipe")
        return QCoreApplication::translate("RunColumns", "Runs that share it differ in name and seed alone");
    return QCoreApplication::translate("RunColumns", "In a query: %1").arg(QString::fromStdString(field));
}

bool isNumberColumn(const std::string& field)
{
    const auto found = known().find(field);
    return found == known().end() ? !isSetting(field) : found->second.isNumber;
}

int usualWidth(const std::string& field)
{
    const auto found = known().find(field);
    return found == known().end() ? 130 : found->second.width;
}

QString cellText(const RunSummary& run, const RunField& field)
{
    return std::visit(Writer{&run, field.name()}, field.of(run, std::chrono::system_clock::now()));
}

GroupText groupText(const RunGroup& group, const GroupCell& cell, const std::string& field)
{
    const RunSummary* first = group.runs.front().get();
    if (field == "curve" || field == "note" || field == "id" || field == "parent")
        return {};
    const QString shared = std::visit(Writer{first, field}, cell.common);
    if (!shared.isEmpty())
        return {shared, {}, {}};
    if (cell.count > 0 && isNumberColumn(field)) {
        const auto written = [&](double value) { return numberText(first, field, value); };
        GroupText text{written(cell.mean), {}, {}};
        const bool isFigure = field == "test" || field == "validation" || (!isSetting(field) && !known().contains(field)) || field == "best.loss/validation";
        if (cell.count > 1 && isFigure) {
            // "91.20 ± 0.31 %": the unit once.
            const QString percent = QStringLiteral(" %");
            const bool isShare = text.text.endsWith(percent);
            const auto bare = [&](const QString& number) { return isShare ? number.chopped(percent.size()) : number; };
            text.text = QStringLiteral("%1 \u00b1 %2%3").arg(bare(text.text), bare(written(cell.deviation)), isShare ? percent : QString{});
            const std::string metric = metricOf(first, field);
            const bool higher = field == "test" || field == "validation" ? first->higherIsBetter : isBetterHigher(metric);
            text.below = QCoreApplication::translate("RunColumns", "best %1").arg(written(higher ? cell.high : cell.low));
        }
        text.help = QCoreApplication::translate("RunColumns", "Mean %1, standard deviation %2, from %3 to %4, of %5 runs")
                        .arg(written(cell.mean), written(cell.deviation), written(cell.low), written(cell.high))
                        .arg(cell.count);
        return text;
    }
    const std::size_t values = cell.different + (cell.count > 0 ? 1 : 0);
    return {values > 1 ? QCoreApplication::translate("RunColumns", "%1 values").arg(values) : QString{}, {}, {}};
}

QString groupTitle(const RunGroup& group, const std::vector<std::string>& groupBy)
{
    QStringList parts;
    for (std::size_t i = 0; i < groupBy.size(); ++i) {
        QString value = std::visit(Writer{group.runs.front().get(), groupBy[i]}, group.values[i]);
        if (groupBy[i] == "recipe") // a number says nothing to a person
            value = QStringLiteral("%1, %2").arg(QString::fromStdString(group.runs.front()->architecture), QString::fromStdString(group.runs.front()->datasetName));
        parts << (value.isEmpty() ? QCoreApplication::translate("RunColumns", "none") : value);
    }
    return parts.join(QStringLiteral("  \u00b7  "));
}

std::vector<std::string> knownSettings()
{
    std::set<std::string> names{"seed", "device", "recipe"};
    for (const RecipeTemplate& one : recipeTemplates())
        for (const RecipeEntry& entry : flattened(one.recipe))
            if (isSetting(entry.path))
                names.insert(entry.path);
    return {names.begin(), names.end()};
}

}
