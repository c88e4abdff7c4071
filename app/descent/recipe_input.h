// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/recipe/recipe.h"

#include <string>
#include <vector>

namespace CLI {
class App;
}

namespace descent {

/// How a recipe is named on the command line of `train`.
struct RecipeInput {
    std::string file;              ///< a path, "-" for standard input, or empty
    std::string templateId;        ///< or empty
    std::vector<std::string> sets; ///< "training.epochs=5"
    std::string device;            ///< or empty: what the recipe says
};

/// The recipe, --template and --set as options of a command.
void addRecipeOptions(CLI::App& command, RecipeInput& input);

/// The recipe that is meant, with every --set applied. Without a file and a template it begins as the template that fits the
/// data named by --set dataset.kind or dataset.path, or else as the quick start. Throws BadInput with all that is wrong.
Recipe readRecipe(const RecipeInput& input);

/// Applies PATH=VALUE settings, kinds first, since the other names depend on them. Problems, all at once.
Problems applySettings(Recipe& recipe, const std::vector<std::string>& sets);

}
