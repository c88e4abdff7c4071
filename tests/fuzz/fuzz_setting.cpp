// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/fuzz/harness.h"

#include "engine/core/recipe/catalog.h"

#include <sstream>

namespace descent {

/// Lines of PATH=VALUE, as --set takes them, over a template.
void readDamaged(std::span<const std::byte> input)
{
    Recipe recipe = recipeTemplates().front().recipe;
    std::istringstream lines{std::string{fuzz::asText(input)}};
    for (std::string line; std::getline(lines, line);) {
        const std::size_t equals = line.find('=');
        const std::string path = line.substr(0, equals), value = equals == std::string::npos ? "" : line.substr(equals + 1);
        const Recipe before = recipe;
        const Problems problems = setByPath(recipe, path, value);
        fuzz::checkProblems(problems, false);
        fuzz::promise(problems.empty() || recipe == before, "what is refused changes nothing");
    }
    fuzz::checkProblems(validate(recipe), false);
    const Result<Recipe> read = recipeDraftFromJson(toJson(recipe));
    fuzz::promise(read && toJson(*read) == toJson(recipe), "what was set is written and read the same");
}

}
