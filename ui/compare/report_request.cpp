// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/compare/report_request.h"

#include "ui/plot/metric_text.h"
#include "ui/report/report_dialog.h"
#include "ui/summary/chart_export.h"

#include <QCoreApplication>
#include <QFileDialog>
#include <QPointer>

namespace descent {

namespace {

struct ReportRequest {
    Q_DECLARE_TR_FUNCTIONS(ReportRequest)
};

std::vector<ReportDialog::Offer> offersOf(const ReportOrder& all)
{
    std::vector<ReportDialog::Offer> offers;
    std::size_t curves = 0;
    for (const auto& chart : all.charts) {
        if (const auto* one = std::get_if<ReportCurves>(&chart)) {
            offers.push_back({ReportRequest::tr("Curves: %1").arg(metricLabel(one->metric)), curves++ < reportCurvesAtFirst});
        } else {
            const auto& input = std::get<ChartInput>(chart);
            offers.push_back({chartTitle(input.spec, *input.table), chartObstacle(input).isEmpty()});
        }
    }
    return offers;
}

ReportOrder chosen(const ReportOrder& all, const ReportDialog& dialog)
{
    ReportOrder order = all;
    order.choice = dialog.choice();
    order.charts.clear();
    for (const std::size_t place : dialog.charts())
        order.charts.push_back(all.charts[place]);
    return order;
}

/// The dialog may go meanwhile: then it is not written.
void write(ReportOrder order, const std::filesystem::path& storeFolder, const QString& file, ReportDialog& dialog, QWidget* page, const std::function<void(const QString&)>& tell)
{
    auto* writing = new ReportWriting{storeFolder, std::move(order), file, page};
    QObject::connect(writing, &ReportWriting::progressed, &dialog, &ReportDialog::showProgress);
    QObject::connect(&dialog, &QDialog::rejected, writing, &ReportWriting::stop);
    QObject::connect(writing, &ReportWriting::finished, page, [writing, tell, waiting = QPointer{&dialog}](const QString& message) {
        if (!message.isEmpty())
            tell(message);
        writing->deleteLater();
        if (waiting)
            waiting->accept();
    });
    dialog.showProgress(0, 0);
}

}

void requestReport(const ReportOrder& all, const std::filesystem::path& storeFolder, QWidget* page, std::function<void(const QString&)> tell)
{
    auto* dialog = new ReportDialog{offersOf(all), !all.runNotes.empty(), page->window()};
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setObjectName(QStringLiteral("reportDialog"));
    QObject::connect(dialog, &ReportDialog::formatChosen, page, [=](const QString& format) {
        auto* place = new QFileDialog{dialog, ReportRequest::tr("Write report")};
        place->setAttribute(Qt::WA_DeleteOnClose);
        place->setAcceptMode(QFileDialog::AcceptSave);
        place->setDefaultSuffix(format);
        place->selectFile(fileName(dialog->choice().title, format));
        QObject::connect(place, &QFileDialog::fileSelected, dialog, [=](const QString& file) { write(chosen(all, *dialog), storeFolder, file, *dialog, page, tell); });
        place->open();
    });
    dialog->open();
}

}
