// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/data/bytes.h"
#include "engine/core/data/path_parameter.h"
#include "engine/core/data/sentence_files.h"
#include "engine/core/text/utf8.h"

#include <algorithm>
#include <numeric>

namespace descent {

namespace fs = std::filesystem;

namespace {

constexpr std::size_t maximumBytes = std::size_t{1} << 30;
constexpr std::size_t longestLine = 10'000; // bytes; what is longer is no sentence

struct Lines {
    std::string name; // of the file, for what is set aside
    Bytes bytes;
    std::vector<std::string_view> lines; // into `bytes`
};

std::string_view trimmed(std::string_view line)
{
    const std::size_t first = line.find_first_not_of(" \t\r");
    return first == std::string_view::npos ? std::string_view{} : line.substr(first, line.find_last_not_of(" \t\r") - first + 1);
}

/// Empty lines at the end are no lines: editors add them.
Lines readLines(const fs::path& path, const std::stop_token& stop)
{
    Lines read{.name = path.filename().string(), .bytes = readPossiblyGzip(path, maximumBytes, stop)};
    std::string_view left{reinterpret_cast<const char*>(read.bytes.data()), read.bytes.size()};
    if (left.starts_with("\xEF\xBB\xBF"))
        left.remove_prefix(3);
    while (!left.empty()) {
        if (read.lines.size() % 65536 == 0 && stop.stop_requested())
            throw Cancelled{};
        const std::size_t end = std::min(left.find('\n'), left.size());
        read.lines.push_back(left.substr(0, end));
        left.remove_prefix(std::min(end + 1, left.size()));
    }
    while (!read.lines.empty() && trimmed(read.lines.back()).empty())
        read.lines.pop_back();
    return read;
}

std::int64_t wordCount(std::string_view sentence)
{
    std::int64_t words = 0;
    bool inside = false;
    for (const char c : sentence) {
        const bool blank = c == ' ' || c == '\t';
        words += !blank && !inside;
        inside = !blank;
    }
    return words;
}

/// Why a sentence cannot be used; empty when it can.
Text fault(std::string_view sentence, std::int64_t maximumWords)
{
    if (sentence.empty())
        return text("an empty line");
    if (!isUtf8(sentence))
        return text("not UTF-8 text");
    if (sentence.size() > longestLine)
        return text("longer than %1 bytes", longestLine);
    return wordCount(sentence) > maximumWords ? text("longer than %1 words", maximumWords) : Text{};
}

/// Gathers pairs, setting aside those of which a side cannot be used.
struct PairCollector {
    Dataset& dataset;
    const std::int64_t maximumWords;

    void take(Samples& samples, std::string_view source, std::string_view target, const std::string& sourcePlace,
              const std::string& targetPlace) const
    {
        if (Text reason = fault(source, maximumWords); !reason.empty())
            return setAside(dataset, sourcePlace, std::move(reason));
        if (Text reason = fault(target, maximumWords); !reason.empty())
            return setAside(dataset, targetPlace, std::move(reason));
        std::get<Texts>(samples.inputs).texts.emplace_back(source);
        samples.targets.texts.emplace_back(target);
    }
};

/// Line i of one file beside line i of the other. Problems: the files do not have equally many.
Problems readAligned(const PairCollector& collector, Samples& samples, const AlignedFiles& files, const std::stop_token& stop)
{
    const Lines source = readLines(files.source, stop), target = readLines(files.target, stop);
    if (source.lines.size() != target.lines.size())
        return {{"dataset.path",
                 text("%1 has %2 lines and %3 has %4: they do not belong together", source.name, source.lines.size(), target.name,
                      target.lines.size()),
                 text("line by line, one file is to be the translation of the other")}};
    for (std::size_t i = 0; i < source.lines.size(); ++i) {
        if (i % 4096 == 0 && stop.stop_requested())
            throw Cancelled{};
        collector.take(samples, trimmed(source.lines[i]), trimmed(target.lines[i]), fmt::format("{}:{}", source.name, i + 1),
                       fmt::format("{}:{}", target.name, i + 1));
    }
    return {};
}

std::vector<std::string_view> cellsOf(std::string_view line)
{
    std::vector<std::string_view> cells;
    for (std::size_t start = 0; start <= line.size();) {
        const std::size_t tab = std::min(line.find('\t', start), line.size());
        cells.push_back(trimmed(line.substr(start, tab - start)));
        start = tab + 1;
    }
    return cells;
}

/// A column by its name in the first line (which is then no pair) or by its number, counted from 1.
Result<std::size_t> columnOf(const std::vector<std::string_view>& first, const std::string& chosen, std::size_t otherwise,
                             const char* parameter, bool& header)
{
    if (chosen.empty())
        return {otherwise, {}};
    if (const auto named = std::find(first.begin(), first.end(), chosen); named != first.end()) {
        header = true;
        return {static_cast<std::size_t>(named - first.begin()), {}};
    }
    for (std::size_t i = 0; i < first.size(); ++i)
        if (chosen == std::to_string(i + 1))
            return {i, {}};
    return {std::nullopt,
            {{parameter, text("there is no column \"%1\"", chosen), text("write a name from the first line, or a number from 1 to %1", first.size())}}};
}

struct Columns {
    std::size_t source = 0, target = 1;
    bool header = false;
};

Result<Columns> columnsOf(const Lines& table, const std::string& source, const std::string& target)
{
    const std::vector<std::string_view> first = table.lines.empty() ? std::vector<std::string_view>{} : cellsOf(table.lines.front());
    if (first.size() < 2)
        return {std::nullopt,
                {{"dataset.path", text("%1 is no table of two columns", table.name),
                  text("a tab is to stand between a sentence and its translation; or choose the file of the translations")}}};
    Columns columns;
    const Result<std::size_t> from = columnOf(first, source, 0, "dataset.source", columns.header);
    const Result<std::size_t> to = columnOf(first, target, from.value == 1 ? 0 : 1, "dataset.target", columns.header);
    if (!from || !to)
        return {std::nullopt, from ? to.problems : from.problems};
    if (*from == *to)
        return {std::nullopt, {{"dataset.target", text("source and target are the same column"), text("choose two columns")}}};
    columns.source = *from;
    columns.target = *to;
    return {columns, {}};
}

Problems readTable(const PairCollector& collector, Samples& samples, const fs::path& path, const std::string& source,
                   const std::string& target, const std::stop_token& stop)
{
    const Lines table = readLines(path, stop);
    const Result<Columns> columns = columnsOf(table, source, target);
    if (!columns)
        return columns.problems;
    for (std::size_t i = columns->header ? 1 : 0; i < table.lines.size(); ++i) {
        if (i % 4096 == 0 && stop.stop_requested())
            throw Cancelled{};
        const std::string place = fmt::format("{}:{}", table.name, i + 1);
        const std::vector<std::string_view> cells = cellsOf(table.lines[i]);
        if (const std::size_t last = std::max(columns->source, columns->target); cells.size() <= last)
            setAside(collector.dataset, place, trimmed(table.lines[i]).empty() ? text("an empty line") : text("there is no column %1", last + 1));
        else
            collector.take(samples, cells[columns->source], cells[columns->target], place, place);
    }
    return {};
}

/// One part, from two aligned files or, without the second, from a table.
Problems readPart(const PairCollector& collector, Samples& samples, const AlignedFiles& files, const Schema& schema,
                  const Parameters& parameters, const std::stop_token& stop)
{
    if (files.target.empty())
        return readTable(collector, samples, files.source, textOf(schema, parameters, "source"), textOf(schema, parameters, "target"), stop);
    return readAligned(collector, samples, files, stop);
}

/// Validation or test as two parameters name it. Problems: only the second is given, nothing is there.
Result<AlignedFiles> chosenFiles(const Schema& schema, const Parameters& parameters, const std::string& part)
{
    const std::string first = part + "Path", second = part + "TargetPath";
    AlignedFiles files{textOf(schema, parameters, first), textOf(schema, parameters, second)};
    if (files.source.empty() && !files.target.empty())
        return {std::nullopt, {{"dataset." + first, text("no file is chosen"), text("choose the file that is translated from")}}};
    std::error_code error;
    for (const auto& [name, path] : {std::pair{first, &files.source}, {second, &files.target}})
        if (!path->empty() && !fs::is_regular_file(*path, error))
            return {std::nullopt, {{"dataset." + name, text("there is no file at %1", path->string()), text("check the spelling")}}};
    return {std::move(files), {}};
}

Samples empty(const std::string& language)
{
    return {.inputs = Texts{}, .targets = {.name = language}};
}

Result<Dataset> read(const Schema& schema, const Parameters& parameters, const fs::path& path, const LoadControl& control)
{
    SentenceFolder files{.source = textOf(schema, parameters, "source"), .target = textOf(schema, parameters, "target")};
    if (fs::is_directory(path)) {
        Result<SentenceFolder> found = findSentenceFiles(path, files.source, files.target);
        if (!found)
            return {std::nullopt, std::move(found.problems)};
        files = std::move(*found.value);
    } else {
        files.train = {path, textOf(schema, parameters, "targetPath")};
        std::error_code error;
        if (!files.train.target.empty() && !fs::is_regular_file(files.train.target, error))
            return {std::nullopt,
                    {{"dataset.targetPath", text("there is no file at %1", files.train.target.string()), text("check the spelling")}}};
        for (std::string* language : {&files.source, &files.target})
            if (language->empty() && !files.train.target.empty())
                *language = languageEnding(language == &files.source ? files.train.source : files.train.target);
    }
    for (const char* part : {"validation", "test"}) {
        Result<AlignedFiles> chosen = chosenFiles(schema, parameters, part);
        if (!chosen)
            return {std::nullopt, std::move(chosen.problems)};
        if (!chosen->source.empty())
            (part == std::string_view{"test"} ? files.test : files.validation) = std::move(*chosen.value);
    }

    const std::string name = fs::is_directory(path) ? fs::weakly_canonical(path).filename().string() : path.filename().string();
    Dataset dataset{.name = files.source.empty() ? name : fmt::format("{} ({} \u2192 {})", name, files.source, files.target)};
    const PairCollector collector{dataset, integerOf(schema, parameters, "maximumWords")};
    dataset.train = empty(files.target);
    const auto report = [&](double done) {
        if (control.progress)
            control.progress(done);
    };
    if (Problems problems = readPart(collector, dataset.train, files.train, schema, parameters, control.stop); !problems.empty())
        return {std::nullopt, std::move(problems)};
    if (dataset.train.count() == 0)
        return {std::nullopt, {{"dataset.path", text("no pair of sentences in %1 could be used", files.train.source.filename().string()), {}}}};
    report(0.8);
    if (!files.validation.source.empty()) {
        const std::int64_t before = dataset.train.count();
        if (Problems problems = readPart(collector, dataset.train, files.validation, schema, parameters, control.stop); !problems.empty())
            return {std::nullopt, std::move(problems)};
        dataset.ownValidation.resize(static_cast<std::size_t>(dataset.train.count() - before));
        std::iota(dataset.ownValidation.begin(), dataset.ownValidation.end(), before);
    }
    report(0.9);
    if (!files.test.source.empty()) {
        dataset.test = empty(files.target);
        if (Problems problems = readPart(collector, *dataset.test, files.test, schema, parameters, control.stop); !problems.empty())
            return {std::nullopt, std::move(problems)};
    }
    report(1);
    return {std::move(dataset), std::move(files.warnings)};
}

ParameterSchema partPath(std::string name, std::string label, std::string help)
{
    return {.name = std::move(name),
            .label = std::move(label),
            .help = std::move(help),
            .type = ParameterType::path,
            .defaultValue = std::string{}};
}

}

DatasetKind sentencePairsKind()
{
    const Schema schema{
        pathParameter("A folder of files that end in their language (train.de, train.en), one such file, or a table with a tab between "
                      "a sentence and its translation."),
        {.name = "targetPath",
         .label = "Translations",
         .help = "The file whose lines are the translations; empty for a folder or a table.",
         .type = ParameterType::path,
         .defaultValue = std::string{},
         .common = true},
        {.name = "source",
         .label = "From",
         .help = "The language translated from: a file ending in the folder, or the name or number of a column; empty for the first.",
         .type = ParameterType::text,
         .defaultValue = std::string{},
         .common = true},
        {.name = "target",
         .label = "To",
         .help = "The language translated to, named in the same way; empty for the other one.",
         .type = ParameterType::text,
         .defaultValue = std::string{},
         .common = true},
        {.name = "maximumWords",
         .label = "Longest sentence",
         .help = "Pairs of which a side is longer are set aside.",
         .type = ParameterType::integer,
         .defaultValue = std::int64_t{100},
         .minimum = 1,
         .maximum = 1000,
         .unit = "words"},
        partPath("validationPath", "Validation", "Sentences or a table to choose the best epoch by; empty: those of the folder, else a share."),
        partPath("validationTargetPath", "Validation, translations", "Translations of the file above, where it is no table."),
        partPath("testPath", "Test", "Sentences or a table to judge the best model by; empty: those of the folder, else a share."),
        partPath("testTargetPath", "Test, translations", "Translations of the file above, where it is no table."),
    };
    return {.id = "sentence-pairs",
            .label = "Sentence pairs",
            .help = "Sentences and their translations, line by line.",
            .source = DatasetKind::Source::folder,
            .schema = schema,
            .load = [schema](const Parameters& parameters, const LoadControl& control) {
                return readSource(schema, parameters,
                                  [&](const fs::path& path) { return read(schema, parameters, path, control); });
            }};
}

}
