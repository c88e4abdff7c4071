// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/data/dataset.h"

#include <string>

namespace descent {

/// What stands beside the picture of a row, for a person: its caption, else the first few columns as "age 31, colour warm".
std::string writtenBeside(const PicturesAndMore& both, std::int64_t row);

}
