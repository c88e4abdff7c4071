// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/data/class_folders.h"
#include "engine/core/data/dataset.h"
#include "engine/core/data/picture_table.h"
#include "engine/core/data/text_rows.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <filesystem>

namespace descent {

namespace fs = std::filesystem;

namespace {

std::string lowered(std::string name)
{
    for (char& c : name)
        c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    return name;
}

/// What a file's name says; empty when it says nothing.
std::string kindOfFile(const std::string& name)
{
    const std::string lower = lowered(name);
    if (lower.find("-idx") != std::string::npos || lower.find(".idx") != std::string::npos)
        return "idx";
    if (lower.starts_with("data_batch_") || lower == "test_batch.bin" || lower == "train.bin")
        return "cifar-binary";
    for (const char* ending : {".csv", ".tsv", ".txt", ".data", ".tab"})
        if (lower.ends_with(ending))
            return "csv";
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
        if (const std::string kind = kindOfFile(fs::path{path}.filename().string()); !kind.empty())
            return described(kind != "csv"                                                          ? kind
                                 : isPictureTable(path)                                             ? "picture-table"
                                 : isTextTable(path)                                                ? "text-table"
                                 : lowered(fs::path{path}.extension()) == ".txt" && isPlainText(path) ? "corpus"
                                                                                                    : kind);
        return {std::nullopt,
                {{"dataset.path", text("%1 is of no kind this program reads", path),
                  text("tables end in .csv, .tsv or .txt; pictures come as a folder for each class")}}};
    }
    bool hasFolders = false;
    int seen = 0;
    constexpr int enough = 10'000; // a folder of a million files is known by its first
    for (auto entry = fs::directory_iterator{path, fs::directory_options::skip_permission_denied, error};
         !error && entry != fs::directory_iterator{} && seen < enough; entry.increment(error), ++seen) {
        if (entry->is_directory(error))
            hasFolders = true;
        else if (const std::string kind = kindOfFile(entry->path().filename().string()); kind == "idx" || kind == "cifar-binary")
            return described(kind);
    }
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
