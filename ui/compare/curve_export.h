// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/store/store_thread.h"
#include "ui/compare/chart_filling.h"
#include "ui/plot/chart_picture.h"

#include <QImage>
#include <QObject>
#include <QSize>

#include <filesystem>
#include <functional>

namespace descent {

/// A chart as the content of a file: png (twice as sharp), svg or pdf. Any thread.
QByteArray chartFile(const ChartContent& content, const QString& format, const QSize& size);

/// The points of a chart's series in its range, all of them as they were written: RFC 4180, a row a point.
QByteArray chartCsv(RunStore& store, const CurveWishes& wishes, const std::string& metric, const ChartScale& x);

/// Paints charts and writes them into files, on a thread of its own.
class CurveExport : public QObject
{
    Q_OBJECT
public:
    explicit CurveExport(const std::filesystem::path& folder, QObject* parent = nullptr); ///< of the store
    void write(const ChartContent& content, const QString& format, const QString& file);
    void writeCsv(const CurveWishes& wishes, const std::string& metric, const ChartScale& x, const QString& file);

    void copy(const ChartContent& content); ///< `copied` follows

Q_SIGNALS:
    void copied(const QImage& picture);
    void done(const QString& message); ///< written, or why not

private:
    void work(const QString& file, std::function<QByteArray(RunStore&)> content);

    StoreThread m_thread; // what was asked for is written, also when the program ends
};

}
