// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/recipe/recipe.h"

namespace descent {

/// The same recipe with its files and folders named from the root, for a program that was started in another folder.
Recipe withAbsolutePaths(Recipe recipe);

}
