// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>

namespace descent {

/// Replaces `path` so that a kill at any instant leaves the old file or the new one, never a part: written to a temporary
/// file beside it, synced, renamed, folder synced. Throws DescentError naming the file.
void writeFileAtomically(const std::filesystem::path& path, std::span<const std::byte> bytes);
void writeFileAtomically(const std::filesystem::path& path, std::string_view text);

/// The whole file. Throws DescentError when it cannot be read or is longer than `maximumBytes`.
std::string readFile(const std::filesystem::path& path, std::size_t maximumBytes);

/// Where runs and checkpoints live: $DESCENT_HOME, else $XDG_DATA_HOME/descent, else ~/.local/share/descent. Not created.
std::filesystem::path dataFolder();

}
