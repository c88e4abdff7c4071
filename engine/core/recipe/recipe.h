// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/base/problem.h"
#include "engine/core/data/cleaning.h"
#include "engine/core/schema/parameter_schema.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace descent {

/// A choice from the catalogue with its parameters: {"kind": "resnet18", "stem": "small"} in JSON.
struct Component {
    std::string kind;
    Parameters parameters;
    bool operator==(const Component&) const = default;
};

inline constexpr char automaticTask[] = "auto";

/// Everything a run is made from. A value; JSON both ways. A parameter that is absent has its schema's default.
struct Recipe {
    static constexpr int currentSchemaVersion = 1;
    std::string name;          ///< for a person; the run's name unless another is given
    Component task{"auto", {}}; ///< "auto": what the dataset asks for
    Component dataset;
    Parameters split;
    Parameters preprocessing;
    Cleaning cleaning; ///< of columns and samples; holds only what was chosen
    Component architecture;
    Parameters start; ///< where the first weights come from
    Parameters training;
    std::int64_t seed = 1;
    std::string device = "auto"; ///< "auto", "cpu", "cuda", "cuda:1"
    bool operator==(const Recipe&) const = default;
};

/// Pretty-printed, keys in a fixed order, ends with a newline: the same recipe gives the same bytes.
std::string toJson(const Recipe& recipe);

/// Reads what toJson writes. Problems, all at once: not JSON (with line and column), a newer schema version, unknown keys
/// with the nearest known name, wrong types, values out of range, unknown kinds. At most 1 MiB.
Result<Recipe> recipeFromJson(std::string_view json);

/// The same for a recipe that is still to be completed, as by --set: what validate() says is left to the caller.
Result<Recipe> recipeDraftFromJson(std::string_view json);

/// `--set training.epochs=5`: a dotted path and a value as typed. Changing a kind drops the parameters the new kind lacks.
/// `cleaning.columns.NAME.SETTING`: the name may have dots of its own. A default takes the decision back.
Problems setByPath(Recipe& recipe, std::string_view path, std::string_view value);

/// The same recipe with every default written out: what a run keeps, so that it can be repeated when defaults have changed.
Recipe withDefaults(Recipe recipe);

/// All that is wrong with a recipe before its data is seen.
Problems validate(const Recipe& recipe);

/// One line of a recipe written flat: {"training.epochs", "10"}. Absent parameters appear with their defaults.
struct RecipeEntry {
    std::string path, value;
    bool isDefault = true;
    bool operator==(const RecipeEntry&) const = default;
};
/// Every setting that applies, in the order of the schemas. What a comparison of recipes is made from.
std::vector<RecipeEntry> flattened(const Recipe& recipe);

}
