// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/store/process_owner.h"

#include <fmt/format.h>

#include <fstream>
#include <iterator>
#include <sstream>
#include <unistd.h>

namespace descent {

namespace {

/// Start of a process in ticks since boot, or 0 when there is none that still runs.
std::int64_t startTicksOf(std::int64_t pid)
{
    std::ifstream file{fmt::format("/proc/{}/stat", pid)};
    const std::string line{std::istreambuf_iterator<char>{file}, {}};
    // "PID (name) state …": the name may hold spaces and brackets, so counting starts behind the last one.
    const std::size_t nameEnd = line.rfind(')');
    if (nameEnd == std::string::npos)
        return 0;
    std::istringstream fields{line.substr(nameEnd + 1)};
    std::string field;
    fields >> field;
    if (field == "Z" || field == "X")
        return 0; // dead, only not yet fetched by its parent
    constexpr int startField = 22, stateField = 3;
    for (int number = stateField + 1; number <= startField; ++number)
        fields >> field;
    return fields ? std::stoll(field) : 0;
}

std::string bootId()
{
    std::ifstream file{"/proc/sys/kernel/random/boot_id"};
    std::string id;
    std::getline(file, id);
    return id;
}

}

ProcessOwner thisProcess()
{
    return {getpid(), startTicksOf(getpid()), bootId()};
}

bool isAlive(const ProcessOwner& owner)
{
    return owner.bootId == bootId() && owner.startTicks != 0 && startTicksOf(owner.pid) == owner.startTicks;
}

}
