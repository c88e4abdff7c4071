// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/data/dataset.h"

namespace descent {

/// Sorts the class names, as numbers where they are numbers ("2" before "10"), and renumbers the classes to match: which class
/// is which does not hang on the order of the rows.
void sortClasses(Targets& targets);

}
