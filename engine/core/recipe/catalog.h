// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/data/dataset.h"
#include "engine/core/data/preparation.h"
#include "engine/core/network/architecture.h"
#include "engine/core/recipe/recipe.h"
#include "engine/core/task/task.h"

#include <string>
#include <string_view>
#include <vector>

namespace descent {

/// The task of a recipe on this data: its own, or what the data asks for. Problems when its own does not fit the data, or
/// settings are given that the task does not have.
Result<TaskKind> resolveTask(const Recipe& recipe, const Dataset& dataset);

/// The options of training, optimizer and schedule together: epochs, batchSize, optimizer, learningRate, schedule, …
const Schema& trainingSchema();

/// A ready recipe: `spirals`, `drawn-digits`, `mnist`, `cifar10-classic`, `cifar10-fast`, `table`,
/// `risk`, `fraud`.
struct RecipeTemplate {
    std::string id, label, help;
    Recipe recipe; ///< dataset.path is empty where the person must name their files
    std::vector<std::string> suits = {}; ///< other kinds of dataset that this is a good beginning for
};
const std::vector<RecipeTemplate>& recipeTemplates();
const RecipeTemplate* findRecipeTemplate(std::string_view id); ///< null when there is none
const RecipeTemplate& templateFor(std::string_view datasetKind); ///< whose network and options suit that kind of data

/// What a recipe says to whoever prepares its data.
PreparationSettings preparationOf(const Recipe& recipe);

/// The network of a recipe. Problems name "architecture…".
Result<NetworkSpec> buildNetwork(const Recipe& recipe, const NetworkBrief& brief);

/// Options that do not fit the device it will run on. device: "cpu", "cuda:0".
Problems validateWithDevice(const Recipe& recipe, std::string_view device);

/// What is wrong or unwise once the data is known: a batch larger than the training part, fewer classes than two,
/// options of training that the task has no use for, …
Problems validateWithData(const Recipe& recipe, const TaskKind& task, const PreparedData& data);

}
