// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/data/dataset.h"

#include <cstdint>
#include <vector>

namespace descent {

/// Values of one column at the steps before `end`.
std::vector<float> columnOf(const Series& series, std::size_t column, std::int64_t end);

/// The season that most columns have, by seasonLength of the steps before `end`; 0 where most have none. Of many columns eight
/// are asked.
std::int64_t seasonOf(const Series& series, std::int64_t end);

}
