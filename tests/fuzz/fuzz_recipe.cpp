// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/fuzz/harness.h"

#include "engine/core/recipe/catalog.h"

namespace descent {

void readDamaged(std::span<const std::byte> input)
{
    const Result<Recipe> draft = recipeDraftFromJson(fuzz::asText(input));
    fuzz::checkProblems(draft.problems, !draft);
    if (draft)
        flattened(withDefaults(*draft));
    const Result<Recipe> recipe = recipeFromJson(fuzz::asText(input));
    fuzz::checkProblems(recipe.problems, !recipe);
    if (!recipe)
        return;
    const Result<Recipe> again = recipeFromJson(toJson(*recipe));
    fuzz::promise(again && *again == *recipe, "what was read is written and read the same");
    for (const Shape& shape : {Shape{3, 32, 32}, Shape{12}}) {
        const auto network = buildNetwork(*recipe, numbersFrom(shape, 10));
        fuzz::checkProblems(network.problems, !network);
    }
}

}
