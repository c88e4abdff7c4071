// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/data/preparation.h"

#include <cstdint>
#include <vector>

namespace descent {

/// People are renumbered: those who are learnt from come first, so that the loss has no gaps, then those who are kept back.
/// PreparedPart::targets holds these numbers.
struct FacePreparation : TaskPreparation {
    std::int64_t learnt = 0;                 ///< people
    std::vector<std::int64_t> classOfPerson; ///< into Targets::classNames
};

}
