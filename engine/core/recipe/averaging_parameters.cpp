// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/recipe/training_parameters.h"

namespace descent {

Schema averagingParameters()
{
    using namespace std::string_literals;
    return {
        {.name = "averaging",
         .label = "Average weights",
         .help = "What is judged and kept is not the weights as they are, but an average of those that were.",
         .type = ParameterType::choice,
         .defaultValue = "none"s,
         .choices = {{"none", "None", "The weights as they are."},
                     {"ema", "Moving", "The newest count most: steadier at any time."},
                     {"swa", "Equal", "All count the same (SWA), best where the learning rate stays high. arXiv:1803.05407"}}},
        {.name = "averageDecay",
         .label = "Decay of the average",
         .help = "How much of the average stays at a step: 0.999 looks about 1,000 steps back.",
         .type = ParameterType::real,
         .defaultValue = 0.999,
         .minimum = 0,
         .maximum = 1,
         .belowMaximum = true,
         .appliesWhen = {"averaging", {"ema"s}}},
        {.name = "averageFrom",
         .label = "Average after",
         .help = "Epochs that are learnt before the average begins.",
         .type = ParameterType::integer,
         .defaultValue = std::int64_t{0},
         .minimum = 0,
         .maximum = 100000,
         .unit = "epochs",
         .appliesWhen = {"averaging", {"ema"s, "swa"s}}},
    };
}

}
