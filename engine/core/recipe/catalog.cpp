// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/recipe/catalog.h"

#include <algorithm>

namespace descent {

Result<TaskKind> resolveTask(const Recipe& recipe, const Dataset& dataset)
{
    std::string fitting;
    for (const TaskKind& kind : taskKinds())
        if (kind.fits(dataset)) {
            if (recipe.task == "auto" || recipe.task == kind.id) {
                TaskKind resolved = kind;
                if (kind.primaryMetricFor)
                    resolved.primaryMetric = kind.primaryMetricFor(dataset);
                return {std::move(resolved), {}};
            }
            fitting += (fitting.empty() ? "" : ", ") + kind.id;
        }
    if (fitting.empty())
        return {std::nullopt, {{"task", text("nothing here can be learnt from this data"), text("choose other data")}}};
    return {std::nullopt,
            {{"task", text("\"%1\" does not fit this data", recipe.task), text("choose \"auto\", or one of: %1", fitting)}}};
}

Result<NetworkSpec> buildNetwork(const Recipe& recipe, const Shape& inputShape, std::int64_t outputs)
{
    const Architecture* architecture = findArchitecture(recipe.architecture.kind);
    if (!architecture)
        return {std::nullopt, {{"architecture.kind", text("\"%1\" is not known here", recipe.architecture.kind), {}}}};
    if (!reads(architecture->input, inputShape))
        return {std::nullopt,
                {{"architecture.kind",
                  architecture->input == Architecture::Input::picture
                      ? text("%1 reads pictures, and this data is a table", architecture->label)
                      : text("%1 reads rows of a table, and this data is pictures", architecture->label),
                  architecture->input == Architecture::Input::picture ? text("choose MLP, or a dataset of pictures")
                                                                      : text("choose MLP, or a table")}}};
    if (Problems problems = validate(architecture->schema, recipe.architecture.parameters, "architecture"); !problems.empty())
        return {std::nullopt, std::move(problems)};
    return architecture->build(recipe.architecture.parameters, inputShape, outputs);
}

Problems validateWithData(const Recipe& recipe, const PreparedData& data)
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
    return problems;
}

}
