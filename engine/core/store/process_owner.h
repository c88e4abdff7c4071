// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string>

namespace descent {

/// Which process a run belongs to, so that a run whose process is gone can be told from one that still trains elsewhere.
/// A process id alone is used again sooner or later; with its start time and the boot it is unique.
struct ProcessOwner {
    std::int64_t pid = 0;
    std::int64_t startTicks = 0; ///< clock ticks from boot to its start, field 22 of /proc/PID/stat
    std::string bootId;          ///< /proc/sys/kernel/random/boot_id
    bool operator==(const ProcessOwner&) const = default;
};

ProcessOwner thisProcess();

/// False when that process has ended, is a zombie, or ran before the last boot. One small file is read.
bool isAlive(const ProcessOwner& owner);

}
