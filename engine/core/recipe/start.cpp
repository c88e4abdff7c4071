// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/recipe/start.h"

namespace descent {

const Schema& startSchema()
{
    using namespace std::string_literals;
    const AppliesWhen taken{"from", {"run"s, "file"s}}, slowed{"from", {"run"s, "file"s, "branch"s}};
    static const Schema schema{
        {.name = "from",
         .label = "Start from",
         .help = "Where the first weights come from.",
         .type = ParameterType::choice,
         .defaultValue = "nothing"s,
         .common = true,
         .choices = {{"nothing", "Nothing", "Fresh weights, drawn by the seed."},
                     {"run", "A run", "The best network of an earlier run."},
                     {"file", "A file", "A safetensors file; torchvision's names of ResNets are ours."},
                     {"branch", "Where a run stands",
                      "Goes on from a run's newest checkpoint, optimizer and place included, as a run of its own with other options."}}},
        {.name = "run",
         .label = "Run",
         .help = "Number of the run whose best network, or newest checkpoint, is taken over.",
         .type = ParameterType::integer,
         .defaultValue = std::int64_t{0},
         .minimum = 0,
         .maximum = 1e15,
         .common = true,
         .appliesWhen = {"from", {"run"s, "branch"s}}},
        {.name = "file",
         .label = "Weights",
         .help = "A safetensors file, or the folder of a run.",
         .type = ParameterType::path,
         .defaultValue = ""s,
         .common = true,
         .appliesWhen = {"from", {"file"s}}},
        {.name = "head",
         .label = "Head",
         .help = "What becomes of the last layer, which gives the answer.",
         .type = ParameterType::choice,
         .defaultValue = "keep"s,
         .common = true,
         .choices = {{"keep", "Keep if it fits", "Begins fresh only where it is for other classes, or of another size."},
                     {"fresh", "Fresh", "Always drawn anew."},
                     {"prototypes", "Prototypes",
                      "The mean features of each class, so that a sample is of the nearest class before any step. arXiv:1703.05175"}},
         .appliesWhen = taken},
        {.name = "freeze",
         .label = "Freeze",
         .help = "What does not learn: none, trunk (all but the head), or a stage with all before it, as layer2.",
         .type = ParameterType::text,
         .defaultValue = "none"s,
         .common = true,
         .appliesWhen = slowed},
        {.name = "trunkRate",
         .label = "Rate of the trunk",
         .help = "What the learning rate is multiplied by for weights that were taken over, but for the head's.",
         .type = ParameterType::real,
         .defaultValue = 1.0,
         .minimum = 0,
         .maximum = 10,
         .aboveMinimum = true,
         .logarithmic = true,
         .common = true,
         .appliesWhen = slowed},
        {.name = "stageDecay",
         .label = "Rate by stage",
         .help = "Each stage learns by this factor slower than the one behind it. arXiv:1801.06146",
         .type = ParameterType::real,
         .defaultValue = 1.0,
         .minimum = 0,
         .maximum = 1,
         .aboveMinimum = true,
         .appliesWhen = slowed},
        {.name = "take",
         .label = "Take",
         .help = "What is done where weights are missing, or of another size.",
         .type = ParameterType::choice,
         .defaultValue = "all"s,
         .choices = {{"all", "All or nothing", "All but the head must be there; else the training does not begin and says what is missing."},
                     {"what-fits", "What fits", "The rest begins fresh."}},
         .appliesWhen = taken},
    };
    return schema;
}

StartOptions startOptions(const Parameters& start)
{
    const Schema& schema = startSchema();
    const std::string from = textOf(schema, start, "from"), head = textOf(schema, start, "head");
    using Options = StartOptions;
    return {.from = from == "run"  ? Options::From::run
                : from == "file"   ? Options::From::file
                : from == "branch" ? Options::From::branch
                                   : Options::From::nothing,
            .run = integerOf(schema, start, "run"),
            .file = textOf(schema, start, "file"),
            .head = head == "fresh"        ? Options::Head::fresh
                : head == "prototypes" ? Options::Head::prototypes
                                       : Options::Head::keep,
            .takeWhatFits = textOf(schema, start, "take") == "what-fits",
            .freeze = textOf(schema, start, "freeze"),
            .trunkRate = realOf(schema, start, "trunkRate"),
            .stageDecay = realOf(schema, start, "stageDecay")};
}

}
