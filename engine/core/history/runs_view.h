// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/base/problem.h"
#include "engine/core/history/run_list.h"

#include <string>
#include <string_view>
#include <vector>

namespace descent {

/// How a person looks at the table of runs: kept in the history under a name, shared by window and command line.
struct RunsView {
    struct Column {
        std::string field; ///< as in a query; "curve" is the loss curve
        int width = 0;     ///< pixels; 0: as wide as usual
        bool operator==(const Column&) const = default;
    };
    std::vector<Column> columns;      ///< from left to right
    int pinned = 1;                   ///< of them, those that stay when the table is moved sideways
    std::string query, experiment;
    std::vector<RunOrder> order;
    std::vector<std::string> groupBy;
    bool operator==(const RunsView&) const = default;
};

/// What a person sees who has chosen nothing.
RunsView usualView();

std::string toJson(const RunsView& view);
/// Problems name the key; what is not there is as usual.
Result<RunsView> runsViewFromJson(std::string_view json);

}
