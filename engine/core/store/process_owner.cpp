// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/store/process_owner.h"

#include <charconv>
#include <fmt/format.h>
#include <fstream>
#include <iterator>
#include <sstream>
#include <unistd.h>

namespace descent {

namespace {

std::string bootId()
{
    std::ifstream file{"/proc/sys/kernel/random/boot_id"};
    std::string id;
    std::getline(file, id);
    return id;
}

/// Field 22 of /proc/PID/stat: ticks between boot and the start of the process. Empty when it is gone or a zombie.
std::string startTime(long pid)
{
    std::ifstream file{fmt::format("/proc/{}/stat", pid)};
    const std::string stat{std::istreambuf_iterator<char>{file}, {}};
    const std::size_t afterName = stat.rfind(')'); // the name may hold blanks and brackets
    if (afterName == std::string::npos)
        return {};
    std::istringstream fields{stat.substr(afterName + 1)};
    std::string field;
    fields >> field; // 3: state
    if (field == "Z" || field == "X")
        return {};
    for (int number = 4; number <= 22; ++number)
        fields >> field;
    return field;
}

}

std::string thisProcess()
{
    const long pid = ::getpid();
    return fmt::format("{}/{}/{}", bootId(), pid, startTime(pid));
}

bool isAlive(const std::string& process)
{
    const std::size_t first = process.find('/'), second = process.find('/', first + 1);
    if (first == std::string::npos || second == std::string::npos || process.substr(0, first) != bootId())
        return false;
    long pid = 0;
    const auto [rest, error] = std::from_chars(process.data() + first + 1, process.data() + second, pid);
    const std::string started = process.substr(second + 1);
    return error == std::errc{} && rest == process.data() + second && !started.empty() && startTime(pid) == started;
}

}
