// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/base/memory.h"

#include <algorithm>
#include <charconv>
#include <cstdlib>
#include <fstream>
#include <string>
#include <unistd.h>

namespace descent {

namespace {

/// What the container may use, as control groups of version 2 and 1 say it; the largest number where they say nothing.
std::int64_t containersMemory()
{
    for (const char* file : {"/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory/memory.limit_in_bytes"}) {
        std::string written;
        if (std::ifstream{file} >> written)
            if (const std::int64_t bytes = bytesFrom(written); bytes > 0)
                return bytes;
    }
    return INT64_MAX;
}

}

std::int64_t freeMemory()
{
    std::int64_t bytes = std::int64_t{::sysconf(_SC_AVPHYS_PAGES)} * ::sysconf(_SC_PAGESIZE);
    std::ifstream machine{"/proc/meminfo"};
    for (std::string line; std::getline(machine, line);)
        if (constexpr std::string_view name = "MemAvailable:"; line.starts_with(name))
            bytes = 1024 * std::strtoll(line.c_str() + name.size(), nullptr, 10);
    std::int64_t used = 0;
    if (const std::int64_t most = containersMemory(); most < INT64_MAX && std::ifstream{"/sys/fs/cgroup/memory.current"} >> used)
        bytes = std::min(bytes, std::max<std::int64_t>(most - used, 0));
    return bytes;
}

std::int64_t bytesFrom(std::string_view written)
{
    constexpr std::string_view units = "KMGT";
    std::int64_t value = -1;
    const auto [end, error] = std::from_chars(written.data(), written.data() + written.size(), value);
    const std::string_view unit = written.substr(static_cast<std::size_t>(end - written.data()));
    if (error != std::errc{} || value < 0 || unit.size() > 1)
        return -1;
    int shift = 0;
    if (!unit.empty()) {
        const std::size_t place = units.find(unit.front());
        if (place == std::string_view::npos)
            return -1;
        shift = 10 * static_cast<int>(place + 1);
    }
    return value > INT64_MAX >> shift ? -1 : value << shift;
}

std::int64_t memoryForData()
{
    if (const char* wish = std::getenv("DESCENT_DATA_MEMORY"))
        if (const std::int64_t bytes = bytesFrom(wish); bytes >= 0)
            return bytes;
    // Asked for with every LoadControl, also on the window's thread: the files are read once.
    static const std::int64_t all = std::min(std::int64_t{::sysconf(_SC_PHYS_PAGES)} * ::sysconf(_SC_PAGESIZE), containersMemory());
    return all / 4;
}

}
