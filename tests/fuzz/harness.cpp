// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/fuzz/harness.h"

#include "engine/core/base/files.h"
#include "engine/core/data/inspection.h"
#include "engine/core/data/picture.h"
#include "engine/core/data/quality.h"
#include "engine/core/task/task.h"
#include "engine/core/text/utf8.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <unistd.h>

namespace descent {

namespace fs = std::filesystem;

namespace fuzz {

namespace {

/// Of this process, in memory where packaging/fuzz runs it; gone at its end.
class MemoryRoot {
public:
    MemoryRoot() : m_path{fs::temp_directory_path() / fmt::format("descent-fuzz-{}", ::getpid())} {}
    MemoryRoot(const MemoryRoot&) = delete;
    ~MemoryRoot()
    {
        std::error_code ignored;
        fs::remove_all(m_path, ignored);
    }
    const fs::path& path() const { return m_path; }

private:
    fs::path m_path;
};

void write(const fs::path& path, std::span<const std::byte> bytes)
{
    fs::create_directories(path.parent_path());
    std::ofstream out{path, std::ios::binary | std::ios::trunc};
    out.write(reinterpret_cast<const char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
    if (!out.flush())
        throw std::runtime_error{"cannot write " + path.string()};
}

/// What follows the reading is arithmetic on sound values, and takes seconds for more samples under the sanitizers.
constexpr std::int64_t mostPrepared = 2000;

void checkPictures(const PictureArray& pictures)
{
    promise(pictures.count >= 0 && pictures.channels > 0 && pictures.height > 0 && pictures.width > 0, "pictures have a size");
    PictureView view{pictures};
    for (std::int64_t i = 0; i < pictures.count; ++i)
        promise(view[i].size() == static_cast<std::size_t>(pictures.pictureBytes()), "every picture has its pixels");
    promise(pictures.stored || pictures.pixels.size() == static_cast<std::size_t>(pictures.count * pictures.pictureBytes()),
            "and no more");
}

void checkTable(const Table& table)
{
    const auto rows = static_cast<std::size_t>(table.count);
    for (const Column& column : table.columns) {
        promise(column.categorical ? column.codes.size() == rows : column.numbers.size() == rows, "a column has a cell a row");
        for (const std::int32_t code : column.codes)
            promise(code >= -1 && code < static_cast<std::int32_t>(column.categories.size()), "a code names a category");
        for (const float number : column.numbers)
            promise(!std::isinf(number), "a number is finite, or missing");
    }
}

void checkSeries(const Series& series)
{
    promise(series.values.size() == static_cast<std::size_t>(series.count * series.columns()), "a step has a value a column");
    promise(series.seconds.empty() || series.seconds.size() == static_cast<std::size_t>(series.count), "a step has its time");
    promise(std::ranges::is_sorted(series.seconds), "time does not run back");
    promise(std::ranges::none_of(series.values, [](float value) { return std::isinf(value); }), "a value is finite, or missing");
}

void checkHistories(const Histories& histories)
{
    promise(histories.people.size() == histories.events.size(), "every history is somebody's");
    for (const auto& events : histories.events) {
        promise(std::ranges::is_sorted(events, {}, &Histories::Event::day), "a history is in order of time");
        for (const Histories::Event& event : events) {
            promise(event.code >= 0 && event.code < static_cast<std::int32_t>(histories.codes.size()),
                    "an event's code has a name");
            promise(std::isfinite(event.day) && !std::isinf(event.value), "a day is finite, a value finite or missing");
        }
    }
}

void checkSamples(const Samples& samples)
{
    const auto count = static_cast<std::size_t>(samples.count());
    if (const auto* pictures = std::get_if<PictureArray>(&samples.inputs))
        checkPictures(*pictures);
    if (const auto* table = std::get_if<Table>(&samples.inputs))
        checkTable(*table);
    if (const auto* more = std::get_if<PicturesAndMore>(&samples.inputs)) {
        checkPictures(more->pictures);
        promise(!more->captions || more->captions->count() == more->count(), "every picture has its caption");
        promise(!more->table || more->table->count == more->count(), "every picture has its row");
        if (more->table)
            checkTable(*more->table);
    }
    if (const auto* series = std::get_if<Series>(&samples.inputs))
        checkSeries(*series);
    if (const auto* histories = std::get_if<Histories>(&samples.inputs))
        checkHistories(*histories);
    if (const auto* texts = std::get_if<Texts>(&samples.inputs))
        promise(std::ranges::all_of(texts->texts, isUtf8), "a text is UTF-8");
    if (const auto* corpus = std::get_if<Corpus>(&samples.inputs))
        promise(isUtf8(corpus->text), "a text is UTF-8");
    const Targets& targets = samples.targets;
    promise(targets.classes.empty() || targets.classes.size() == count, "every sample has its class");
    promise(targets.values.empty() || targets.values.size() == count, "every sample has its number");
    promise(targets.texts.empty() || targets.texts.size() == count, "every sample has its text");
    promise(targets.boxes.empty() || targets.boxes.size() == count, "every sample has its boxes");
    for (const std::int64_t label : targets.classes)
        promise(label >= 0 && label < static_cast<std::int64_t>(targets.classNames.size()), "a class has a name");
    for (const std::vector<Box>& boxes : targets.boxes)
        for (const Box& box : boxes) {
            promise(std::isfinite(box.left) && std::isfinite(box.top) && box.left < box.right && box.top < box.bottom
                        && std::isfinite(box.right) && std::isfinite(box.bottom),
                    "a box has an inside");
            promise(box.classIndex >= 0 && box.classIndex < static_cast<std::int32_t>(targets.classNames.size()),
                    "a box has a class");
        }
    for (const float value : targets.values)
        promise(std::isfinite(value), "a number to predict is finite");
}

void checkDataset(const Result<Dataset>& dataset)
{
    checkProblems(dataset.problems, !dataset);
    if (!dataset)
        return;
    checkProblems(dataset->setAside, dataset->setAsideCount > 0);
    promise(static_cast<std::int64_t>(dataset->setAside.size())
                == std::min<std::int64_t>(dataset->setAsideCount, maximumSetAsideListed),
            "what is set aside is listed and counted");
    promise(dataset->train.count() > 0, "a dataset holds a sample");
    checkSamples(dataset->train);
    if (dataset->test)
        checkSamples(*dataset->test);
    if (dataset->train.count() <= mostPrepared)
        checkProblems(inspectDataset(*dataset).problems, false);
}

/// Every step that may be asked of any column or sample.
PreparationSettings thorough(const Dataset& dataset)
{
    PreparationSettings settings;
    settings.cleaning.samples = {{"duplicates", std::string{"set-aside"}}, {"conflicting", std::string{"set-aside"}}, {"leaked", std::string{"set-aside"}}};
    if (const auto* table = std::get_if<Table>(&dataset.train.inputs))
        for (const Column& column : table->columns)
            settings.cleaning.columns[column.name] = {{"type", std::string{column.categorical ? "number" : "category"}}, {"missing", std::string{"own"}},
                                                       {"outliers", std::string{"clip"}}, {"scaling", std::string{"log"}}};
    return settings;
}

void checkPreparation(const TaskKind& task, const std::shared_ptr<const Dataset>& dataset, const PreparationSettings& settings)
{
    const Result<NetworkBrief> brief = task.brief(*dataset, settings);
    checkProblems(brief.problems, !brief);
    const Result<PreparedData> prepared = task.prepare(dataset, settings, {});
    checkProblems(prepared.problems, !prepared);
    if (!prepared)
        return;
    for (const SampleArray& array : prepared->train.inputs)
        if (const auto* floats = std::get_if<SampleArray::Floats>(&array.values))
            promise(std::ranges::all_of(**floats, [](float value) { return std::isfinite(value); }),
                    "what is prepared is finite");
}

}

void promise(bool kept, const char* what)
{
    if (kept)
        return;
    std::fprintf(stderr, "broken promise: %s\n", what);
    std::abort();
}

void checkProblems(const Problems& problems, bool someAreDue)
{
    promise(!someAreDue || !problems.empty(), "what is refused or set aside has a reason");
    for (const Problem& problem : problems)
        promise(!english(problem.message).empty(), "a problem says what is wrong");
}

fs::path memoryFolder(const std::vector<File>& files)
{
    static const MemoryRoot root;
    static std::map<std::string, int> numbers;
    std::string names;
    for (const File& file : files)
        names += file.name + '\n';
    const int number = numbers.try_emplace(names, static_cast<int>(numbers.size())).first->second;
    const fs::path folder = root.path() / std::to_string(number);
    for (const File& file : files)
        write(folder / file.name, file.bytes);
    return folder;
}

bool loadDataset(std::string_view kind, const std::vector<File>& files, Parameters parameters)
{
    const DatasetKind* found = findDatasetKind(kind);
    promise(found, "the kind of dataset is known");
    const fs::path folder = memoryFolder(files);
    const bool wantsFile = found->source == DatasetKind::Source::file || parameters.contains("path");
    parameters["path"] = (wantsFile ? folder / files.front().name : folder).string();
    ::setenv("DESCENT_HOME", (folder.parent_path() / "home").c_str(), 1); // where pictures lie that memory is said to have no room for
    LoadControl control;
    if (files.front().bytes.size() % 2 == 0)
        control.memory = 0;
    Result<Dataset> dataset = found->load(parameters, control);
    checkDataset(dataset);
    if (!dataset)
        return false;
    if (dataset->train.count() > mostPrepared)
        return true;
    const auto shared = std::make_shared<const Dataset>(std::move(*dataset.value));
    for (const TaskKind& task : taskKinds())
        if (task.fits(*shared))
            checkPreparation(task, shared, {});
    const PreparationSettings cleaned = thorough(*shared);
    for (const TaskKind& task : taskKinds())
        if (task.fits(*shared) && task.cleans)
            checkPreparation(task, shared, cleaned);
    for (const QualityFinding& finding : inspectQuality(*shared, cleaned, {}).findings)
        promise(!english(finding.what).empty() && finding.fix.empty() == finding.sets.empty(), "a finding says what is wrong, and a fix what to set");
    return true;
}

void readPicture(std::span<const std::byte> bytes)
{
    const Result<Picture> picture = decodePicture(bytes);
    checkProblems(picture.problems, !picture);
    if (!picture)
        return;
    for (const Picture& any :
         {*picture, resized(*picture, 5, 7), resized(withChannels(*picture, 3), 1, 40), withChannels(*picture, 1)})
        promise(any.height > 0 && any.width > 0
                    && any.pixels.size() == static_cast<std::size_t>(any.channels * any.height * any.width),
                "a picture has its pixels");
}

std::span<const std::byte> corpusFile(const std::string& name)
{
    static std::map<std::string, std::string> files;
    auto [found, isNew] = files.try_emplace(name);
    if (isNew)
        found->second = readFile(fs::path{CORPUS_DIR} / name, 1 << 20);
    return std::as_bytes(std::span{found->second});
}

}

}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    descent::readDamaged(std::as_bytes(std::span{data, size}));
    return 0;
}
