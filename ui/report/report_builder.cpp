// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/report/report_builder.h"

#include "engine/core/summary/report_tables.h"
#include "ui/plot/picture_file.h"
#include "ui/summary/column_text.h"
#include "ui/summary/summary_strip.h"

#include <QCoreApplication>
#include <QDateTime>
#include <QLocale>

namespace descent {

namespace {

struct ReportBuilder {
    Q_DECLARE_TR_FUNCTIONS(ReportBuilder)
};

std::string svgOf(const ReportChart& chart, const ColorTokens& colors)
{
    return pictureFile(PictureFormat::svg, exportedSize, chart.title, [&](QPainter& painter) { chart.paint(painter, exportedSize, colors); }).toStdString();
}

ReportSection verdictSection(const SelectionSummary& summary)
{
    ReportSection section{.title = ReportBuilder::tr("What may be said").toStdString(), .parts = {}};
    const auto say = [&](const QString& words, bool isWarning = false) { section.parts.emplace_back(ReportText{words.toStdString(), isWarning}); };
    if (summary.standing) {
        say(shownSentence(summary.standing->verdict.sentence));
        for (const Text& warning : summary.standing->warnings)
            say(shownSentence(warning), true);
    } else if (const FigureColumn* figure = summary.table->find(summary.figure)) {
        say(bestRunSentence(*summary.table, *figure));
    }
    say(shownSentence(summary.explanation.sentence));
    if (summary.explanation.limits)
        say(shownSentence(*summary.explanation.limits), true);
    for (std::size_t i = 1; i < summary.explanation.hints.size(); ++i) // the first is the sentence above
        say(shownSentence(summary.explanation.hints[i].sentence));
    return section;
}

}

Report makeReport(const ReportMaterial& material, const ReportChoice& choice)
{
    const FigureTable& table = *material.summary.table;
    Report report{.title = choice.title.toStdString(), .date = QLocale{}.toString(QDateTime::currentDateTime(), QLocale::ShortFormat).toStdString(),
                  .language = QLocale{}.bcp47Name().toStdString(), .sections = {}};
    if (!choice.notes.trimmed().isEmpty())
        report.sections.push_back({{}, {ReportText{choice.notes.trimmed().toStdString()}}});
    if (choice.verdict)
        report.sections.push_back(verdictSection(material.summary));
    ReportSection charts{.title = ReportBuilder::tr("Charts").toStdString(), .parts = {}};
    for (const ReportChart& chart : material.charts)
        charts.parts.emplace_back(ReportPicture{chart.title.toStdString(), {}, {}});
    if (!charts.parts.empty())
        report.sections.push_back(std::move(charts));
    const ReportWords words = tableWords(table);
    if (choice.figures && hasRepeats(table))
        report.sections.push_back({ReportBuilder::tr("Results by recipe: mean ± standard deviation over seeds").toStdString(), {resultsTable(table, figureColumns(table), words)}});
    if (choice.figures)
        report.sections.push_back({ReportBuilder::tr("Figures, the best marked").toStdString(), {reportTable(table, figureColumns(table), words)}});
    if (const std::vector<std::string> settings = differingSettings(table); choice.settings && !settings.empty())
        report.sections.push_back({ReportBuilder::tr("Settings that differ").toStdString(), {reportTable(table, settings, words)}});
    if (choice.runNotes && !material.runNotes.empty()) {
        ReportTable notes{.heading = {words.run, ReportBuilder::tr("Note").toStdString()}, .rows = {}, .best = {}};
        for (const auto& [name, note] : material.runNotes)
            notes.rows.push_back({name.toStdString(), note.toStdString()});
        report.sections.push_back({ReportBuilder::tr("Notes").toStdString(), {std::move(notes)}});
    }
    return report;
}

QByteArray reportHtml(const ReportMaterial& material, const ReportChoice& choice)
{
    Report report = makeReport(material, choice);
    auto chart = material.charts.begin();
    for (ReportSection& section : report.sections)
        for (auto& part : section.parts)
            if (auto* picture = std::get_if<ReportPicture>(&part)) {
                picture->lightSvg = svgOf(*chart, Theme::lightColors());
                picture->darkSvg = svgOf(*chart++, Theme::darkColors());
            }
    return QByteArray::fromStdString(reportHtml(report));
}

}
