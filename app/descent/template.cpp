// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/descent/command.h"
#include "app/descent/text_table.h"
#include "engine/core/recipe/catalog.h"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <memory>

namespace descent {

namespace {

int printTemplate(const std::string& name)
{
    if (name.empty()) {
        TextTable table{{"TEMPLATE", "WHAT IT IS"}};
        for (const RecipeTemplate& one : recipeTemplates())
            table.add({one.id, one.help});
        table.print(terminalOf(stdout));
        return exitDone;
    }
    if (const RecipeTemplate* found = findRecipeTemplate(name)) {
        fmt::print("{}", toJson(found->recipe));
        return exitDone;
    }
    std::vector<std::string> known;
    for (const RecipeTemplate& one : recipeTemplates())
        known.push_back(one.id);
    const std::string nearest = nearestName(name, known);
    throw BadInput{{{name, text("there is no such template"),
                     nearest.empty() ? text("see: descent template") : text("did you mean \"%1\"?", nearest)}}};
}

}

void addTemplateCommand(CLI::App& app, Action& chosen)
{
    CLI::App* command = app.add_subcommand("template", "Prints a ready recipe, or lists them");
    const auto name = std::make_shared<std::string>();
    command->add_option("name", *name, "which one")->type_name("NAME");
    command->callback([name, &chosen] { chosen = [name] { return printTemplate(*name); }; });
}

}
