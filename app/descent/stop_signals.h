// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <functional>
#include <thread>

namespace descent {

/// Ctrl-C and SIGTERM as a request: the first one calls `asked`, on a thread of its own, the second one ends the program at
/// once. Made before other threads are, which then leave these signals to this one. Blocks them for the rest of the program.
class StopSignals {
public:
    explicit StopSignals(std::function<void()> asked);
    ~StopSignals();
    StopSignals(const StopSignals&) = delete;

private:
    std::jthread m_watcher;
};

}
