// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string_view>

namespace descent {

/// Bytes of samples to hold in memory; what is more is read from files while it is used. $DESCENT_DATA_MEMORY ("500M", "8G"),
/// else a quarter of what this process may use: the machine's memory, or less in a container.
std::int64_t memoryForData();

/// Bytes that could be taken now without anything being swapped out: of the machine, or of what a container leaves.
std::int64_t freeMemory();

/// "500M" in bytes, with K, M, G or T for powers of 1024; -1 where it is no such thing.
std::int64_t bytesFrom(std::string_view written);

}
