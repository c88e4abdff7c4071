// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/base/files.h"
#include "engine/core/data/class_names.h"
#include "engine/core/data/csv_rows.h"
#include "engine/core/data/path_parameter.h"
#include "engine/core/data/text_rows.h"
#include "engine/core/text/utf8.h"

#include <algorithm>
#include <charconv>
#include <numeric>
#include <set>
#include <unordered_map>

namespace descent {

namespace fs = std::filesystem;

namespace {

constexpr std::size_t maximumBytes = std::size_t{2} << 30;
constexpr std::size_t mostClasses = 1000;

using Rows = std::vector<CsvRow>;

/// A first row of names: none of them stands below in its column, and none is a number or a sentence.
bool looksLikeHeader(const Rows& rows)
{
    const std::size_t looked = std::min<std::size_t>(rows.size(), 1000);
    for (std::size_t column = 0; column < rows.front().cells.size(); ++column) {
        const std::string& name = rows.front().cells[column];
        if (name.empty() || parseNumber(name) || std::count(name.begin(), name.end(), ' ') > 2)
            return false;
        for (std::size_t row = 1; row < looked; ++row)
            if (rows[row].cells[column] == name)
                return false;
    }
    return rows.size() > 1;
}

/// By name, or by number counted from 1.
std::optional<std::size_t> columnCalled(const std::vector<std::string>& names, const std::string& wanted)
{
    if (const auto found = std::find(names.begin(), names.end(), wanted); found != names.end())
        return static_cast<std::size_t>(found - names.begin());
    std::size_t number = 0;
    const auto [rest, error] = std::from_chars(wanted.data(), wanted.data() + wanted.size(), number);
    if (error == std::errc{} && rest == wanted.data() + wanted.size() && number >= 1 && number <= names.size())
        return number - 1;
    return std::nullopt;
}

Problem noSuchColumn(const char* parameter, const std::vector<std::string>& names, const std::string& wanted)
{
    const std::string nearest = nearestName(wanted, names);
    return {std::string{"dataset."} + parameter, text("there is no column \"%1\"", wanted),
            nearest.empty() ? text("write a column's name, or its number from 1 to %1", names.size())
                            : text("did you mean \"%1\"?", nearest)};
}

/// Of the columns beside the sentences, the one with the fewest different cells; of equals the last.
std::size_t labelColumn(const Rows& rows, std::size_t sentences)
{
    std::size_t best = sentences, fewest = rows.size() + 1;
    for (std::size_t column = 0; column < rows.front().cells.size(); ++column) {
        std::set<std::string_view> distinct;
        for (const CsvRow& row : rows)
            distinct.insert(row.cells[column]);
        if (column != sentences && distinct.size() > 1 && distinct.size() <= fewest) {
            best = column;
            fewest = distinct.size();
        }
    }
    return best;
}

struct Columns {
    std::vector<std::string> names;
    bool header = false;
    std::size_t sentences = 0, labels = 0;
};

class Reader {
public:
    Reader(const Schema& schema, const Parameters& parameters, const LoadControl& control)
        : m_schema{schema}
        , m_parameters{parameters}
        , m_control{control}
    {
    }

    Result<Dataset> read(const fs::path& path)
    {
        PartFiles parts = fs::is_directory(path) ? partFilesIn(path) : partFilesBeside(path);
        if (parts.train.empty())
            return {std::nullopt,
                    {{"dataset.path", text("no file in %1 has \"train\" in its name", path.string()), text("choose the file itself")}}};
        if (const std::string test = textOf(m_schema, m_parameters, "testPath"); !test.empty()) {
            if (!fs::is_regular_file(test))
                return {std::nullopt, {{"dataset.testPath", text("there is nothing at %1", test), text("check the spelling")}}};
            parts.test = test;
        }
        m_dataset.name = path.filename().string();
        Result<Rows> rows = rowsOf(parts.train);
        if (!rows)
            return {std::nullopt, std::move(rows.problems)};
        if (Problems problems = chooseColumns(*rows, parts.train.filename().string()); !problems.empty())
            return {std::nullopt, std::move(problems)};
        Samples& train = m_dataset.train;
        append(std::move(*rows.value), parts.train, true, train);
        const std::int64_t trainCount = train.count();
        progress(0.6);
        if (!parts.validation.empty()) {
            if (rows = rowsOf(parts.validation); !rows)
                return {std::nullopt, std::move(rows.problems)};
            append(std::move(*rows.value), parts.validation, false, train);
            m_dataset.ownValidation.resize(static_cast<std::size_t>(train.count() - trainCount));
            std::iota(m_dataset.ownValidation.begin(), m_dataset.ownValidation.end(), trainCount);
        }
        progress(0.7);
        if (trainCount == 0)
            return {std::nullopt, {{"dataset.path", text("no row of %1 could be used", parts.train.filename().string()), {}}}};
        if (m_classNames.size() < 2 || m_classNames.size() > mostClasses)
            return {std::nullopt,
                    {{"dataset.target",
                      text("\"%1\" has %2 different values, which are no classes", m_columns.names[m_columns.labels], m_classNames.size()),
                      text("choose the column that holds the labels")}}};
        Problems warnings;
        if (!parts.test.empty()) {
            if (rows = rowsOf(parts.test); !rows)
                return {std::nullopt, std::move(rows.problems)};
            Samples test;
            append(std::move(*rows.value), parts.test, false, test);
            if (test.count() > 0)
                m_dataset.test = std::move(test);
            else
                warnings.push_back({"dataset.testPath", text("%1 has no labels that are known: it is left out", parts.test.string()), {}});
        }
        finishTargets();
        progress(1);
        return {std::move(m_dataset), std::move(warnings)};
    }

private:
    void progress(double share) const
    {
        if (m_control.stop.stop_requested())
            throw Cancelled{};
        if (m_control.progress)
            m_control.progress(share);
    }

    Result<Rows> rowsOf(const fs::path& path)
    {
        const std::string file = path.filename().string();
        const std::string content = readFile(path, maximumBytes);
        if (m_separator == '\0')
            m_separator = separatorOf(m_schema, m_parameters, content);
        Result<Rows> rows = parseTextRows(content, m_separator, m_control.stop);
        if (!rows)
            rows.problems.front().path = file + ":" + rows.problems.front().path;
        else if (rows->empty())
            return {std::nullopt, {{"dataset.path", text("%1 holds no table", file), {}}}};
        else
            setRaggedAside(*rows, m_dataset, file);
        return rows;
    }

    Problems chooseColumns(const Rows& rows, const std::string& file)
    {
        const std::string header = textOf(m_schema, m_parameters, "header");
        m_columns.header = header == "yes" || (header == "auto" && looksLikeHeader(rows));
        for (std::size_t i = 0; i < rows.front().cells.size(); ++i)
            m_columns.names.push_back(m_columns.header ? rows.front().cells[i] : "column " + std::to_string(i + 1));
        if (m_columns.names.size() < 2)
            return {{"dataset.path", text("%1 has one column only", file), text("check the separator")}};
        const std::string sentences = textOf(m_schema, m_parameters, "text"), labels = textOf(m_schema, m_parameters, "target");
        std::optional<std::size_t> found = sentences.empty() ? sentenceColumn(rows) : columnCalled(m_columns.names, sentences);
        if (!found && !sentences.empty())
            return {noSuchColumn("text", m_columns.names, sentences)};
        if (!found)
            return {{"dataset.text", text("no column of %1 holds sentences", file), text("say which column is the text")}};
        m_columns.sentences = *found;
        found = labels.empty() ? labelColumn(rows, m_columns.sentences) : columnCalled(m_columns.names, labels);
        if (!found)
            return {noSuchColumn("target", m_columns.names, labels)};
        m_columns.labels = *found;
        if (m_columns.labels == m_columns.sentences)
            return {{"dataset.target", text("the text cannot be its own label"), text("choose another column")}};
        return {};
    }

    void append(Rows rows, const fs::path& path, bool newClasses, Samples& samples)
    {
        if (!std::holds_alternative<Texts>(samples.inputs))
            samples.inputs = Texts{};
        Texts& texts = std::get<Texts>(samples.inputs);
        const std::string file = path.filename().string();
        for (std::size_t i = m_columns.header ? 1 : 0; i < rows.size(); ++i) {
            const auto aside = [&](Text reason) {
                setAside(m_dataset, file + ":" + std::to_string(rows[i].line), std::move(reason));
            };
            std::vector<std::string>& cells = rows[i].cells;
            if (cells.size() <= std::max(m_columns.sentences, m_columns.labels)) {
                aside(text("this row has %1 cells where the others have %2", cells.size(), m_columns.names.size()));
                continue;
            }
            std::string& sentence = cells[m_columns.sentences];
            const std::string& label = cells[m_columns.labels];
            const auto known = m_codes.find(label);
            if (isMissing(label))
                aside(text("its target is missing"));
            else if (sentence.find_first_not_of(" \t\r\n") == std::string::npos)
                aside(text("its text is empty"));
            else if (!isUtf8(sentence) || !isUtf8(label))
                aside(text("it is not written in UTF-8"));
            else if (known == m_codes.end() && !newClasses)
                aside(text("no sample to learn from has its class \"%1\"", label));
            else {
                if (known == m_codes.end()) {
                    m_codes.emplace(label, static_cast<std::int64_t>(m_classNames.size()));
                    m_classNames.push_back(label);
                }
                samples.targets.classes.push_back(m_codes.at(label));
                texts.texts.push_back(std::move(sentence));
            }
        }
    }

    void finishTargets()
    {
        for (Samples* part : {&m_dataset.train, m_dataset.test ? &*m_dataset.test : nullptr})
            if (part) {
                part->targets.name = m_columns.names[m_columns.labels];
                part->targets.classNames = m_classNames;
                sortClasses(part->targets);
            }
    }

    const Schema& m_schema;
    const Parameters& m_parameters;
    const LoadControl& m_control;
    Dataset m_dataset;
    char m_separator = '\0';
    Columns m_columns;
    std::vector<std::string> m_classNames; // in order of appearance
    std::unordered_map<std::string, std::int64_t> m_codes;
};

}

DatasetKind textTableKind()
{
    const Schema schema{
        pathParameter("A TSV or CSV file with a text and a label in each row, or a folder with train and test files. Beside a "
                      "file named \"…train…\" its dev and test files are found by their names."),
        {.name = "text",
         .label = "Text column",
         .help = "What is read: a column's name or number; empty for the one that holds sentences.",
         .type = ParameterType::text,
         .defaultValue = std::string{},
         .common = true},
        {.name = "target",
         .label = "Label column",
         .help = "What is to be predicted: a column's name or number; empty for the one with the fewest different values.",
         .type = ParameterType::text,
         .defaultValue = std::string{},
         .common = true},
        {.name = "testPath",
         .label = "Test file",
         .help = "A file of the same columns, kept as the test part; empty: found by its name.",
         .type = ParameterType::path,
         .defaultValue = std::string{}},
        separatorParameter(),
        headerParameter(),
    };
    return {.id = "text-table",
            .label = "Table of texts",
            .help = "A sentence or document and its label in each row.",
            .source = DatasetKind::Source::file,
            .schema = schema,
            .load = [schema](const Parameters& parameters, const LoadControl& control) {
                return readSource(schema, parameters,
                                  [&](const fs::path& path) { return Reader{schema, parameters, control}.read(path); });
            }};
}

}
