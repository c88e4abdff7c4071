// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/compare/curve_export.h"

#include "engine/core/data/csv.h"
#include "engine/core/store/series_visitor.h"
#include "ui/plot/picture_file.h"
#include "ui/theme/translated.h"
#include "ui/theme/written_file.h"

#include <QPainter>

#include <algorithm>
#include <array>

namespace descent {

namespace {

/// Points between two places along x.
class RangeRows : public SeriesVisitor {
public:
    RangeRows(QByteArray& csv, QByteArray start, const CurveAxis& axis, const ChartScale& x) : m_csv{csv}, m_start{std::move(start)}, m_axis{axis}, m_x{x} {}
    Way meet(const PointSpan& span, std::uint64_t) override
    {
        const double first = m_axis.at(span.firstStep, span.firstSeconds), last = m_axis.at(span.lastStep, span.lastSeconds);
        const bool isOrdered = span.isPlain || m_axis.along == AlongX::step || m_axis.along == AlongX::epoch;
        return isOrdered && (last < m_x.from || first > m_x.to) ? Way::over : Way::inside;
    }
    void take(std::span<const SeriesPoint> points, std::uint64_t) override
    {
        for (const SeriesPoint& point : points)
            if (const double x = m_axis.at(point.step, point.seconds); x >= m_x.from && x <= m_x.to)
                m_csv += m_start + QByteArray::number(static_cast<qint64>(point.step)) + ',' + QByteArray::number(point.seconds, 'g', 17) + ',' + QByteArray::number(point.value, 'g', 17) + "\r\n";
    }

private:
    QByteArray& m_csv;
    const QByteArray m_start;
    const CurveAxis m_axis;
    const ChartScale m_x;
};

}

QByteArray chartFile(const ChartContent& content, const QString& format, const QSize& size)
{
    const PictureFormat picture = format == QLatin1String("png") ? PictureFormat::png : format == QLatin1String("svg") ? PictureFormat::svg : PictureFormat::pdf;
    return pictureFile(picture, size, content.title, [&](QPainter& painter) { paintChart(painter, size, content, picture == PictureFormat::png ? pngRatio : 0); });
}

QByteArray chartCsv(RunStore& store, const CurveWishes& wishes, const std::string& metric, const ChartScale& x)
{
    QByteArray csv = "run,name,series,step,seconds,value\r\n";
    for (const WantedRun& run : wishes.runs) {
        const auto extents = store.extents(run.id);
        for (const char* part : {"/train", "/validation", ""}) {
            const std::string series = metric + part;
            if (!extents.contains(series) || (std::string_view{part} == "/train" && !wishes.showsTraining))
                continue;
            RangeRows rows{csv, QByteArray::number(static_cast<qint64>(run.id)) + ',' + QByteArray::fromStdString(csvCell(run.name.toStdString())) + ',' + QByteArray::fromStdString(csvCell(series)) + ',',
                           axisOf(run, extents, wishes.along), x};
            store.visit(run.id, series, rows);
        }
    }
    return csv;
}

CurveExport::CurveExport(const std::filesystem::path& folder, QObject* parent)
    : QObject{parent}, m_thread{folder, [this](const StoreError& error) {
          QMetaObject::invokeMethod(this, [this, said = translated(error.message())] { Q_EMIT done(said); });
      }}
{
}

void CurveExport::work(const QString& file, std::function<QByteArray(RunStore&)> content)
{
    m_thread.post([this, file, content = std::move(content)](RunStore& store) {
        const QString said = writtenFile(file, [&] { return content(store); });
        QMetaObject::invokeMethod(this, [this, said] { Q_EMIT done(said); });
    });
}

void CurveExport::write(const ChartContent& content, const QString& format, const QString& file)
{
    work(file, [content, format](RunStore&) { return chartFile(content, format, exportedSize); });
}

void CurveExport::copy(const ChartContent& content)
{
    m_thread.post([this, content](RunStore&) {
        QMetaObject::invokeMethod(this, [this, picture = picture(exportedSize, [&](QPainter& painter) { paintChart(painter, exportedSize, content, pngRatio); })] { Q_EMIT copied(picture); });
    });
}

void CurveExport::writeCsv(const CurveWishes& wishes, const std::string& metric, const ChartScale& x, const QString& file)
{
    work(file, [wishes, metric, x](RunStore& store) { return chartCsv(store, wishes, metric, x); });
}

}
