// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/data/event_records.h"

#include "engine/core/data/event_columns.h"
#include "engine/core/data/path_parameter.h"
#include "engine/core/data/people_records.h"

#include <algorithm>
#include <cmath>
#include <fstream>
#include <limits>

namespace descent {

namespace fs = std::filesystem;

namespace {

const Schema& recordsSchema()
{
    const auto column = [](const char* name, const char* label, const char* help) {
        return ParameterSchema{
            .name = name, .label = label, .help = help, .type = ParameterType::text, .defaultValue = std::string{}};
    };
    static const Schema schema{
        pathParameter("A CSV or TSV file with one event a row: a person, a date, a code, and a value where there is one."),
        {.name = "labels",
         .label = "Labels",
         .help = "A second file with a row for each person, where the events carry no label; labels.csv beside them is found.",
         .type = ParameterType::path,
         .defaultValue = std::string{},
         .common = true},
        {.name = "outcomeCode",
         .label = "Code of the outcome",
         .help = "Without labels, people with this code are the positive ones. It and all that follows it are left out.",
         .type = ParameterType::text,
         .defaultValue = std::string{},
         .common = true},
        {.name = "leaveOut",
         .label = "Left out before the outcome",
         .help = "Events of the last days may give it away. Where there is no dated outcome, they count from the last event.",
         .type = ParameterType::real,
         .defaultValue = 0.0,
         .minimum = 0,
         .maximum = 36500,
         .common = true,
         .unit = "days"},
        {.name = "until",
         .label = "Last day",
         .help = "Events after this date or day number are left out; empty keeps them.",
         .type = ParameterType::text,
         .defaultValue = std::string{}},
        column("person", "Column of the person", "Empty: found by its name, as the others are."),
        column("date", "Column of the date", "Dates as 2020-01-31, with a time of day or without, or day numbers."),
        column("code", "Column of the code", "What happened: a diagnosis, a drug, a laboratory test."),
        column("value", "Column of the value", "The result of a measurement."),
        column("label", "Column of the label", "What is to be predicted; the same in every row of a person."),
        column("outcomeDate", "Column of the outcome's date", "Only events before it are kept."),
    };
    return schema;
}

DateForm formOf(const NamedTable& table, std::size_t column)
{
    constexpr std::size_t enough = 1000;
    DateFormGuess guess;
    for (std::size_t i = 0; i < std::min(enough, table.rows.size()); ++i)
        guess.look(table.rows[i].cells[column]);
    return guess.form();
}

/// Columns that say something of a person, in either file.
struct PersonColumns {
    std::size_t person = 0;
    std::optional<std::size_t> label, outcomeDate;
    DateForm dates = DateForm::calendar; // of outcomeDate
};

struct EventColumns {
    std::size_t date = 0, code = 0;
    std::optional<std::size_t> value;
};

/// What a row says of its person's outcome.
void readOutcome(const CsvRow& row, const PersonColumns& columns, PersonRecord& person)
{
    if (columns.label)
        person.tellLabel(row.cells[*columns.label]);
    if (!columns.outcomeDate || isMissing(row.cells[*columns.outcomeDate]))
        return;
    if (const auto day = parseDay(row.cells[*columns.outcomeDate], columns.dates))
        person.tellOutcome(*day);
    else // with its date unknown, nothing keeps the outcome out of the history
        person.unusable = text("\"%1\" is no date of an outcome", row.cells[*columns.outcomeDate]);
}

/// The event of a row, or why it is none.
Result<PersonRecord::Event> eventOf(const CsvRow& row, const EventColumns& columns, PeopleRecords& records)
{
    const auto wrong = [](Text why) { return Result<PersonRecord::Event>{std::nullopt, {{{}, std::move(why), {}}}}; };
    const std::string &date = row.cells[columns.date], &code = row.cells[columns.code];
    const auto day = parseDay(date, records.dates);
    if (!day)
        return wrong(isMissing(date) ? text("its date is missing") : text("\"%1\" is no date", date));
    if (isMissing(code))
        return wrong(text("its code is missing"));
    float value = NAN;
    if (columns.value && !isMissing(row.cells[*columns.value])) {
        const std::string& cell = row.cells[*columns.value];
        const auto number = parseNumber(cell);
        if (!number || std::abs(*number) > std::numeric_limits<float>::max())
            return wrong(text("its value \"%1\" is not a number", cell));
        value = static_cast<float>(*number);
    }
    return {PersonRecord::Event{*day, records.code(code), value}, {}};
}

/// The file of labels that lies beside the events.
std::optional<fs::path> labelsBeside(const fs::path& events)
{
    std::error_code error;
    for (const char* name : {"labels.csv", "labels.tsv", "outcomes.csv"})
        if (const fs::path beside = events.parent_path() / name;
            fs::is_regular_file(beside, error) && beside.filename() != events.filename())
            return beside;
    return std::nullopt;
}

/// One reading of one source, from its files to a dataset.
class Reading {
public:
    Reading(const Parameters& parameters, const LoadControl& control) : m_parameters{parameters}, m_control{control} {}

    Result<Dataset> read(const fs::path& path)
    {
        m_records.dataset.name = path.filename().string();
        Result<NamedTable> events = readNamedTable(path, m_records.dataset, m_control.stop);
        if (!events)
            return {std::nullopt, std::move(events.problems)};
        report(0.4);
        PersonColumns people{.person = required(*events, personRole())};
        EventColumns columns{.date = required(*events, dateRole()), .code = required(*events, codeRole())};
        columns.value = optional(*events, valueRole());
        const std::optional<fs::path> labels = labelsFile(*events, path);
        if (!labels) {
            people.label = optional(*events, labelRole());
            people.outcomeDate = optional(*events, outcomeDateRole());
        }
        if (!m_problems.empty())
            return {std::nullopt, std::move(m_problems)};
        m_records.dates = formOf(*events, columns.date);
        if (labels)
            readLabels(*labels);
        else
            takeOutcomeColumns(*events, people);
        if (m_labelName.empty() && m_problems.empty())
            m_problems.push_back({"dataset.label", text("nothing in %1 tells who has the outcome", events->file),
                                  text("name the column of the label, choose the file of labels, or name the code of the outcome")});
        if (!m_problems.empty())
            return {std::nullopt, std::move(m_problems)};

        readEvents(*events, people, columns, labels.has_value());
        *events = {}; // not held beside what was made of it
        const std::optional<CutOff> rule = cutOff();
        if (!rule)
            return {std::nullopt, std::move(m_problems)};
        report(0.9);
        return historiesOf(std::move(m_records), *rule, m_labelName, m_labelByOutcome, m_control);
    }

private:
    std::string chosen(std::string_view name) const { return textOf(recordsSchema(), m_parameters, name); }

    void report(double fraction) const
    {
        if (m_control.progress)
            m_control.progress(fraction);
    }

    std::optional<std::size_t> optional(const NamedTable& table, const ColumnRole& role)
    {
        auto found = columnFor(table.names, role, chosen(role.parameter));
        m_problems.insert(m_problems.end(), found.problems.begin(), found.problems.end());
        return found ? *found : std::nullopt;
    }

    std::size_t required(const NamedTable& table, const ColumnRole& role)
    {
        const std::size_t problems = m_problems.size();
        const auto found = optional(table, role);
        if (!found && m_problems.size() == problems)
            m_problems.push_back({fmt::format("dataset.{}", role.parameter),
                                  text("no column of %1 is called \"%2\" or the like", table.file, role.usual.front()),
                                  text("name the column")});
        return found.value_or(0);
    }

    std::optional<fs::path> labelsFile(const NamedTable& events, const fs::path& path) const
    {
        if (const std::string file = chosen("labels"); !file.empty())
            return fs::path{file};
        const bool toldHere = !chosen("label").empty() || !chosen("outcomeDate").empty() || !chosen("outcomeCode").empty()
            || usualColumn(events.names, labelRole());
        return toldHere ? std::nullopt : labelsBeside(path);
    }

    /// What the label is: a column, else whether there is an outcome.
    void takeOutcomeColumns(const NamedTable& table, PersonColumns& columns)
    {
        m_labelByOutcome = !columns.label;
        m_labelName = columns.label ? table.names[*columns.label]
            : columns.outcomeDate   ? table.names[*columns.outcomeDate]
                                    : chosen("outcomeCode");
        if (!columns.outcomeDate)
            return;
        columns.dates = formOf(table, *columns.outcomeDate);
        if ((columns.dates == DateForm::dayNumber) != (m_records.dates == DateForm::dayNumber))
            m_problems.push_back({"dataset.outcomeDate",
                                  text("\"%1\" and the dates of the events are written in different ways",
                                       table.names[*columns.outcomeDate]),
                                  text("write both as dates, or both as day numbers")});
    }

    void readLabels(const fs::path& path)
    {
        Result<NamedTable> table = readNamedTable(path, m_records.dataset, m_control.stop);
        if (!table) {
            for (Problem& problem : table.problems)
                m_problems.push_back({problem.path == "dataset.path" ? "dataset.labels" : problem.path, problem.message, problem.hint});
            return;
        }
        PersonColumns columns{.person = required(*table, personRole())};
        columns.outcomeDate = optional(*table, outcomeDateRole());
        columns.label = columns.outcomeDate ? optional(*table, labelRole()) : std::optional{required(*table, labelRole())};
        if (m_problems.empty())
            takeOutcomeColumns(*table, columns);
        if (!m_problems.empty())
            return;
        for (const CsvRow& row : table->rows) {
            if (const std::string& name = row.cells[columns.person]; !isMissing(name))
                readOutcome(row, columns, m_records.person(name));
            else
                setAside(m_records.dataset, table->file + ":" + std::to_string(row.line), text("it names no person"));
        }
    }

    /// knownOnly: the file of labels has named everyone there is.
    void readEvents(const NamedTable& table, const PersonColumns& people, const EventColumns& columns, bool knownOnly)
    {
        constexpr std::size_t lookEvery = 4096;
        for (std::size_t i = 0; i < table.rows.size(); ++i) {
            if (i % lookEvery == 0) {
                if (m_control.stop.stop_requested())
                    throw Cancelled{};
                report(0.5 + 0.4 * static_cast<double>(i) / static_cast<double>(table.rows.size()));
            }
            const CsvRow& row = table.rows[i];
            const std::string& name = row.cells[people.person];
            Text wrong = isMissing(name) ? text("it names no person")
                : knownOnly && !m_records.personOf.contains(name)
                ? text("person \"%1\" is not among those with a label", name)
                : Text{};
            if (wrong.empty()) {
                PersonRecord& person = m_records.person(name);
                readOutcome(row, people, person);
                Result<PersonRecord::Event> event = eventOf(row, columns, m_records);
                if (event)
                    person.events.push_back(*event);
                else
                    wrong = std::move(event.problems.front().message);
            }
            if (!wrong.empty())
                setAside(m_records.dataset, table.file + ":" + std::to_string(row.line), std::move(wrong));
        }
    }

    std::optional<CutOff> cutOff()
    {
        CutOff rule{.daysBefore = realOf(recordsSchema(), m_parameters, "leaveOut")};
        if (const std::string outcome = chosen("outcomeCode"); !outcome.empty()) {
            const auto found = m_records.codeOf.find(outcome);
            if (found == m_records.codeOf.end()) {
                const std::string nearest = nearestName(outcome, m_records.codes);
                m_problems.push_back({"dataset.outcomeCode", text("no event has the code \"%1\"", outcome),
                                      nearest.empty() ? text("check the code, and the column of codes")
                                                      : text("did you mean \"%1\"?", nearest)});
                return std::nullopt;
            }
            rule.outcomeCode = found->second;
        }
        const std::string until = chosen("until");
        if (until.empty())
            return rule;
        const bool numbers = m_records.dates == DateForm::dayNumber;
        const auto day = parseDay(until, numbers ? DateForm::dayNumber : DateForm::calendar);
        if (!day) {
            m_problems.push_back({"dataset.until", text("\"%1\" is no date", until),
                                  numbers ? text("write a day number, as the events do") : text("write it as 2020-01-31")});
            return std::nullopt;
        }
        rule.until = std::floor(*day) + 1; // the day itself is kept whole
        return rule;
    }

    const Parameters& m_parameters;
    const LoadControl& m_control;
    PeopleRecords m_records;
    Problems m_problems;
    std::string m_labelName;
    bool m_labelByOutcome = false;
};

}

bool looksLikeEventRecords(const fs::path& file)
{
    std::ifstream stream{file, std::ios::binary};
    std::string head(std::size_t{1} << 16, '\0');
    stream.read(head.data(), static_cast<std::streamsize>(head.size()));
    head.resize(static_cast<std::size_t>(stream.gcount()));
    const char separator = guessSeparator(head);
    head.resize(std::min(head.size(), head.find('\n')));
    const auto row = parseCsv(head, separator);
    if (!row || row->empty())
        return false;
    // "id" stands in any table: it alone tells nothing.
    const ColumnRole telling{personRole().parameter, {personRole().usual.begin(), personRole().usual.end() - 1}};
    const std::vector<std::string>& names = row->front().cells;
    return usualColumn(names, telling) && usualColumn(names, dateRole()) && usualColumn(names, codeRole());
}

DatasetKind eventRecordsKind()
{
    return {.id = "event-records",
            .label = "Records of events",
            .help = "What happened to people, and when: coded, dated events of patients or clients, and a label for each.",
            .source = DatasetKind::Source::file,
            .schema = recordsSchema(),
            .load = [](const Parameters& parameters, const LoadControl& control) {
                return readSource(recordsSchema(), parameters,
                                  [&](const fs::path& path) { return Reading{parameters, control}.read(path); });
            }};
}

}
