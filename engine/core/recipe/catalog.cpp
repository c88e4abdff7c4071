// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/recipe/catalog.h"

#include <algorithm>

namespace descent {

Result<TaskKind> resolveTask(const Recipe& recipe, const Dataset& dataset)
{
    std::string fitting;
    for (const TaskKind& kind : taskKinds())
        if (kind.fits(dataset)) {
            if (recipe.task.kind == automaticTask || recipe.task.kind == kind.id) {
                TaskKind resolved = kind;
                if (kind.primaryMetricFor)
                    resolved.primaryMetric = kind.primaryMetricFor(dataset);
                Problems problems = validateWithData(recipe.cleaning, dataset);
                if (!recipe.cleaning.empty() && problems.empty() && !kind.cleans)
                    problems.push_back({"cleaning", text("%1 prepares its data in its own way", kind.label), text("leave it out")});
                for (const auto& [name, value] : recipe.task.parameters)
                    if (!findParameter(kind.schema, name))
                        problems.push_back({"task." + name, text("%1 has no such setting", kind.label), text("leave it out")});
                if (!problems.empty())
                    return {std::nullopt, std::move(problems)};
                return {std::move(resolved), {}};
            }
            fitting += (fitting.empty() ? "" : ", ") + kind.id;
        }
    if (fitting.empty())
        return {std::nullopt, {{"task.kind", text("nothing here can be learnt from this data"), text("choose other data")}}};
    return {std::nullopt,
            {{"task.kind", text("\"%1\" does not fit this data", recipe.task.kind), text("choose \"auto\", or one of: %1", fitting)}}};
}

PreparationSettings preparationOf(const Recipe& recipe)
{
    return {.split = recipe.split,
            .preprocessing = recipe.preprocessing,
            .task = recipe.task.parameters,
            .seed = static_cast<std::uint64_t>(recipe.seed),
            .cleaning = recipe.cleaning};
}

Result<NetworkSpec> buildNetwork(const Recipe& recipe, const NetworkBrief& brief)
{
    const Architecture* architecture = findArchitecture(recipe.architecture.kind);
    if (!architecture)
        return {std::nullopt, {{"architecture.kind", text("\"%1\" is not known here", recipe.architecture.kind), {}}}};
    if (!architecture->fits(brief)) {
        std::string fitting;
        for (const Architecture& other : architectures())
            if (other.fits(brief))
                fitting += (fitting.empty() ? "" : ", ") + other.id;
        return {std::nullopt,
                {{"architecture.kind", text("%1 is not made for this data and task", architecture->label),
                  fitting.empty() ? text("choose other data") : text("choose one of: %1", fitting)}}};
    }
    if (Problems problems = validate(architecture->schema, recipe.architecture.parameters, "architecture"); !problems.empty())
        return {std::nullopt, std::move(problems)};
    return architecture->build(recipe.architecture.parameters, brief);
}

Problems validateWithDevice(const Recipe& recipe, std::string_view device)
{
    if (device == "cpu" && textOf(trainingSchema(), recipe.training, "precision") == "float16")
        return {{"training.precision", text("a CPU gains nothing from float16"), text("choose float32 or bfloat16, or a GPU")}};
    return {};
}

Problems validateWithData(const Recipe& recipe, const TaskKind& task, const PreparedData& data)
{
    Problems problems;
    const auto trainCount = static_cast<std::int64_t>(data.split.train.size());
    const std::int64_t batchSize = integerOf(trainingSchema(), recipe.training, "batchSize");
    if (batchSize > trainCount)
        problems.push_back(
            {"training.batchSize", text("there are only %1 training samples", trainCount), text("choose a smaller batch")});
    if (data.isClassification() && data.dataset->train.targets.classNames.size() < 2)
        problems.push_back({"dataset", text("there is only one class: there is nothing to tell apart"),
                            text("add samples of a second class, or choose another target")});
    if (!task.smoothsLabels && realOf(trainingSchema(), recipe.training, "labelSmoothing") > 0)
        problems.push_back({"training.labelSmoothing", text("%1 has no labels to smooth", task.label), text("set it to 0")});
    for (const char* option : {"mixup", "cutmix", "erasing"})
        if (!task.mixesPictures && realOf(trainingSchema(), recipe.training, option) > 0)
            problems.push_back({fmt::format("training.{}", option), text("%1 has no pictures of single classes to mix or hide in part", task.label), text("set it to 0")});
    return problems;
}

}
