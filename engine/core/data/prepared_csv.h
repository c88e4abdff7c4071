// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/data/preparation.h"

#include <string>

namespace descent {

/// A prepared table as CSV, in the order of the source: the features by their names, the target as a person knows it, and
/// "part": train, validation or test. Rows that are in no part are not there. Throws std::invalid_argument for other data.
std::string preparedCsv(const PreparedData& data);

}
