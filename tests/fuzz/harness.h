// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/data/dataset.h"

#include <cstddef>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace descent {

/// What a target is: fuzz_<reader>.cpp defines it, libFuzzer calls it with one damaged file after another. It must return; what
/// is thrown, leaked, written out of bounds or promised in vain ends the program, and libFuzzer keeps the input.
void readDamaged(std::span<const std::byte> input);

namespace fuzz {

/// Ends the program when a reader did not do what its header says.
void promise(bool kept, const char* what);

/// Each problem says something. Also what a Result without a value must hold.
void checkProblems(const Problems& problems, bool someAreDue);

struct File {
    std::string name; ///< below the folder that is loaded: "Annotations/a.xml"
    std::span<const std::byte> bytes;
};

/// Writes the files to a folder of their own in memory; the folder. Files of the last call with these names are replaced.
std::filesystem::path memoryFolder(const std::vector<File>& files);

/// Loads such files as a kind of dataset does, with `parameters` of the kind: their folder or, for kinds that read a file and
/// where a "path" is among the parameters, the first of them. Checks what comes of it as a training would find it: damaged
/// things set aside with a reason, samples and targets that fit each other. Then inspects and prepares it. Returns whether
/// there was anything to learn from.
bool loadDataset(std::string_view kind, const std::vector<File>& files, Parameters parameters = {});

/// Decodes a PNG or JPEG, then shrinks, grows and recolours what came of it.
void readPicture(std::span<const std::byte> bytes);

/// A whole file of tests/fuzz/corpus to stand beside the damaged one: "png/colour.png". Read once.
std::span<const std::byte> corpusFile(const std::string& name);

inline std::string_view asText(std::span<const std::byte> bytes)
{
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

}

}
