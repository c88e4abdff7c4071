// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/interchange/exported_runs.h"

#include "engine/core/base/problem.h"

namespace descent {

RunDetails exportedRun(RunStore& store, RunId run)
{
    std::optional<RunDetails> details = store.run(run);
    if (!details)
        throw StoreError{text("there is no run %1", run)};
    return std::move(*details);
}

void eachExportedRun(RunStore& store, std::span<const RunId> runs, const std::stop_token& stop, const std::function<void(double)>& progress,
                     const std::function<void(const RunDetails&)>& write)
{
    std::size_t done = 0;
    for (const RunId run : runs) {
        if (stop.stop_requested())
            throw Cancelled{};
        write(exportedRun(store, run));
        if (progress)
            progress(static_cast<double>(++done) / static_cast<double>(runs.size()));
    }
}

}
