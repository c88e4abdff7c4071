// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/recipe/training_parameters.h"

namespace descent {

Schema mixingParameters()
{
    return {
        {.name = "mixup",
         .label = "Mixup",
         .help = "Pictures are laid over each other in pairs, their classes likewise; larger mixes more evenly, 0 not at all. arXiv:1710.09412",
         .type = ParameterType::real,
         .defaultValue = 0.0,
         .minimum = 0,
         .maximum = 10},
        {.name = "cutmix",
         .label = "CutMix",
         .help = "A rectangle of each picture is another's, their classes likewise; larger mixes more evenly, 0 not at all. arXiv:1905.04899",
         .type = ParameterType::real,
         .defaultValue = 0.0,
         .minimum = 0,
         .maximum = 10},
        {.name = "erasing",
         .label = "Random erasing",
         .help = "Share of the pictures in which a rectangle is hidden. arXiv:1708.04896",
         .type = ParameterType::real,
         .defaultValue = 0.0,
         .minimum = 0,
         .maximum = 1},
    };
}

}
