// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/compare/report_writing.h"

#include "engine/core/history/curve_reader.h"
#include "ui/summary/chart_export.h"
#include "ui/theme/translated.h"
#include "ui/theme/written_file.h"

#include <numeric>

namespace descent {

namespace {

constexpr int curveColumns = 900;            // of a chart, that many places along x are told apart
constexpr std::size_t mostLinePoints = 20'000; // of a chart as lines: beyond that the file of a picture is smaller
constexpr double pictureRatio = 2;

std::size_t pointsOf(const ChartContent& content)
{
    return std::accumulate(content.curves->begin(), content.curves->end(), std::size_t{0}, [](std::size_t points, const ChartCurve& curve) {
        return points + curve.raw.size() + curve.smooth.size() + 2 * curve.band.size();
    });
}

ReportChart pictureOf(ChartContent content)
{
    const double ratio = pointsOf(content) > mostLinePoints ? pictureRatio : 0;
    const QString title = content.title;
    return {title, [content = std::move(content), ratio](QPainter& painter, const QSizeF& size, const ColorTokens& colors) {
                paintChart(painter, size, recolored(content, content.look.colors, colors), ratio);
            }};
}

ReportChart pictureOf(ChartInput input)
{
    const QString title = chartTitle(input.spec, *input.table);
    return {title, [title, input = std::move(input)](QPainter& painter, const QSizeF& size, const ColorTokens& colors) {
                ChartInput colored = input;
                colored.colors = colors;
                paintTitledChart(painter, size, title, colored);
            }};
}

/// Reads and paints, and tells of each picture.
class Writing {
public:
    Writing(RunStore& store, const ReportOrder& order, bool isPdf, const ReportProgress& progress, const std::stop_token& stop)
        : m_store{store}, m_reader{store}, m_order{order}, m_isPdf{isPdf}, m_progress{progress}, m_stop{stop}, m_all{static_cast<int>(order.charts.size()) * (isPdf ? 2 : 3)}
    {
    }
    std::optional<QByteArray> written()
    {
        ReportMaterial material{.summary = m_order.summary, .charts = {}, .runNotes = m_order.runNotes};
        for (const auto& chart : m_order.charts) {
            if (const auto* curves = std::get_if<ReportCurves>(&chart)) {
                std::optional<ChartContent> content = filled(*curves);
                if (!content)
                    return std::nullopt;
                material.charts.push_back(pictureOf(std::move(*content)));
            } else {
                material.charts.push_back(pictureOf(std::get<ChartInput>(chart)));
            }
            tell();
        }
        for (ReportChart& chart : material.charts)
            chart.paint = [this, paint = std::move(chart.paint)](QPainter& painter, const QSizeF& size, const ColorTokens& colors) {
                if (!m_stop.stop_requested())
                    paint(painter, size, colors);
                tell();
            };
        QByteArray content = m_isPdf ? reportPdf(material, m_order.choice) : reportHtml(material, m_order.choice);
        return m_stop.stop_requested() ? std::nullopt : std::optional{std::move(content)};
    }

private:
    void tell() { m_progress(++m_done, m_all); }

    /// Nothing where it was stopped.
    std::optional<ChartContent> filled(const ReportCurves& wanted)
    {
        const std::function<bool()> isStopped = [this] { return m_stop.stop_requested(); };
        std::optional<ChartFilling> filling;
        while (!filling) { // a series of a run that goes on may change while it is read
            if (isStopped())
                return std::nullopt;
            RunExtents extents;
            for (const WantedRun& run : m_order.wishes.runs)
                extents[run.id] = m_store.extents(run.id);
            filling = fillChart(m_reader, m_order.wishes, {wanted.metric, curveColumns}, extents, isStopped);
        }
        ChartContent content = contentOf(*filling, m_order.look);
        content.y = wanted.y.value_or(content.y);
        content.highlighted = wanted.highlighted;
        content.look = m_order.fonts;
        return content;
    }

    RunStore& m_store;
    CurveReader m_reader;
    const ReportOrder& m_order;
    const bool m_isPdf;
    const ReportProgress& m_progress;
    const std::stop_token& m_stop;
    const int m_all;
    int m_done = 0;
};

}

std::optional<QByteArray> writtenReport(RunStore& store, const ReportOrder& order, bool isPdf, const ReportProgress& progress, const std::stop_token& stop)
{
    return Writing{store, order, isPdf, progress, stop}.written();
}

ReportWriting::ReportWriting(std::filesystem::path storeFolder, ReportOrder order, const QString& file, QObject* parent)
    : QObject{parent}, m_thread{[this, folder = std::move(storeFolder), order = std::move(order), file](const std::stop_token& stop) {
          QString said;
          try {
              RunStore store{folder};
              const bool isPdf = file.endsWith(QStringLiteral(".pdf"), Qt::CaseInsensitive);
              const std::optional<QByteArray> content = writtenReport(
                  store, order, isPdf, [this](int done, int all) { QMetaObject::invokeMethod(this, [this, done, all] { Q_EMIT progressed(done, all); }); }, stop);
              if (content)
                  said = writtenFile(file, [&] { return *content; });
          } catch (const DescentError& error) {
              said = translated(error.message());
          } catch (const std::exception& error) { // the thread's outermost frame
              said = QString::fromUtf8(error.what());
          }
          QMetaObject::invokeMethod(this, [this, said] { Q_EMIT finished(said); });
      }}
{
}

}
