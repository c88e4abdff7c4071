// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/data/path_parameter.h"

namespace descent {

namespace fs = std::filesystem;

ParameterSchema pathParameter(std::string help)
{
    return {.name = "path",
            .label = "Location",
            .help = std::move(help),
            .type = ParameterType::path,
            .defaultValue = std::string{},
            .common = true};
}

Result<fs::path> chosenPath(const Schema& schema, const Parameters& parameters)
{
    const std::string chosen = textOf(schema, parameters, "path");
    if (chosen.empty())
        return {std::nullopt, {{"dataset.path", text("no file or folder is chosen"), text("choose where the data lies")}}};
    std::error_code error;
    if (!fs::exists(chosen, error))
        return {
            std::nullopt,
            {{"dataset.path", text("there is nothing at %1", chosen), text("check the spelling, and that the disk is there")}}};
    return {fs::path{chosen}, {}};
}

Result<Dataset> readSource(const Schema& schema, const Parameters& parameters,
                           const std::function<Result<Dataset>(const fs::path&)>& read)
{
    const Result<fs::path> path = chosenPath(schema, parameters);
    if (!path)
        return {std::nullopt, path.problems};
    try {
        return read(*path);
    } catch (const DescentError& error) {
        return {std::nullopt, {{"dataset.path", error.message(), {}}}};
    } catch (const fs::filesystem_error& error) {
        return {std::nullopt, {{"dataset.path", text("cannot read %1: %2", error.path1().string(), error.code().message()), {}}}};
    }
}

void setAside(Dataset& dataset, std::string path, Text reason)
{
    ++dataset.setAsideCount;
    if (dataset.setAside.size() < maximumSetAsideListed)
        dataset.setAside.push_back({std::move(path), std::move(reason), {}});
}

}
