// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/compare/board_layouts.h"

#include <QJsonArray>
#include <QJsonDocument>

namespace descent {

namespace {

QJsonArray chartsJson(const std::vector<ChartSpec>& charts)
{
    QJsonArray array;
    for (const ChartSpec& chart : charts)
        array.append(toJson(chart));
    return array;
}

std::vector<ChartSpec> chartsFrom(const QJsonValue& json)
{
    std::vector<ChartSpec> charts;
    for (const QJsonValue& chart : json.toArray())
        if (const auto spec = chartFromJson(chart.toObject()))
            charts.push_back(*spec);
    return charts;
}

}

QByteArray toJson(const BoardLayouts& layouts)
{
    QJsonObject named;
    for (const auto& [name, charts] : layouts.named)
        named.insert(name, chartsJson(charts));
    QJsonObject json{{QStringLiteral("layouts"), named}};
    if (layouts.last)
        json.insert(QStringLiteral("last"), chartsJson(*layouts.last));
    return QJsonDocument{json}.toJson(QJsonDocument::Compact);
}

BoardLayouts layoutsFromJson(const QByteArray& bytes)
{
    const QJsonObject json = QJsonDocument::fromJson(bytes).object();
    BoardLayouts layouts;
    const QJsonObject named = json[QStringLiteral("layouts")].toObject();
    for (auto one = named.begin(); one != named.end(); ++one)
        layouts.named[one.key()] = chartsFrom(one.value());
    if (json.contains(QStringLiteral("last")))
        layouts.last = chartsFrom(json[QStringLiteral("last")]);
    return layouts;
}

}
