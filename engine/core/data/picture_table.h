// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/data/csv.h"

#include <cstddef>
#include <filesystem>
#include <optional>
#include <vector>

namespace descent {

/// The first column in which nine cells of ten end like a PNG or JPEG file; nothing where there is none.
std::optional<std::size_t> pictureColumn(const std::vector<CsvRow>& rows);

/// Whether the beginning of a file is that of a table with such a column.
bool isPictureTable(const std::filesystem::path& file);

}
