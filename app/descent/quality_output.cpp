// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/descent/quality_output.h"

#include "app/descent/text_table.h"

#include <fmt/format.h>

#include <array>
#include <cmath>

namespace descent {

namespace {

struct Part {
    const char* name;
    const PartProfile& profile;
};

std::array<Part, 3> partsOf(const QualityReport& report)
{
    return {{{"train", report.train}, {"validation", report.validation}, {"test", report.test}}};
}

const char* roleOf(const ColumnPlan& plan)
{
    using Role = ColumnPlan::Role;
    switch (plan.role) {
    case Role::feature: return "input";
    case Role::ignore: return "ignore";
    case Role::group: return "group";
    case Role::order: return "order";
    }
    return "";
}

const char* ruleOf(const QualityReport& report)
{
    return report.ordered ? "in order" : report.grouped ? "by groups" : report.stratified ? "at random, every class its share" : "at random";
}

const char* severityOf(const QualityFinding& finding)
{
    using Severity = QualityFinding::Severity;
    return finding.severity == Severity::serious ? "serious" : finding.severity == Severity::warning ? "warning" : "note";
}

/// As a shell takes it: quoted where a sign of it would mean something.
std::string settingFor(const QualityFinding& finding)
{
    std::string line;
    for (const auto& [path, value] : finding.sets) {
        std::string argument = path + "=" + value;
        if (argument.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._=-") != std::string::npos) {
            for (std::size_t at = 0; (at = argument.find('\'', at)) != std::string::npos; at += 4)
                argument.replace(at, 1, "'\\''");
            argument = "'" + argument + "'";
        }
        line += (line.empty() ? "--set " : " --set ") + argument;
    }
    return line;
}

}

void printQuality(const QualityReport& report, const std::vector<std::string>& classNames, const Terminal& terminal)
{
    if (!report.columns.empty()) {
        fmt::print("\n");
        TextTable table{{"COLUMN", "ROLE", "DISTINCT", "MISSING", "FAR OUT", "TELLS"}};
        for (const ColumnProfile& column : report.columns)
            table.add({column.name, roleOf(column.plan), formatCount(column.distinct), formatCount(column.missing),
                       column.plan.categorical ? "" : formatCount(column.outliers), fmt::format("{:.0f} %", 100 * column.tells)});
        table.print(terminal);
    }
    if (report.train.count > 0) {
        std::vector<std::string> heading{"PART", "SAMPLES"};
        constexpr std::size_t mostClasses = 8;
        const bool classes = !classNames.empty() && classNames.size() <= mostClasses;
        if (classes)
            heading.insert(heading.end(), classNames.begin(), classNames.end());
        if (report.grouped)
            heading.emplace_back("GROUPS");
        if (report.ordered)
            heading.insert(heading.end(), {"FROM", "TO"});
        fmt::print("\nsplit {}{}{}\n", ruleOf(report), report.ruledBy.empty() ? "" : ": " + printable(report.ruledBy),
                   report.setAsideCount > 0 ? fmt::format(", {} set aside", formatCount(report.setAsideCount)) : "");
        TextTable table{std::move(heading)};
        for (const Part& part : partsOf(report)) {
            std::vector<std::string> row{part.name, formatCount(part.profile.count)};
            if (classes)
                for (const std::int64_t count : part.profile.classCounts)
                    row.push_back(formatCount(count));
            if (report.grouped)
                row.push_back(formatCount(part.profile.groups));
            if (report.ordered)
                row.insert(row.end(), {part.profile.from, part.profile.to});
            table.add(std::move(row));
        }
        table.print(terminal);
    }
    if (report.findings.empty())
        return;
    fmt::print("\n");
    for (const QualityFinding& finding : report.findings) {
        const std::string why = english(finding.why);
        fmt::print("{}  {}{}{}\n", coloured(terminal, finding.severity == QualityFinding::Severity::note ? 2 : 33, severityOf(finding)),
                   printable(english(finding.what)), why.empty() ? "" : ". ", printable(why));
        if (!finding.sets.empty())
            fmt::print("         {}: {}\n", english(finding.fix), printable(settingFor(finding)));
    }
}

Json toJson(const QualityReport& report, const std::vector<std::string>& classNames)
{
    Json json{{"columns", Json::array()}, {"findings", Json::array()}};
    for (const ColumnProfile& column : report.columns) {
        Json one{{"name", column.name},
                 {"role", roleOf(column.plan)},
                 {"type", column.plan.categorical ? "category" : "number"},
                 {"rows", column.rows},
                 {"missing", column.missing},
                 {"distinct", column.distinct},
                 {"tells", jsonNumber(column.tells)},
                 {"drift", jsonNumber(column.drift)}};
        if (column.plan.categorical) {
            one["frequent"] = Json::array();
            for (const auto& [name, count] : column.frequent)
                one["frequent"].push_back({{"name", name}, {"count", count}});
        } else {
            one.update({{"minimum", jsonNumber(column.minimum)},
                        {"lowerQuartile", jsonNumber(column.lowerQuartile)},
                        {"median", jsonNumber(column.median)},
                        {"upperQuartile", jsonNumber(column.upperQuartile)},
                        {"maximum", jsonNumber(column.maximum)},
                        {"mean", jsonNumber(column.mean)},
                        {"deviation", jsonNumber(column.deviation)},
                        {"limits", {jsonNumber(column.limits.low), jsonNumber(column.limits.high)}},
                        {"outliers", column.outliers},
                        {"noNumbers", column.noNumbers}});
        }
        one["histogram"] = column.histogram;
        json["columns"].push_back(std::move(one));
    }
    for (const QualityFinding& finding : report.findings) {
        Json one{{"severity", severityOf(finding)}, {"what", english(finding.what)}, {"why", english(finding.why)}};
        if (!finding.column.empty())
            one["column"] = finding.column;
        if (!finding.sets.empty()) {
            one["fix"] = english(finding.fix);
            for (const auto& [path, value] : finding.sets)
                one["set"].push_back(path + "=" + value);
        }
        json["findings"].push_back(std::move(one));
    }
    if (report.train.count > 0) {
        Json split{{"rule", report.ordered ? "order" : report.grouped ? "group" : report.stratified ? "stratified" : "random"}};
        if (!report.ruledBy.empty())
            split["column"] = report.ruledBy;
        for (const Part& part : partsOf(report)) {
            Json one{{"samples", part.profile.count}};
            for (std::size_t i = 0; i < part.profile.classCounts.size(); ++i)
                one["classes"].push_back({{"name", classNames[i]}, {"count", part.profile.classCounts[i]}});
            if (report.ordered)
                one.update({{"from", part.profile.from}, {"to", part.profile.to}});
            if (report.grouped)
                one["groups"] = part.profile.groups;
            split[part.name] = std::move(one);
        }
        json["split"] = std::move(split);
    }
    json["setAside"] = report.setAsideCount;
    json["repeated"] = report.repeats.size();
    json["alike"] = Json::array();
    for (const AlikePictures& pair : report.alike)
        json["alike"].push_back({{"first", pair.first}, {"second", pair.second}, {"secondIsTest", pair.secondIsTest}, {"exact", pair.exact}, {"sameTarget", pair.sameTarget}});
    return json;
}

}
