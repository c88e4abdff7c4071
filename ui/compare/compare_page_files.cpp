// SPDX-License-Identifier: GPL-3.0-or-later
// What a ComparePage writes: charts and reports.
#include "ui/compare/compare_page.h"

#include "ui/compare/curve_board.h"
#include "ui/compare/report_request.h"
#include "ui/compare/summary_board.h"
#include "ui/history/run_history.h"
#include "ui/plot/curve_chart.h"
#include "ui/summary/chart_export.h"

#include <QFileDialog>

#include <algorithm>

namespace descent {

void ComparePage::exportChart(const QString& metric, const QString& format)
{
    const std::vector<CurveCard*> cards = m_board->shownCards();
    const auto card = std::ranges::find(cards, metric.toStdString(), &CurveCard::metric);
    if (card == cards.end())
        return;
    const ChartContent content = (*card)->chart()->shown();
    if (format == QLatin1String("copy")) {
        m_export.copy(content);
        return;
    }
    auto* dialog = new QFileDialog{window(), tr("Export chart")};
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setAcceptMode(QFileDialog::AcceptSave);
    dialog->setDefaultSuffix(format);
    dialog->selectFile(fileName(metric, format));
    connect(dialog, &QFileDialog::fileSelected, this, [this, content, metric, format](const QString& file) {
        if (format == QLatin1String("csv"))
            m_export.writeCsv(wishes(), metric.toStdString(), content.x, file);
        else
            m_export.write(content, format, file);
    });
    dialog->open();
}

void ComparePage::askReport()
{
    m_isReportWanted = false;
    ReportOrder order{.choice = {}, .summary = m_summary->summary(), .runNotes = {}, .charts = {}, .wishes = wishes(), .look = m_look, .fonts = ChartLook::ofTheme()};
    for (const CurveCard* card : m_board->shownCards())
        order.charts.emplace_back(ReportCurves{card->metric(), card->chart()->chosenY(), card->chart()->content().highlighted});
    for (ChartInput& chart : m_summary->inputs())
        order.charts.emplace_back(std::move(chart));
    for (const ComparedRun& run : m_runs)
        if (!run.summary.note.empty())
            order.runNotes.emplace_back(run.name, QString::fromStdString(run.summary.note));
    requestReport(order, m_history.folder(), this, [this](const QString& message) { Q_EMIT messageRaised(message); });
}

}
