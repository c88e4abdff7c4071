// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/compare/chart_content.h"
#include "ui/report/report_builder.h"
#include "ui/summary/summary_chart.h"

#include <QObject>

#include <filesystem>
#include <stop_token>
#include <thread>
#include <variant>

namespace descent {

/// Curves for a report: they are read for it, for those on the page are only what was scrolled to.
struct ReportCurves {
    std::string metric;
    std::optional<ChartScale> y; ///< as a person zoomed; nothing: as the values are
    qint64 highlighted = -1;
};

/// So many of a selection's charts of curves are chosen at first: a run that tells of each layer has hundreds.
inline constexpr std::size_t reportCurvesAtFirst = 8;

/// All that a report is made from: values.
struct ReportOrder {
    ReportChoice choice;
    SelectionSummary summary;
    std::vector<std::pair<QString, QString>> runNotes;
    std::vector<std::variant<ReportCurves, ChartInput>> charts; ///< in their order
    CurveWishes wishes;  ///< of all curves
    CompareLook look;
    ChartLook fonts;     ///< of the theme whose colours `wishes` has
};

/// Told how many of how many steps are done.
using ReportProgress = std::function<void(int done, int all)>;

/// The report as a file's content. Reads the curves from the store. Nothing where it was stopped.
/// Throws StoreError.
std::optional<QByteArray> writtenReport(RunStore& store, const ReportOrder& order, bool isPdf, const ReportProgress& progress, const std::stop_token& stop);

/// Writes one report on a thread of its own. Ends with `finished`, unless it goes before.
class ReportWriting : public QObject
{
    Q_OBJECT
public:
    /// file: PDF where the name ends so, else HTML
    ReportWriting(std::filesystem::path storeFolder, ReportOrder order, const QString& file, QObject* parent = nullptr);
    void stop() { m_thread.request_stop(); } ///< nothing is written

Q_SIGNALS:
    void progressed(int done, int all);
    void finished(const QString& message); ///< where it lies, or why it does not; empty: it was stopped

private:
    std::jthread m_thread; // last: joined before what it uses goes
};

}
