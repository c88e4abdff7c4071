// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/base/problem.h"

#include <filesystem>
#include <string>
#include <vector>

namespace descent {

/// Two files whose lines belong together, as translations are kept: train.de and train.en.
struct AlignedFiles {
    std::filesystem::path source, target;
};

/// What a folder of such files holds. A part is told by its name: "train", "val" or "dev", "test" stand somewhere in it.
struct SentenceFolder {
    AlignedFiles train, validation, test; ///< empty paths where the folder has no such part
    std::string source, target;           ///< languages, as the files end
    Problems warnings;                    ///< of several test files one was taken
};

/// The language a file's name ends in, "de" of "train.de" and of "train.de.gz"; empty where it ends in none.
std::string languageEnding(const std::filesystem::path& file);

/// The files of a folder for translating from `source` to `target`; empty: the two that are there, in the order of the
/// alphabet. Problems: no such files, more than two languages to choose from.
Result<SentenceFolder> findSentenceFiles(const std::filesystem::path& folder, const std::string& source, const std::string& target);

/// Whether a folder holds files for learning a translation, one with "train" in its name among them.
bool holdsSentenceFiles(const std::filesystem::path& folder);

/// Whether a file looks like sentences and their translations in two columns: by its first lines, which hold two or three
/// cells each, words in the first two, hardly any twice.
bool isSentenceTable(const std::filesystem::path& file);

/// The one file beside `file` that has its name and another language's ending; empty without one.
std::filesystem::path alignedBeside(const std::filesystem::path& file);

}
