// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/store/run_store.h"

#include <cmath>
#include <vector>

namespace descent {

/// Runs of a grid as a tracker keeps them: a rate and a width, each with seeds. The accuracy rises to its peak at 0.01 and falls again,
/// rises with the width, and scatters with the seed. No chance in it: the same everywhere.
inline std::vector<RunDetails> gridOfRuns(int seeds = 3, const std::vector<double>& rates = {0.001, 0.01, 0.1, 1}, const std::vector<int>& widths = {16, 32, 64})
{
    std::vector<RunDetails> runs;
    for (const double rate : rates)
        for (const int width : widths)
            for (int seed = 1; seed <= seeds; ++seed) {
                const auto id = static_cast<RunId>(runs.size() + 1);
                const double distance = std::log10(rate) + 2;
                const double scatter = std::sin(static_cast<double>(id) * 12.9898) * 0.01;
                RunDetails run{.summary = {.id = id, .name = fmt::format("grid {} {}", rate, width), .datasetName = "Spirals", .architecture = "mlp"}};
                run.summary.primaryMetric = "accuracy";
                run.summary.test = {{"accuracy", 0.9 - 0.05 * distance * distance + 0.0005 * width + scatter}, {"loss", 0.3 + 0.1 * distance * distance + scatter}};
                run.summary.seconds = 2.0 * width + seed;
                run.summary.parameterCount = width * 100;
                run.recipeJson = fmt::format(R"({{"name": "n", "seed": {}, "training": {{"learningRate": {}}}, "architecture": {{"kind": "mlp", "width": {}}}}})", seed, rate, width);
                runs.push_back(std::move(run));
            }
    return runs;
}

}
