// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/base/problem.h"
#include "engine/core/data/picture.h"

#include <string>
#include <vector>

namespace descent {

/// A PNG or JPEG file each. What cannot be read is added to `problems`, all at once, and is without pixels here.
std::vector<Picture> readPictures(const std::vector<std::string>& files, Problems& problems);

}
