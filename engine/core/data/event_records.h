// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>

namespace descent {

/// Whether a file's first row names a person, a date and a code. False for what cannot be read.
bool looksLikeEventRecords(const std::filesystem::path& file);

}
