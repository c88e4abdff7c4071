// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/descent/json.h"
#include "engine/core/run/advice.h"
#include "engine/core/run/preview.h"
#include "engine/core/store/run_store.h"

#include <vector>

namespace descent {

/// What can be said of a run's curves, as the store has them.
std::vector<Advice> adviceFor(RunStore& store, const RunDetails& run);

void printAdvice(const std::vector<Advice>& advice); ///< nothing where there is none
Json toJson(const std::vector<Advice>& advice);

/// The layers of a network as a table.
void printLayers(const LayerReport& report);
Json toJson(const LayerReport& report);

}
