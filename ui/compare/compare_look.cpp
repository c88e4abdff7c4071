// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/compare/compare_look.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QSettings>

#include <algorithm>
#include <array>
#include <cmath>

namespace descent {

namespace {

const QString currentKey = QStringLiteral("compare/current"), namesKey = QStringLiteral("compare/layouts"), directionsKey = QStringLiteral("compare/directions");
constexpr std::array alongNames{"step", "epoch", "relative", "wall"};
constexpr std::array bandNames{"range", "deviation", "interval"};

template <typename Value, std::size_t count>
Value byName(const std::array<const char*, count>& names, const QString& name, Value fallback)
{
    const auto found = std::ranges::find_if(names, [&](const char* one) { return name == QLatin1String(one); });
    return found == names.end() ? fallback : static_cast<Value>(found - names.begin());
}

QStringList textsOf(const QJsonValue& value)
{
    QStringList texts;
    for (const auto& one : value.toArray())
        texts << one.toString();
    return texts;
}

}

QByteArray toJson(const CompareLook& look)
{
    QJsonArray notes;
    for (const CurveNote& note : look.notes)
        notes.append(QJsonObject{{"metric", note.metric}, {"run", static_cast<qint64>(note.run)}, {"step", static_cast<qint64>(note.step)}, {"seconds", note.seconds}, {"text", note.text}});
    QJsonArray groupBy;
    for (const std::string& field : look.groupBy)
        groupBy.append(QString::fromStdString(field));
    const QJsonObject json{{"along", alongNames[static_cast<std::size_t>(look.along)]},
                           {"smoothing", look.smoothing},
                           {"logX", look.isLogX},
                           {"logY", look.isLogY},
                           {"clip", look.clipsOutliers},
                           {"training", look.showsTraining},
                           {"groupBy", groupBy},
                           {"band", bandNames[static_cast<std::size_t>(look.band)]},
                           {"columns", look.columns},
                           {"filter", look.filter},
                           {"pinned", QJsonArray::fromStringList(look.pinned)},
                           {"hidden", QJsonArray::fromStringList(look.hidden)},
                           {"order", QJsonArray::fromStringList(look.order)},
                           {"notes", notes}};
    return QJsonDocument{json}.toJson(QJsonDocument::Compact);
}

CompareLook lookFromJson(const QByteArray& text)
{
    const QJsonObject json = QJsonDocument::fromJson(text).object();
    CompareLook look;
    look.along = byName(alongNames, json.value("along").toString(), look.along);
    if (const double smoothing = json.value("smoothing").toDouble(look.smoothing); smoothing >= 0 && smoothing < 1)
        look.smoothing = smoothing;
    look.isLogX = json.value("logX").toBool(look.isLogX);
    look.isLogY = json.value("logY").toBool(look.isLogY);
    look.clipsOutliers = json.value("clip").toBool(look.clipsOutliers);
    look.showsTraining = json.value("training").toBool(look.showsTraining);
    for (const QString& field : textsOf(json.value("groupBy")))
        look.groupBy.push_back(field.toStdString());
    if (const QString one = json.value("groupBy").toString(); !one.isEmpty() && one != QLatin1String("none"))
        look.groupBy = {one.toStdString()}; // as layouts of an earlier version have it
    look.band = byName(bandNames, json.value("band").toString(), look.band);
    look.columns = std::clamp(json.value("columns").toInt(look.columns), 1, 4);
    look.filter = json.value("filter").toString();
    look.pinned = textsOf(json.value("pinned"));
    look.hidden = textsOf(json.value("hidden"));
    look.order = textsOf(json.value("order"));
    for (const auto& one : json.value("notes").toArray()) {
        const QJsonObject note = one.toObject();
        look.notes.push_back({note.value("metric").toString(), note.value("run").toInteger(), note.value("step").toInteger(), note.value("seconds").toDouble(), note.value("text").toString()});
    }
    return look;
}

CompareLook CompareLayouts::current() const
{
    return m_file.isEmpty() ? CompareLook{} : lookFromJson(QSettings{m_file, QSettings::IniFormat}.value(currentKey).toByteArray());
}

void CompareLayouts::setCurrent(const CompareLook& look)
{
    if (!m_file.isEmpty())
        QSettings{m_file, QSettings::IniFormat}.setValue(currentKey, toJson(look));
}

QStringList CompareLayouts::names() const
{
    // A list, not keys of their own: a name may hold what a key must not, a slash above all.
    QStringList names = m_file.isEmpty() ? QStringList{} : QSettings{m_file, QSettings::IniFormat}.value(namesKey).toMap().keys();
    names.sort(Qt::CaseInsensitive);
    return names;
}

CompareLook CompareLayouts::named(const QString& name) const
{
    return lookFromJson(QSettings{m_file, QSettings::IniFormat}.value(namesKey).toMap().value(name).toByteArray());
}

void CompareLayouts::save(const QString& name, const CompareLook& look)
{
    QSettings settings{m_file, QSettings::IniFormat};
    QVariantMap all = settings.value(namesKey).toMap();
    all.insert(name, toJson(look));
    settings.setValue(namesKey, all);
}

void CompareLayouts::remove(const QString& name)
{
    QSettings settings{m_file, QSettings::IniFormat};
    QVariantMap all = settings.value(namesKey).toMap();
    all.remove(name);
    settings.setValue(namesKey, all);
}

Directions CompareLayouts::directions() const
{
    Directions directions;
    const QVariantMap map = m_file.isEmpty() ? QVariantMap{} : QSettings{m_file, QSettings::IniFormat}.value(directionsKey).toMap();
    for (const auto& [metric, higher] : map.asKeyValueRange())
        directions[metric.toStdString()] = higher.toBool();
    return directions;
}

void CompareLayouts::setDirections(const Directions& directions)
{
    if (m_file.isEmpty())
        return;
    QVariantMap map;
    for (const auto& [metric, higher] : directions)
        map.insert(QString::fromStdString(metric), higher);
    QSettings{m_file, QSettings::IniFormat}.setValue(directionsKey, map);
}

}
