// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/descent/json.h"
#include "engine/core/history/runs_view.h"

#include <string>
#include <vector>

namespace descent {

// Fields of a query as columns in a terminal; "curve" is the loss curve.

std::string headingOf(const std::string& field);                             ///< "TEST", "TRAINING.LEARNINGRATE"
std::string cellOf(const RunSummary& run, const RunField& field);            ///< as a person reads it
std::string cellOf(const RunGroup& group, const GroupCell& cell, const std::string& field); ///< what is shared, or mean and deviation
std::string titleOf(const RunGroup& group);                                  ///< "resnet18, 0.01"

/// {"by": {…}, "runs": [ids], "columns": {FIELD: value, or {"count", "mean", "deviation", "low", "high"}}}
Json toJson(const RunGroup& group, const RunWish& wish);

}
