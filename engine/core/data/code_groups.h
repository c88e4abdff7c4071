// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace descent {

/// What kind of thing a code stands for, told by the code itself: "lab" of "lab: HbA1c" or "LAB//50912", in small letters; of
/// other codes their first letter, which is the chapter in ICD and the anatomy in ATC ("E" of "E11.9"). Empty: nothing tells.
std::string codeGroup(std::string_view code);

/// The groups of some codes, each once, those of most codes first.
struct CodeGroups {
    std::vector<std::string> names;
    std::vector<std::int32_t> groupOf; ///< by code: into `names`
};
CodeGroups codeGroups(const std::vector<std::string>& codes);

}
