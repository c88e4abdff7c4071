// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/descent/stop_signals.h"

#include <chrono>
#include <csignal>
#include <optional>
#include <unistd.h>

namespace descent {

namespace {

using Clock = std::chrono::steady_clock;

/// timeout(1) signals its child and then the whole group, and a person's finger may bounce: that is one wish, not two.
constexpr auto oneAndTheSame = std::chrono::milliseconds{400};

}

StopSignals::StopSignals(std::function<void()> asked)
{
    sigset_t signals;
    sigemptyset(&signals);
    sigaddset(&signals, SIGINT);
    sigaddset(&signals, SIGTERM);
    pthread_sigmask(SIG_BLOCK, &signals, nullptr);
    m_watcher = std::jthread{[signals, asked = std::move(asked)](const std::stop_token& stop) {
        std::optional<Clock::time_point> firstAt;
        for (;;) {
            int number = 0;
            sigwait(&signals, &number);
            if (stop.stop_requested())
                return; // woken by the destructor
            if (!firstAt) {
                firstAt = Clock::now();
                asked();
            } else if (Clock::now() - *firstAt > oneAndTheSame) {
                _exit(128 + number); // as a shell calls it; what was committed is kept, the run counts as interrupted
            }
        }
    }};
}

StopSignals::~StopSignals()
{
    m_watcher.request_stop();
    pthread_kill(m_watcher.native_handle(), SIGTERM);
}

}
