// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/data/dataset.h"
#include "engine/core/data/picture.h"

#include <span>

namespace descent {

/// Pictures of any size and colouring, brought to those of another array.
PictureArray broughtTo(const PictureArray& like, std::span<const Picture> pictures);

/// The pictures among a dataset's inputs; null where there are none.
const PictureArray* picturesOf(const Samples& samples);

}
