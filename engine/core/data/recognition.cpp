// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/data/class_folders.h"
#include "engine/core/data/dataset.h"
#include "engine/core/data/time_column.h"
#include "engine/core/data/event_records.h"
#include "engine/core/data/text_rows.h"
#include "engine/core/data/sentence_files.h"
#include "engine/core/data/picture_table.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <filesystem>
#include <fstream>
#include <limits>

namespace descent {

namespace fs = std::filesystem;

namespace {

constexpr int enough = 10'000; // a folder of a million files is known by its first

std::string lowered(std::string name)
{
    for (char& c : name)
        c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    return name;
}

/// What kind of table a file is: by its columns and first rows.
std::string kindOfTable(const std::string& path)
{
    return isPictureTable(path) ? "picture-table" : looksLikeEventRecords(path) ? "event-records" : beginsAsSeries(path) ? "series" : isTextTable(path) ? "text-table" : "csv";
}

/// What a file's name says; empty when it says nothing.
std::string kindOfFile(const std::string& name)
{
    const std::string lower = lowered(name);
    if (lower.find("-idx") != std::string::npos || lower.find(".idx") != std::string::npos)
        return "idx";
    if (lower.starts_with("data_batch_") || lower == "test_batch.bin" || lower == "train.bin")
        return "cifar-binary";
    if (lower.ends_with(".json"))
        return "coco";
    for (const char* ending : {".csv", ".tsv", ".txt", ".data", ".tab"})
        if (lower.ends_with(ending))
            return "csv";
    return {};
}

/// Whether the first rows of a table are a series: a column of times that run one way, and nothing but numbers beside it.
bool beginsAsSeries(const fs::path& path)
{
    constexpr std::size_t bytesLookedAt = 1 << 16;
    std::string content(bytesLookedAt, '\0');
    std::ifstream file{path, std::ios::binary};
    file.read(content.data(), static_cast<std::streamsize>(content.size()));
    content.resize(static_cast<std::size_t>(file.gcount()));
    if (content.size() == bytesLookedAt) // whole rows only
        content.resize(content.rfind('\n') == std::string::npos ? 0 : content.rfind('\n'));
    const auto parsed = parseCsv(content, guessSeparator(content));
    if (!parsed || parsed->size() < 3 || parsed->front().cells.size() < 2)
        return false;
    std::vector<CsvRow> rows = *parsed;
    const std::vector<std::string> names = rows.front().cells;
    std::erase_if(rows, [&](const CsvRow& row) { return row.cells.size() != names.size(); });
    if (namesColumns(rows.front()))
        rows.erase(rows.begin());
    const auto times = findTimeColumn(names, rows);
    if (!times)
        return false;
    std::int64_t before = std::numeric_limits<std::int64_t>::min();
    std::size_t forwards = 0, numbers = 0, present = 0;
    for (const CsvRow& row : rows) {
        const auto time = timeOf(row, *times);
        forwards += time && *time > before;
        before = time.value_or(before);
        for (std::size_t i = 0; i < row.cells.size(); ++i)
            if (!times->has(i) && !isMissing(row.cells[i])) {
                ++present;
                numbers += parseNumber(row.cells[i]).has_value();
            }
    }
    return forwards * 10 >= rows.size() * 9 && present > 0 && numbers * 20 >= present * 19;
}

bool isInstancesFile(const fs::path& path)
{
    const std::string name = lowered(path.filename().string());
    return name.ends_with(".json") && (name.starts_with("instances_") || name.find("coco") != std::string::npos);
}

/// Pictures with boxes, by the folders and files their annotations lie in; empty when there are none.
std::string kindOfAnnotatedFolder(const fs::path& folder)
{
    std::error_code error;
    if (fs::is_directory(folder / "Annotations", error) && fs::is_directory(folder / "JPEGImages", error))
        return "voc";
    if (fs::is_regular_file(folder / "train" / "_annotations.coco.json", error))
        return "coco";
    for (const fs::path& place : {folder / "annotations", folder}) {
        int seen = 0;
        for (auto entry = fs::directory_iterator{place, error}; !error && entry != fs::directory_iterator{} && seen < enough;
             entry.increment(error), ++seen)
            if (isInstancesFile(entry->path()))
                return "coco";
    }
    return {};
}

}

Result<SourceDescription> recognizeSource(const std::string& path)
{
    std::error_code error;
    const auto described = [&](std::string kind) {
        return Result<SourceDescription>{SourceDescription{std::move(kind), {{"path", path}}}, {}};
    };
    if (!fs::exists(path, error))
        return {std::nullopt, {{"dataset.path", text("there is nothing at %1", path), text("check the spelling")}}};
    if (!fs::is_directory(path, error)) {
        if (const fs::path translations = alignedBeside(path); !translations.empty())
            return {SourceDescription{"sentence-pairs", {{"path", path}, {"targetPath", translations.string()}}}, {}};
        if (isSentenceTable(path))
            return described("sentence-pairs");
        if (const std::string kind = kindOfFile(fs::path{path}.filename().string()); !kind.empty())
            return described(kind == "csv" ? kindOfTable(path) : kind);
        return {std::nullopt,
                {{"dataset.path", text("%1 is of no kind this program reads", path),
                  text("tables end in .csv, .tsv or .txt; pictures come as a folder for each class, or with boxes as VOC or COCO")}}};
    }
    if (const std::string kind = kindOfAnnotatedFolder(path); !kind.empty())
        return described(kind);
    bool hasFolders = false;
    int seen = 0;
    for (auto entry = fs::directory_iterator{path, fs::directory_options::skip_permission_denied, error};
         !error && entry != fs::directory_iterator{} && seen < enough; entry.increment(error), ++seen) {
        if (entry->is_directory(error))
            hasFolders = true;
        else if (const std::string kind = kindOfFile(entry->path().filename().string()); kind == "idx" || kind == "cifar-binary")
            return described(kind);
    }
    if (holdsSentenceFiles(path))
        return described("sentence-pairs");
    if (hasFolders)
        return described(holdsTextClasses(path) ? "text-folder" : "image-folder");
    if (const PartFiles parts = partFilesIn(path); !parts.train.empty() && isTextTable(parts.train))
        return described("text-table");
    if (!corpusFilesIn(path).empty())
        return described("corpus");
    return {std::nullopt,
            {{"dataset.path", text("%1 holds no data this program reads", path),
              text("choose a table, or a folder that holds a folder of pictures for each class")}}};
}

}
