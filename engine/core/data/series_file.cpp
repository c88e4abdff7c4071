// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/base/files.h"
#include "engine/core/data/csv_rows.h"
#include "engine/core/data/path_parameter.h"
#include "engine/core/data/time_column.h"
#include "engine/core/data/time_grid.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <numeric>

namespace descent {

namespace fs = std::filesystem;

namespace {

constexpr std::size_t maximumBytes = std::size_t{2} << 30;
constexpr std::int64_t mostSteps = 20'000'000;

using Rows = std::vector<CsvRow>;

/// A table read, with what was said about it on the way.
struct Reading {
    std::string file;
    std::vector<std::string> names;
    Rows rows;
    bool decimalComma = false; // commas part no cells, so they may stand in numbers
    Dataset dataset;
    Problems warnings;
    void setRowAside(const CsvRow& row, Text reason) { setAside(dataset, file + ":" + std::to_string(row.line), std::move(reason)); }
};

/// Blanks at the ends of lines are dropped and runs of them become one: columns set out with blanks for the eye.
std::string withSingleBlanks(std::string_view content)
{
    std::string result;
    for (const char c : content) {
        const bool blank = c == ' ' || c == '\t';
        if (blank && (result.empty() || result.back() == '\n' || result.back() == ' '))
            continue;
        if (c == '\n' && result.ends_with(' '))
            result.pop_back();
        result += blank ? ' ' : c;
    }
    return result;
}

Result<Rows> parseRows(const Schema& schema, const Parameters& parameters, std::string content, char& separator, const LoadControl& control)
{
    separator = separatorOf(schema, parameters, content);
    if (textOf(schema, parameters, "separator") == "auto" && content.find(separator) == std::string::npos) {
        content = withSingleBlanks(content);
        separator = ' ';
    }
    return parseCsv(content, separator, {}, control.stop);
}

std::optional<double> numberIn(std::string_view cell, bool decimalComma)
{
    if (const auto value = parseNumber(cell))
        return value;
    const std::size_t comma = decimalComma ? cell.find(',') : std::string_view::npos;
    if (comma == std::string_view::npos)
        return std::nullopt;
    std::string withPoint{cell};
    withPoint[comma] = '.';
    return parseNumber(withPoint);
}

/// The column a person names, by name or by number from 1.
std::optional<std::size_t> columnNamed(const std::vector<std::string>& names, const std::string& wanted)
{
    if (const auto found = std::find(names.begin(), names.end(), wanted); found != names.end())
        return static_cast<std::size_t>(found - names.begin());
    std::size_t number = 0;
    const auto [rest, error] = std::from_chars(wanted.data(), wanted.data() + wanted.size(), number);
    const bool whole = error == std::errc{} && rest == wanted.data() + wanted.size();
    return whole && number >= 1 && number <= names.size() ? std::optional{number - 1} : std::nullopt;
}

/// The column of times that was asked for or found; none is no problem.
Result<std::optional<TimeColumn>> chosenTimes(const Reading& reading, const std::string& wanted)
{
    if (wanted.empty())
        return {findTimeColumn(reading.names, reading.rows), {}};
    if (wanted == "none")
        return {std::optional<TimeColumn>{}, {}};
    const auto column = columnNamed(reading.names, wanted);
    if (!column) {
        const std::string nearest = nearestName(wanted, reading.names);
        return {std::nullopt,
                {{"dataset.time", text("there is no column \"%1\"", wanted),
                  nearest.empty() ? text("write a column's name, or its number from 1 to %1", reading.names.size())
                                  : text("did you mean \"%1\"?", nearest)}}};
    }
    const auto times = readAsTimes(reading.rows, *column, true);
    if (!times)
        return {std::nullopt,
                {{"dataset.time", text("\"%1\" holds no times this program reads: \"%2\"", reading.names[*column], reading.rows.front().cells[*column]),
                  text("write them as 2016-07-01 13:00, or as seconds since 1970")}}};
    return {times, {}};
}

/// The rows in order of time, one a time, and their times. Rows without a readable time are set aside.
std::vector<std::int64_t> orderByTime(Reading& reading, const TimeColumn& column)
{
    std::vector<std::pair<std::int64_t, std::size_t>> order;
    for (std::size_t i = 0; i < reading.rows.size(); ++i) {
        if (const auto time = timeOf(reading.rows[i], column))
            order.emplace_back(*time, i);
        else
            reading.setRowAside(reading.rows[i], text("\"%1\" is no time", reading.rows[i].cells[column.column]));
    }
    const auto outOfOrder = std::adjacent_find(order.begin(), order.end(), std::greater{});
    if (outOfOrder != order.end()) {
        reading.warnings.push_back({reading.file + ":" + std::to_string(reading.rows[(outOfOrder + 1)->second].line),
                                    text("the rows are not in order of time; they were sorted"), {}});
        std::sort(order.begin(), order.end());
    }
    Rows rows;
    std::vector<std::int64_t> times;
    for (const auto& [time, row] : order) {
        if (!times.empty() && times.back() == time) {
            reading.setRowAside(reading.rows[row], text("its time stands on line %1 already", rows.back().line));
            continue;
        }
        times.push_back(time);
        rows.push_back(std::move(reading.rows[row]));
    }
    reading.rows = std::move(rows);
    return times;
}

/// Where each row stands among even steps, so that missing steps are gaps. A row whose step is taken is set aside.
Result<std::vector<std::int64_t>> stepsOfRows(Reading& reading, const std::vector<std::int64_t>& times, std::optional<TimeGrid>& grid)
{
    std::vector<std::int64_t> steps(times.size());
    std::iota(steps.begin(), steps.end(), std::int64_t{0});
    if (times.size() < 2)
        return {std::move(steps), {}};
    grid = findTimeGrid(times);
    if (!grid) {
        reading.warnings.push_back({"dataset.time", text("the times follow no even steps; the rows are taken as if they did"), {}});
        return {std::move(steps), {}};
    }
    steps.clear();
    Rows rows;
    for (std::size_t i = 0; i < times.size(); ++i) {
        const std::int64_t step = grid->nearestStep(times[i]);
        if (!steps.empty() && step <= steps.back()) {
            reading.setRowAside(reading.rows[i], text("its time is too near to that of line %1", rows.back().line));
            continue;
        }
        // One mistyped year must not make a series of nothing but gap.
        const std::int64_t gap = steps.empty() ? 0 : step - steps.back() - 1;
        if (gap > 1000 && gap > 4 * static_cast<std::int64_t>(times.size()))
            return {std::nullopt,
                    {{reading.file + ":" + std::to_string(reading.rows[i].line), text("there is a gap of %1 steps before this line", gap),
                      text("check the time that stands there")}}};
        steps.push_back(step);
        rows.push_back(std::move(reading.rows[i]));
    }
    if (steps.back() >= mostSteps)
        return {std::nullopt, {{"dataset.path", text("the series would have more than %1 steps", mostSteps), {}}}};
    reading.rows = std::move(rows);
    return {std::move(steps), {}};
}

/// Values of one column, NaN where missing; nothing, with a warning, where the column holds no measurements.
std::optional<std::vector<float>> numbersOf(Reading& reading, std::size_t column)
{
    std::vector<float> numbers;
    numbers.reserve(reading.rows.size());
    std::size_t missing = 0, strange = 0;
    std::int64_t firstStrange = 0;
    bool counts = reading.rows.size() > 2;
    for (const CsvRow& row : reading.rows) {
        const auto value = numberIn(row.cells[column], reading.decimalComma);
        const bool isGap = !value && isMissing(row.cells[column]);
        missing += isGap;
        if (!value && !isGap && strange++ == 0)
            firstStrange = row.line;
        const float number = value ? static_cast<float>(*value) : NAN;
        counts = counts && value && (numbers.empty() || number - numbers.back() == 1.0F);
        numbers.push_back(std::isfinite(number) ? number : NAN);
    }
    const std::string& name = reading.names[column];
    if (missing == numbers.size() || strange * 10 > numbers.size() - missing) {
        reading.warnings.push_back({"dataset." + name, text("\"%1\" holds no numbers and is left out", name), {}});
        return std::nullopt;
    }
    if (counts) {
        reading.warnings.push_back({"dataset." + name, text("\"%1\" only counts the rows and is left out", name), {}});
        return std::nullopt;
    }
    if (strange > 0)
        reading.warnings.push_back({"dataset." + name,
                                    text("\"%1\": %2 cells are no numbers and were taken for gaps, the first on line %3", name, strange, firstStrange),
                                    {}});
    return numbers;
}

void checkStop(const LoadControl& control, double progress)
{
    if (control.stop.stop_requested())
        throw Cancelled{};
    if (control.progress)
        control.progress(progress);
}

Problem noSeries(const Reading& reading)
{
    return {"dataset.path", text("%1 holds no series", reading.file), text("a series has a row a step, with numbers in columns")};
}

/// The columns of numbers, each row at its step.
Result<Series> layOut(Reading& reading, const std::optional<TimeColumn>& times, const std::vector<std::int64_t>& steps, const LoadControl& control)
{
    constexpr std::int64_t mostValues = std::int64_t{1} << 31;
    Series series{.count = steps.back() + 1};
    std::vector<std::vector<float>> columns;
    for (std::size_t i = 0; i < reading.names.size(); ++i) {
        checkStop(control, 0.7 + 0.2 * static_cast<double>(i) / static_cast<double>(reading.names.size()));
        if (times && times->has(i))
            continue;
        if (auto numbers = numbersOf(reading, i)) {
            series.names.push_back(reading.names[i]);
            columns.push_back(std::move(*numbers));
        }
    }
    if (columns.empty())
        return {std::nullopt, {noSeries(reading)}};
    if (series.count > mostValues / series.columns())
        return {std::nullopt, {{"dataset.path", text("the series would have more than %1 steps", mostValues / series.columns()), {}}}};
    series.values.assign(static_cast<std::size_t>(series.count * series.columns()), NAN);
    for (std::size_t row = 0; row < steps.size(); ++row)
        for (std::size_t column = 0; column < columns.size(); ++column)
            series.values[static_cast<std::size_t>(steps[row]) * columns.size() + column] = columns[column][row];
    return {std::move(series), {}};
}

Result<Dataset> read(const Schema& schema, const Parameters& parameters, const fs::path& path, const LoadControl& control)
{
    Reading reading{.file = path.filename().string()};
    reading.dataset.name = reading.file;
    char separator = ',';
    Result<Rows> parsed = parseRows(schema, parameters, readFile(path, maximumBytes), separator, control);
    if (!parsed) {
        for (Problem& problem : parsed.problems)
            problem.path = reading.file + ":" + problem.path;
        return {std::nullopt, std::move(parsed.problems)};
    }
    setDamagedAside(parsed.problems, reading.dataset, reading.file);
    checkStop(control, 0.5);
    reading.rows = std::move(*parsed);
    reading.decimalComma = separator != ',';
    if (reading.rows.size() < 2)
        return {std::nullopt, {noSeries(reading)}};
    setRaggedAside(reading.rows, reading.dataset, reading.file);
    const std::string header = textOf(schema, parameters, "header");
    const bool named = header == "yes" || (header == "auto" && namesColumns(reading.rows.front()));
    for (std::size_t i = 0; i < reading.rows.front().cells.size(); ++i)
        reading.names.push_back(named && !isMissing(reading.rows.front().cells[i]) ? reading.rows.front().cells[i] : "column " + std::to_string(i + 1));
    if (named)
        reading.rows.erase(reading.rows.begin());
    if (reading.rows.empty())
        return {std::nullopt, {noSeries(reading)}};

    const auto timeColumn = chosenTimes(reading, textOf(schema, parameters, "time"));
    if (!timeColumn)
        return {std::nullopt, timeColumn.problems};
    std::optional<TimeGrid> grid;
    std::vector<std::int64_t> times;
    if (*timeColumn) {
        if ((*timeColumn)->ambiguous)
            reading.warnings.push_back({"dataset.time",
                                        (*timeColumn)->format == TimeFormat::dayFirst ? text("the dates were read as day, month, year")
                                                                                      : text("the dates were read as month, day, year"),
                                        text("write them as year, month, day if that is wrong")});
        times = orderByTime(reading, **timeColumn);
    } else {
        times.resize(reading.rows.size());
        std::iota(times.begin(), times.end(), std::int64_t{0});
    }
    if (times.empty())
        return {std::nullopt, {noSeries(reading)}};
    Result<std::vector<std::int64_t>> steps = stepsOfRows(reading, times, grid);
    if (!steps)
        return {std::nullopt, std::move(steps.problems)};
    checkStop(control, 0.7);

    Result<Series> series = layOut(reading, *timeColumn, *steps, control);
    if (!series)
        return {std::nullopt, std::move(series.problems)};
    if (*timeColumn)
        for (std::int64_t step = 0; step < series->count; ++step)
            series->seconds.push_back(grid ? grid->secondsAt(step) : times[static_cast<std::size_t>(step)]);
    reading.dataset.train.inputs = std::move(*series.value);
    checkStop(control, 1);
    return {std::move(reading.dataset), std::move(reading.warnings)};
}

}

DatasetKind seriesKind()
{
    const Schema schema{
        pathParameter("A CSV, TSV or text file with a row for each step of time."),
        {.name = "time",
         .label = "Times",
         .help = "The column of times, by name or number; empty: found by itself; none: the rows are even steps.",
         .type = ParameterType::text,
         .defaultValue = std::string{},
         .common = true},
        separatorParameter(),
        headerParameter(),
    };
    return {.id = "series",
            .label = "Series (CSV, TSV)",
            .help = "Numbers measured at even steps of time: prices, load, temperature.",
            .source = DatasetKind::Source::file,
            .schema = schema,
            .load = [schema](const Parameters& parameters, const LoadControl& control) {
                return readSource(schema, parameters,
                                  [&](const fs::path& path) { return read(schema, parameters, path, control); });
            }};
}

}
