// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/data/preparation.h"

#include <string>

namespace descent {

/// A hash by which a training that goes on sees that its data is what it was: of the split, and of what is learnt from, as far
/// as it lies in memory and at most 64 MB an array.
std::string dataMark(const PreparedData& data);

}
