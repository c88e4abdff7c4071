// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/store/run_store.h"

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace descent {

/// What a person said of figures of which nothing else says it, by the metric's name ("fid"): whether higher is better.
using Directions = std::map<std::string, bool>;

struct Direction {
    bool higherIsBetter = true;
    bool isKnown = false; ///< else guessed
};

/// The metric behind a figure: "accuracy" of "test.accuracy" and of "best.accuracy/validation".
std::string metricOf(std::string_view figure);

/// Which way is better of a figure: as a person said; by the metric's kind; by the runs whose primary metric it is; by words in its name
/// ("val_acc", "fid"). Else higher is taken for better.
Direction directionOf(const std::string& figure, const std::vector<RunDetails>& runs, const Directions& said = {});

}
