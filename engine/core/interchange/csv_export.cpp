// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/base/files.h"
#include "engine/core/data/csv.h"
#include "engine/core/interchange/csv_runs.h"
#include "engine/core/interchange/exported_runs.h"

#include <cmath>
#include <fmt/format.h>
#include <map>
#include <utility>

namespace descent {

namespace fs = std::filesystem;

namespace {

/// The shortest text that reads back as the same number; NaN and infinities as Python reads them.
std::string written(double value)
{
    return std::isnan(value) ? "nan" : std::isinf(value) ? (value < 0 ? "-inf" : "inf") : fmt::format("{}", value);
}

class Rows {
public:
    explicit Rows(AtomicFile& file) : m_file{file} {}
    void add(std::string_view row)
    {
        m_text += row;
        if (m_text.size() > 1 << 20)
            flush();
    }
    void flush()
    {
        m_file.write(std::as_bytes(std::span{m_text}));
        m_text.clear();
    }

private:
    AtomicFile& m_file;
    std::string m_text;
};

void writeValuesARow(RunStore& store, std::span<const RunId> runs, Rows& rows, const std::stop_token& stop, const std::function<void(double)>& progress)
{
    rows.add("run,name,series,step,value,seconds\n");
    std::size_t done = 0;
    for (const RunId run : runs) {
        const RunDetails details = exportedRun(store, run);
        for (const std::string& series : details.series) {
            if (stop.stop_requested())
                throw Cancelled{};
            const std::string begin = fmt::format("{},{},{},", run, csvCell(details.summary.name), csvCell(series));
            for (const SeriesPoint& point : store.points(run, series))
                rows.add(fmt::format("{}{},{},{}\n", begin, point.step, written(point.value), written(point.seconds)));
        }
        if (progress)
            progress(static_cast<double>(++done) / static_cast<double>(runs.size()));
    }
}

void writeStepsARow(RunStore& store, RunId run, Rows& rows, const std::stop_token& stop, const std::function<void(double)>& progress)
{
    const RunDetails details = exportedRun(store, run);
    // A row is a step and how often the step was told before: what came again, as after a resume, has rows of its own.
    struct Row {
        double seconds = 0;
        std::vector<std::pair<std::size_t, double>> values; // column and value
    };
    std::map<std::pair<std::int64_t, std::int64_t>, Row> table;
    std::string head = "step,seconds";
    for (std::size_t column = 0; column < details.series.size(); ++column) {
        if (stop.stop_requested())
            throw Cancelled{};
        head += ',' + csvCell(details.series[column]);
        std::int64_t before = 0, nth = 0;
        bool isFirst = true;
        for (const SeriesPoint& point : store.points(run, details.series[column])) {
            nth = !isFirst && point.step == before ? nth + 1 : 0;
            isFirst = false;
            before = point.step;
            Row& row = table[{point.step, nth}];
            row.seconds = point.seconds;
            row.values.emplace_back(column, point.value);
        }
        if (progress)
            progress(static_cast<double>(column + 1) / static_cast<double>(details.series.size()));
    }
    rows.add(head + '\n');
    for (const auto& [place, row] : table) {
        std::string line = fmt::format("{},{}", place.first, written(row.seconds));
        std::size_t column = 0;
        for (const auto& [at, value] : row.values) {
            for (; column <= at; ++column)
                line += ',';
            line += written(value);
        }
        line.append(details.series.size() - column, ',');
        rows.add(line + '\n');
    }
}

}

void exportToCsv(RunStore& store, std::span<const RunId> runs, CsvForm form, const fs::path& file, const std::stop_token& stop, const std::function<void(double)>& progress)
{
    AtomicFile out{file};
    Rows rows{out};
    if (form == CsvForm::valueARow)
        writeValuesARow(store, runs, rows, stop, progress);
    else
        writeStepsARow(store, runs.front(), rows, stop, progress);
    rows.flush();
    out.commit();
}

}
