// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/data/dataset.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <filesystem>

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
        if (const std::string kind = kindOfFile(fs::path{path}.filename().string()); !kind.empty())
            return described(kind);
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
    if (hasFolders)
        return described("image-folder");
    return {std::nullopt,
            {{"dataset.path", text("%1 holds no data this program reads", path),
              text("choose a table, or a folder that holds a folder of pictures for each class")}}};
}

}
