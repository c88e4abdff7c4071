// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/interchange/intake.h"
#include "engine/core/interchange/mlflow_meta.h"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace descent {

/// A run as MLflow keeps it, but for its metrics.
struct MlflowRun {
    std::string id; ///< 32 hexadecimal digits
    std::string experiment, name;
    std::string status = "RUNNING"; ///< SCHEDULED, RUNNING, FINISHED, FAILED, KILLED
    std::optional<std::int64_t> startedMs, endedMs; ///< since 1970, UTC
    std::map<std::string, std::string> params, tags;
};

/// What it is here: params are settings; of its tags "mlflow.…" and "descent.…" belong to the environment, but for the note and the name;
/// the others are tags, "team=vision", or "demo" where the value is empty.
ForeignRun runOf(const MlflowRun& mlflow);
/// Where it comes from, as the history remembers it: the same for a file store and a database, wherever they lie.
std::string mlflowSource(const std::string& id);

/// Exact to the millisecond, which a time since 1970 as a double is not. NaN where the run does not say when it began.
double secondsSince(std::optional<std::int64_t> startedMs, std::int64_t timestampMs);

/// The way back.
MlflowRun mlflowRunOf(const RunDetails& details);
/// It came from this history, and is there still.
bool isOurs(RunStore& store, const MlflowRun& mlflow);

/// All values of a run by their MLflow name, series by series, and each figure of its test as "test/NAME".
void eachMlflowSeries(RunStore& store, const RunDetails& details, const std::function<void(const std::string& name, std::vector<MlflowMetric> values)>& take);

}
