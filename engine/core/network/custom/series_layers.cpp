// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/network/custom/layer_parameters.h"

namespace descent {

namespace {

constexpr std::int64_t longestSeries = 1'000'000;

/// 0 stands for what the task asks for, so that a list fits other series as well.
std::int64_t orOfTask(std::int64_t given, std::int64_t ofTask)
{
    return given == 0 ? ofTask : given;
}

LayerKind firstFeatures()
{
    return kindOf<layer::FirstFeatures>(
        {.id = "first-features",
         .label = "First columns",
         .help = "The first columns of each step; the others are left out.",
         .group = "Series",
         .stem = "columns",
         .schema = {wholeParameter("count", "Columns", "0: those that are forecast.", 0, 0, longestSeries)}},
        [](const Schema& schema, const Parameters& p, const LayerSite& site) {
            return layer::FirstFeatures{orOfTask(integerOf(schema, p, "count"), site.brief.outputs)};
        },
        [](const layer::FirstFeatures& l, const NetworkBrief& brief) { return Parameters{{"count", l.count == brief.outputs ? 0 : l.count}}; });
}

LayerKind unflatten()
{
    return kindOf<layer::Unflatten>(
        {.id = "unflatten",
         .label = "Unflatten",
         .help = "A row as steps of columns: how a whole forecast is given at once.",
         .group = "Shape",
         .stem = "future",
         .schema = {wholeParameter("steps", "Steps", "0: the steps to forecast.", 0, 0, longestSeries),
                    wholeParameter("features", "Columns", "0: the outputs of the task.", 0, 0, longestSeries)}},
        [](const Schema& schema, const Parameters& p, const LayerSite& site) {
            return layer::Unflatten{orOfTask(integerOf(schema, p, "steps"), site.brief.horizon),
                                    orOfTask(integerOf(schema, p, "features"), site.brief.outputs)};
        },
        [](const layer::Unflatten& l, const NetworkBrief& brief) {
            return Parameters{{"steps", l.steps == brief.horizon ? 0 : l.steps}, {"features", l.features == brief.outputs ? 0 : l.features}};
        });
}

LayerKind movingAverage()
{
    return kindOf<layer::MovingAverage>(
        {.id = "moving-average",
         .label = "Moving average",
         .help = "The slow part of each column, with the first and last step held at the ends.",
         .group = "Series",
         .stem = "trend",
         .schema = {wholeParameter("kernel", "Steps", "That are averaged.", 25, 1, 65536)}},
        [](const Schema& schema, const Parameters& p, const LayerSite&) { return layer::MovingAverage{integerOf(schema, p, "kernel")}; },
        [](const layer::MovingAverage& l, const NetworkBrief&) { return Parameters{{"kernel", l.kernel}}; });
}

LayerKind windowNorm()
{
    return kindOf<layer::WindowNorm>(
        {.id = "window-norm",
         .label = "Normalise window",
         .help = "Takes level and spread out of the first columns; \"Restore window\" gives them back.",
         .group = "Series",
         .stem = "window_norm",
         .schema = {wholeParameter("features", "Columns", "0: those that are forecast.", 0, 0, longestSeries)}},
        [](const Schema& schema, const Parameters& p, const LayerSite& site) {
            return layer::WindowNorm{orOfTask(integerOf(schema, p, "features"), site.brief.outputs)};
        },
        [](const layer::WindowNorm& l, const NetworkBrief& brief) {
            return Parameters{{"features", l.features == brief.outputs ? 0 : l.features}};
        });
}

LayerKind patches()
{
    return kindOf<layer::Patches>(
        {.id = "patches",
         .label = "Patches of columns",
         .help = "Each column by itself, cut into stretches, up to \"Join columns\". arXiv:2211.14730",
         .group = "Series",
         .stem = "patches",
         .schema = {wholeParameter("length", "Length", "Steps of a stretch.", 16, 1, 65536),
                    wholeParameter("stride", "Every", "Steps from one stretch to the next.", 8, 1, 65536)}},
        [](const Schema& schema, const Parameters& p, const LayerSite&) {
            return layer::Patches{integerOf(schema, p, "length"), integerOf(schema, p, "stride")};
        },
        [](const layer::Patches& l, const NetworkBrief&) { return Parameters{{"length", l.length}, {"stride", l.stride}}; });
}

LayerKind joinColumns()
{
    return kindOf<layer::JoinColumns>(
        {.id = "join-columns",
         .label = "Join columns",
         .help = "The end of what \"Patches of columns\" began: columns side by side again.",
         .group = "Series",
         .stem = "future"},
        [](const Schema&, const Parameters&, const LayerSite& site) { return layer::JoinColumns{site.columns}; },
        [](const layer::JoinColumns&, const NetworkBrief&) { return Parameters{}; });
}

}

std::vector<LayerKind> seriesLayers()
{
    return {
        plainKind<layer::Transpose>({.id = "transpose",
                                     .label = "Transpose",
                                     .help = "Steps and features change places, so that a dense layer works along time.",
                                     .group = "Shape",
                                     .stem = "transpose"}),
        unflatten(),
        firstFeatures(),
        movingAverage(),
        windowNorm(),
        plainKind<layer::WindowRestore>({.id = "window-restore",
                                         .label = "Restore window",
                                         .help = "The first input in the level and spread of the second: a window before it was normalised.",
                                         .group = "Series",
                                         .stem = "window_restore",
                                         .leastInputs = 2,
                                         .mostInputs = 2}),
        patches(),
        joinColumns(),
    };
}

}
