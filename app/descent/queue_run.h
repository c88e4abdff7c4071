// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/descent/command.h"
#include "app/descent/json.h"
#include "engine/core/store/queue_store.h"

namespace descent {

Json toJson(const QueueEntry& entry); ///< one object of `queue list --json` and `queue run --json`

void addQueueRunCommand(CLI::App& queue, Action& chosen); ///< under `queue`

}
