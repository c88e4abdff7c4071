// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/store/run_store.h"

#include <functional>
#include <span>
#include <stop_token>

namespace descent {

/// Throws StoreError where there is none.
RunDetails exportedRun(RunStore& store, RunId run);

/// `write(details)` for each, in order; `progress` is told the share that is done. Throws StoreError, Cancelled, what `write` throws.
void eachExportedRun(RunStore& store, std::span<const RunId> runs, const std::stop_token& stop, const std::function<void(double)>& progress,
                     const std::function<void(const RunDetails&)>& write);

}
