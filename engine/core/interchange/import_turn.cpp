// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/interchange/import_turn.h"

#include "engine/core/base/problem.h"

#include <cerrno>
#include <chrono>
#include <cstring>
#include <fcntl.h>
#include <sys/file.h>
#include <thread>
#include <unistd.h>

namespace descent {

ImportTurn::ImportTurn(const std::filesystem::path& storeFolder, const std::stop_token& stop)
{
    using namespace std::chrono_literals;
    const std::filesystem::path path = storeFolder / "import.lock";
    m_file = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644);
    if (m_file < 0)
        throw StoreError{text("%1 cannot be made: %2", path.string(), std::strerror(errno))};
    while (::flock(m_file, LOCK_EX | LOCK_NB) != 0) {
        if (errno != EWOULDBLOCK && errno != EINTR) {
            const int reason = errno;
            ::close(m_file);
            throw StoreError{text("%1 cannot be locked: %2", path.string(), std::strerror(reason))};
        }
        if (stop.stop_requested()) {
            ::close(m_file);
            throw Cancelled{};
        }
        std::this_thread::sleep_for(20ms);
    }
}

ImportTurn::~ImportTurn()
{
    ::close(m_file);
}

}
