// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/summary/chart_spec.h"

#include "engine/core/summary/report_tables.h"
#include "ui/summary/column_text.h"

#include <QCoreApplication>
#include <QJsonArray>

#include <algorithm>

namespace descent {

namespace {

constexpr const char* kindIds[]{"bars", "scatter", "parallel", "heat", "boxes", "pareto"};

struct SummaryChart {
    Q_DECLARE_TR_FUNCTIONS(SummaryChart)
};

QJsonArray toJson(const std::vector<std::string>& names)
{
    QJsonArray array;
    for (const std::string& name : names)
        array.append(QString::fromStdString(name));
    return array;
}

std::vector<std::string> namesFrom(const QJsonValue& value)
{
    std::vector<std::string> names;
    for (const QJsonValue& name : value.toArray())
        names.push_back(name.toString().toStdString());
    return names;
}

bool isLogarithmic(const FigureTable& table, const std::string& name)
{
    const FigureColumn* column = table.find(name);
    return column && column->isLogarithmic;
}

/// Settings without the seed, those that explain most first; settings that say the same once.
std::vector<std::string> explainingSettings(const FigureTable& table, const Explanation& explanation)
{
    std::vector<std::string> names, together;
    for (const SettingHint& hint : explanation.hints) {
        names.push_back(hint.setting);
        together.insert(together.end(), hint.together.begin(), hint.together.end());
    }
    if (names.empty())
        names = differingSettings(table);
    std::erase_if(names, [&](const std::string& name) { return name == "seed" || std::find(together.begin(), together.end(), name) != together.end(); });
    return names;
}

}

QString chartKindLabel(ChartKind kind)
{
    switch (kind) {
    case ChartKind::bars: return SummaryChart::tr("Bars");
    case ChartKind::scatter: return SummaryChart::tr("Scatter");
    case ChartKind::parallel: return SummaryChart::tr("Parallel coordinates");
    case ChartKind::heat: return SummaryChart::tr("Heat map");
    case ChartKind::boxes: return SummaryChart::tr("Boxes");
    case ChartKind::pareto: return SummaryChart::tr("Pareto front");
    }
    return {};
}

QString chartTitle(const ChartSpec& spec, const FigureTable& table)
{
    const auto label = [&](const std::string& name) { return columnLabel(table, name); };
    switch (spec.kind) {
    case ChartKind::bars: return spec.perRecipe ? SummaryChart::tr("%1 by recipe").arg(label(spec.y)) : SummaryChart::tr("%1 by run").arg(label(spec.y));
    case ChartKind::scatter: return SummaryChart::tr("%1 over %2").arg(label(spec.y), label(spec.x));
    case ChartKind::parallel: return chartKindLabel(spec.kind);
    case ChartKind::heat: return SummaryChart::tr("%1 by %2 and %3").arg(label(spec.color), label(spec.x), label(spec.y));
    case ChartKind::boxes: return spec.x.empty() ? SummaryChart::tr("%1 over seeds").arg(label(spec.y)) : SummaryChart::tr("%1 by %2").arg(label(spec.y), label(spec.x));
    case ChartKind::pareto: return SummaryChart::tr("%1 against %2").arg(label(spec.y), label(spec.x));
    }
    return {};
}

QJsonObject toJson(const ChartSpec& spec)
{
    return {{QStringLiteral("kind"), QString::fromLatin1(kindIds[static_cast<int>(spec.kind)])},
            {QStringLiteral("x"), QString::fromStdString(spec.x)},
            {QStringLiteral("y"), QString::fromStdString(spec.y)},
            {QStringLiteral("color"), QString::fromStdString(spec.color)},
            {QStringLiteral("axes"), toJson(spec.axes)},
            {QStringLiteral("flipped"), toJson(spec.flipped)},
            {QStringLiteral("logX"), spec.logX},
            {QStringLiteral("logY"), spec.logY},
            {QStringLiteral("perRecipe"), spec.perRecipe},
            {QStringLiteral("fromZero"), spec.fromZero}};
}

std::optional<ChartSpec> chartFromJson(const QJsonObject& json)
{
    const auto* const kind = std::find(std::begin(kindIds), std::end(kindIds), json[QStringLiteral("kind")].toString());
    if (kind == std::end(kindIds))
        return std::nullopt;
    return ChartSpec{.kind = static_cast<ChartKind>(kind - std::begin(kindIds)),
                     .x = json[QStringLiteral("x")].toString().toStdString(),
                     .y = json[QStringLiteral("y")].toString().toStdString(),
                     .color = json[QStringLiteral("color")].toString().toStdString(),
                     .axes = namesFrom(json[QStringLiteral("axes")]),
                     .flipped = namesFrom(json[QStringLiteral("flipped")]),
                     .logX = json[QStringLiteral("logX")].toBool(),
                     .logY = json[QStringLiteral("logY")].toBool(),
                     .perRecipe = json[QStringLiteral("perRecipe")].toBool(true),
                     .fromZero = json[QStringLiteral("fromZero")].toBool()};
}

ChartSpec suggestedChart(ChartKind kind, const FigureTable& table, const Explanation& explanation, const std::string& figure)
{
    const std::vector<std::string> settings = explainingSettings(table, explanation);
    const auto numeric = std::find_if(settings.begin(), settings.end(), [&](const std::string& name) { return table.find(name)->isNumber; });
    ChartSpec spec{.kind = kind, .y = figure};
    switch (kind) {
    case ChartKind::bars: break;
    case ChartKind::scatter: {
        constexpr std::size_t mostColors = 12; // of runs that can be told apart
        spec.x = numeric != settings.end() ? *numeric : settings.empty() ? "duration" : settings.front();
        const auto other = std::find_if(settings.begin(), settings.end(), [&](const std::string& name) { return name != spec.x; });
        if (other != settings.end() && table.runs.size() > mostColors)
            spec.color = *other;
        break;
    }
    case ChartKind::parallel: {
        constexpr std::size_t mostAxes = 7; // more are for a person to add
        spec.axes.assign(settings.begin(), settings.begin() + static_cast<std::ptrdiff_t>(std::min(settings.size(), mostAxes)));
        if (table.find("duration"))
            spec.axes.push_back("duration");
        spec.axes.push_back(figure);
        break;
    }
    case ChartKind::heat:
        spec.x = settings.empty() ? "dataset" : settings[0];
        spec.y = settings.size() < 2 ? "architecture" : settings[1];
        spec.color = figure;
        break;
    case ChartKind::boxes: break;
    case ChartKind::pareto: spec.x = "duration"; break;
    }
    spec.logX = isLogarithmic(table, spec.x);
    return spec;
}

std::vector<ChartSpec> suggestedBoard(const FigureTable& table, const Explanation& explanation, const std::string& figure)
{
    std::vector<ChartSpec> board;
    const auto add = [&](ChartKind kind) { board.push_back(suggestedChart(kind, table, explanation, figure)); };
    const std::vector<std::string> settings = explainingSettings(table, explanation);
    add(ChartKind::bars);
    if (!settings.empty())
        add(ChartKind::scatter);
    else if (table.recipes.size() < table.runs.size())
        add(ChartKind::boxes);
    if (table.runs.size() > 1 && table.find("duration"))
        add(ChartKind::pareto);
    constexpr std::size_t mostLevels = 16;
    if (settings.size() > 1 && levelsOf(*table.find(settings[0])).names.size() <= mostLevels && levelsOf(*table.find(settings[1])).names.size() <= mostLevels)
        add(ChartKind::heat);
    if (table.runs.size() > 2 && !settings.empty())
        add(ChartKind::parallel);
    return board;
}

}
