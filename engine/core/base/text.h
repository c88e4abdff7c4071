// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <fmt/format.h>

#include <string>
#include <string_view>
#include <vector>

namespace descent {

/// A sentence for a person, kept as English source and arguments so that the window can translate it.
/// `source` is the translation key: English with the places %1 to %9, as Qt writes them.
struct Text {
    std::string source;
    std::vector<std::string> arguments;
    bool operator==(const Text&) const = default;
    bool empty() const { return source.empty(); }
};

/// text("there are only %1 samples", 12). Numbers are written by fmt's defaults.
/// lupdate is told that `text` marks a translatable source (context "engine"), so pass a literal.
template <typename... Arguments>
Text text(std::string_view source, const Arguments&... arguments)
{
    return {std::string{source}, {fmt::format("{}", arguments)...}};
}

/// The English sentence, arguments in place. What the command line and logs print.
std::string english(const Text& text);

/// The entry of `known` nearest to `name` by edit distance (Damerau-Levenshtein, case ignored); empty when none is near
/// enough to be a slip of the hand.
std::string nearestName(std::string_view name, const std::vector<std::string>& known);

}
