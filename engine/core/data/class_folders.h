// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <filesystem>
#include <stop_token>
#include <string>
#include <vector>

namespace descent {

/// A text file of a class, as a folder a class holds it.
struct ClassFile {
    std::filesystem::path path;
    std::int64_t label = 0; ///< into ClassFiles::classNames
    bool isTest = false;
};
struct ClassFiles {
    std::vector<std::string> classNames;
    std::vector<ClassFile> files;     ///< the same order on every machine
    std::vector<std::string> leftOut; ///< folders of the training part without a counterpart in the test part: unlabelled texts
};

/// The text files below root/CLASS, or below root/train/CLASS and root/test/CLASS, to any depth. Throws Cancelled,
/// std::filesystem::filesystem_error.
ClassFiles findTextClasses(const std::filesystem::path& root, const std::stop_token& stop);

/// Whether the first files found in the folders below `root` are texts.
bool holdsTextClasses(const std::filesystem::path& root);

/// The plain text files that lie in a folder itself, sorted by name.
std::vector<std::filesystem::path> corpusFilesIn(const std::filesystem::path& folder);

}
