// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/compare/run_groups.h"

#include "ui/runs/run_columns.h"
#include "ui/theme/translated.h"

#include <QCoreApplication>
#include <QStringList>

#include <map>

namespace descent {

namespace {

struct RunGroups {
    Q_DECLARE_TR_FUNCTIONS(RunGroups)
};

/// "0.01", "resnet18", "demo, 论文"; empty where the runs have nothing there.
QString written(const RunValue& value)
{
    if (const double* number = std::get_if<double>(&value))
        return QString::number(*number, 'g', 6);
    if (const auto* text = std::get_if<std::string>(&value))
        return QString::fromStdString(*text);
    QStringList all;
    if (const auto* texts = std::get_if<std::vector<std::string>>(&value))
        for (const std::string& text : *texts)
            all << QString::fromStdString(text);
    return all.join(QStringLiteral(", "));
}

/// What tells a group: of a recipe the name of its first run, of a number also what it is of.
QString nameOf(const RunGroup& group, const std::vector<std::string>& by)
{
    QStringList parts;
    for (std::size_t i = 0; i < by.size(); ++i) {
        const QString value = written(group.values[i]);
        if (by[i] == "recipe")
            parts << QString::fromStdString(group.runs.front()->name);
        else if (value.isEmpty())
            parts << RunGroups::tr("no %1").arg(columnTitle(by[i]).toLower());
        else if (std::holds_alternative<double>(group.values[i]))
            parts << QStringLiteral("%1 %2").arg(QString::fromStdString(by[i].substr(by[i].rfind('.') + 1)), value);
        else
            parts << value;
    }
    return parts.join(QStringLiteral(", "));
}

}

std::vector<MeanGroup> meanGroups(const RunGrouping& grouping)
{
    std::vector<MeanGroup> groups;
    std::map<QString, int> sameName; // two recipes may have one
    for (const RunGroup& group : grouping.groups) {
        MeanGroup& mean = groups.emplace_back(MeanGroup{nameOf(group, grouping.by), {}});
        for (const SharedRun& run : group.runs)
            mean.runs.push_back(run->id);
        ++sameName[mean.name];
    }
    for (MeanGroup& group : groups)
        if (sameName[group.name] > 1)
            group.name += QStringLiteral(" #%1").arg(group.runs.front());
    return groups;
}

std::vector<FieldPicker::Field> groupFields(const DifferingSettings& settings)
{
    std::vector<FieldPicker::Field> fields{{.name = "recipe", .label = RunGroups::tr("Recipe"), .about = RunGroups::tr("all but the seed")}};
    for (const char* word : {"tag", "dataset", "architecture", "experiment", "task", "status"})
        fields.push_back({.name = word, .label = columnTitle(word), .about = {}});
    for (const auto& [path, label] : settings.settings) {
        const QString name = QString::fromStdString(path);
        fields.push_back({.name = path, .label = label.empty() ? name : translated(label), .about = label.empty() ? QString{} : name, .isMarked = true});
    }
    return fields;
}

}
