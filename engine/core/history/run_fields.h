// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/history/run_query.h"
#include "engine/core/store/run_store.h"

#include <string>
#include <string_view>
#include <vector>

namespace descent {

// What a run has under the names of a RunQuery:
//
//   name, experiment, status, dataset, architecture, task, note, tag, id, parent
//   created, ended (days), age, duration (seconds), epoch, step, parameters
//   accuracy, loss, …     a figure of the test, else of the best epoch on validation, else the last
//   best.SERIES, last.SERIES, test.METRIC
//   training.learningRate, architecture.width, …    settings of its recipe: RunStore::settings()

/// Whether `name` is a setting of the recipe, which the summary of a run does not hold.
bool isSetting(std::string_view name);

/// "" is all that is written about it. `now`: what its age is counted to.
RunValue fieldOf(const RunSummary& run, std::string_view name, WallTime now);

/// The names that some run has something under, with their most frequent values; settings are left out.
std::vector<QueryField> queryFields(const std::vector<RunSummary>& runs);

/// Whether a run fits. settings: by the query's fields, what each run has there; null where the field is no setting.
bool fits(const RunSummary& run, const RunQuery& query, const std::vector<const RunSettings*>& settings, WallTime now);

/// The runs that fit, in their order; settings are looked up in the store.
std::vector<RunSummary> fitting(std::vector<RunSummary> runs, const RunQuery& query, RunStore& store);

}
