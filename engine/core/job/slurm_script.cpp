// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/job/slurm_script.h"

#include <algorithm>
#include <cctype>

namespace descent {

namespace {

/// In single quotes, as any shell takes it for itself.
std::string quoted(const std::string& word)
{
    std::string out = "'";
    for (const char c : word)
        out += c == '\'' ? std::string{"'\\''"} : std::string{c};
    return out + "'";
}

bool isPlain(char c)
{
    return std::isalnum(static_cast<unsigned char>(c)) || std::string_view{"._:,-+@/"}.find(c) != std::string_view::npos;
}

std::string jobName(std::string name)
{
    std::replace_if(name.begin(), name.end(), [](char c) { return !isPlain(c) || c == '/'; }, '-');
    return name.empty() ? "descent" : name;
}

}

Result<std::string> slurmScript(const Recipe& recipe, const SlurmOptions& options)
{
    Problems problems;
    std::string wishes;
    const auto number = [&](const char* option, int value, int lowest) {
        if (value < lowest)
            problems.push_back({option, text("this must be %1 at least", lowest), {}});
        else if (value > 0)
            wishes += fmt::format("#SBATCH {}={}\n", option, value);
    };
    const auto word = [&](const char* option, const std::string& value) {
        if (!std::all_of(value.begin(), value.end(), isPlain))
            problems.push_back({option, text("\"%1\" is not one word, as sbatch takes it", value), {}});
        else if (!value.empty())
            wishes += fmt::format("#SBATCH {}={}\n", option, value);
    };
    word("--job-name", jobName(recipe.name));
    number("--nodes", options.nodes, 1);
    number("--ntasks-per-node", options.tasksPerNode, 1);
    number("--cpus-per-task", options.cpusPerTask, 0);
    number("--gpus-per-node", options.gpusPerNode, 0);
    word("--time", options.time);
    word("--partition", options.partition);
    word("--account", options.account);
    if (!problems.empty())
        return {std::nullopt, std::move(problems)};

    const std::string home = options.home.empty() ? "" : "export DESCENT_HOME=" + quoted(options.home) + "\n";
    // srun gives its input to every task. JSON has no line that is the word below.
    return {fmt::format(R"script(#!/bin/bash
{wishes}#SBATCH --output=descent-%j.log
#SBATCH --signal=TERM@60
set -eu
MASTER_ADDR="$(scontrol show hostnames "$SLURM_JOB_NODELIST" | head -n 1)"
MASTER_PORT=$((20000 + SLURM_JOB_ID % 10000))
export MASTER_ADDR MASTER_PORT
{home}srun --kill-on-bad-exit=0 {program} train - <<'DESCENT_RECIPE'
{recipe}DESCENT_RECIPE
)script",
                        fmt::arg("wishes", wishes), fmt::arg("home", home), fmt::arg("program", quoted(options.program)), fmt::arg("recipe", toJson(recipe))),
            {}};
}

}
