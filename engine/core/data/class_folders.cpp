// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/data/class_folders.h"

#include "engine/core/base/problem.h"
#include "engine/core/data/text_rows.h"
#include "engine/core/text/utf8.h"

#include <algorithm>

namespace descent {

namespace fs = std::filesystem;

namespace {

constexpr auto readable = fs::directory_options::skip_permission_denied;

bool isTextFile(const fs::path& path)
{
    return lowered(path.extension().string()) == ".txt" && !path.filename().string().starts_with('.');
}

std::vector<fs::path> foldersIn(const fs::path& folder)
{
    std::vector<fs::path> folders;
    for (const fs::directory_entry& entry : fs::directory_iterator{folder, readable})
        if (entry.is_directory() && !entry.path().filename().string().starts_with('.'))
            folders.push_back(entry.path());
    std::sort(folders.begin(), folders.end());
    return folders;
}

void addFiles(const fs::path& folder, std::int64_t label, bool isTest, ClassFiles& found, const std::stop_token& stop)
{
    std::vector<fs::path> paths;
    for (const auto& entry : fs::recursive_directory_iterator{folder, readable}) {
        if (stop.stop_requested())
            throw Cancelled{};
        if (entry.is_regular_file() && isTextFile(entry.path()))
            paths.push_back(entry.path());
    }
    std::sort(paths.begin(), paths.end());
    for (fs::path& path : paths)
        found.files.push_back({std::move(path), label, isTest});
}

}

ClassFiles findTextClasses(const fs::path& root, const std::stop_token& stop)
{
    ClassFiles found;
    const bool split = fs::is_directory(root / "train");
    const fs::path train = split ? root / "train" : root, test = split ? root / "test" : fs::path{};
    const bool hasTest = split && fs::is_directory(test);
    for (const fs::path& folder : foldersIn(train)) {
        const std::string name = folder.filename().string();
        if (hasTest && !fs::is_directory(test / name)) {
            found.leftOut.push_back(name);
            continue;
        }
        const auto label = static_cast<std::int64_t>(found.classNames.size());
        const std::size_t before = found.files.size();
        addFiles(folder, label, false, found, stop);
        if (found.files.size() == before)
            continue; // no texts in it: no class
        found.classNames.push_back(name);
        if (hasTest)
            addFiles(test / name, label, true, found, stop);
    }
    return found;
}

bool holdsTextClasses(const fs::path& root)
{
    std::error_code error;
    int seen = 0;
    constexpr int enough = 10'000;
    bool below = false;
    for (auto entry = fs::recursive_directory_iterator{root, readable, error};
         !error && entry != fs::recursive_directory_iterator{} && seen < enough; entry.increment(error), ++seen) {
        if (entry.depth() == 0 || !entry->is_regular_file(error))
            continue;
        const std::string ending = lowered(entry->path().extension().string());
        if (ending == ".png" || ending == ".jpg" || ending == ".jpeg")
            return false; // captions may lie beside pictures
        below |= isTextFile(entry->path());
    }
    return below;
}

std::vector<fs::path> corpusFilesIn(const fs::path& folder)
{
    std::vector<fs::path> files;
    std::error_code error;
    for (auto entry = fs::directory_iterator{folder, readable, error}; !error && entry != fs::directory_iterator{};
         entry.increment(error))
        if (entry->is_regular_file(error) && isTextFile(entry->path()))
            files.push_back(entry->path());
    std::sort(files.begin(), files.end());
    return files;
}

}
