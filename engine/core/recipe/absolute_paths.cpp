// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/recipe/absolute_paths.h"

#include "engine/core/recipe/section.h"

#include <filesystem>

namespace descent {

Recipe withAbsolutePaths(Recipe recipe)
{
    for (const RecipeSection& section : sectionsOf(recipe)) {
        if (!section.schema)
            continue;
        for (auto& [name, value] : *section.parameters) {
            const ParameterSchema* parameter = findParameter(*section.schema, name);
            auto* path = std::get_if<std::string>(&value);
            if (!parameter || parameter->type != ParameterType::path || !path || path->empty())
                continue;
            std::error_code error; // the current folder is gone, say: then it stays as it is
            if (const auto absolute = std::filesystem::absolute(*path, error); !error)
                *path = absolute.string();
        }
    }
    return recipe;
}

}
