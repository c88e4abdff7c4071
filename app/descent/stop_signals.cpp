// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/descent/stop_signals.h"

#include <csignal>
#include <unistd.h>

namespace descent {

StopSignals::StopSignals(std::function<void()> asked)
{
    sigset_t signals;
    sigemptyset(&signals);
    sigaddset(&signals, SIGINT);
    sigaddset(&signals, SIGTERM);
    pthread_sigmask(SIG_BLOCK, &signals, nullptr);
    m_watcher = std::jthread{[signals, asked = std::move(asked)](const std::stop_token& stop) {
        for (bool wasAsked = false;; wasAsked = true) {
            int number = 0;
            sigwait(&signals, &number);
            if (stop.stop_requested())
                return; // woken by the destructor
            if (wasAsked)
                _exit(128 + number); // as a shell calls it; what was committed is kept, the run counts as interrupted
            asked();
        }
    }};
}

StopSignals::~StopSignals()
{
    m_watcher.request_stop();
    pthread_kill(m_watcher.native_handle(), SIGTERM);
}

}
