// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/history/run_fields.h"

#include <cstddef>
#include <map>
#include <optional>
#include <set>
#include <stop_token>
#include <string>
#include <vector>

namespace descent {

struct RunOrder {
    std::string field;
    bool descending = false;
    bool operator==(const RunOrder&) const = default;
};

/// Which runs a person wants to see, and how.
struct RunWish {
    enum class Place { present, starred, archived, trash }; ///< present: neither archived nor in the trash
    Place place = Place::present;
    std::string experiment;             ///< and those below it, "vision/small" below "vision"; empty: any
    std::optional<RunStatus> status;    ///< none: any
    RunQuery query;
    std::vector<RunOrder> order;        ///< the first counts most; empty: newest first. What has no value comes last either way
    std::vector<std::string> groupBy;   ///< fields; empty: no groups
    std::vector<std::string> columns;   ///< fields that are told of each group
    std::set<std::string> open;         ///< keys of the groups whose runs are listed
};

/// A field over the runs of a group.
struct GroupCell {
    RunValue common;           ///< what all of them have; nothing where they differ
    std::size_t different = 0; ///< values, where they differ
    std::size_t count = 0;     ///< of finite numbers, which the following are of
    double mean = 0, deviation = 0, low = 0, high = 0; ///< deviation: of the sample, n - 1
};
struct RunGroup {
    std::string key;                ///< for RunWish::open
    std::vector<RunValue> values;   ///< of groupBy
    std::vector<GroupCell> cells;   ///< of RunWish::columns
    std::vector<SharedRun> runs;    ///< in order
    bool open = false;
};

/// What a table shows, from top to bottom.
struct RunList {
    struct Row {
        SharedRun run;            ///< null: the head of its group
        std::int32_t group = -1;  ///< -1: of none
    };
    std::vector<Row> rows;
    std::vector<RunGroup> groups;
    std::size_t fitting = 0; ///< runs, those of closed groups too
    std::size_t inPlace = 0; ///< runs of the place and experiment, whether they fit or not
};

/// Runs that have the same under all of these fields, in the order of each group's first: keys, values and runs. settings: see listRuns().
std::vector<RunGroup> groupRuns(const std::vector<SharedRun>& runs, const std::vector<std::string>& by, const std::map<std::string, SharedSettings>& settings,
                                WallTime now);

/// settings: of the fields that are such, by their paths; of one that is missing no run has a value. trash: whether `runs` are those.
/// Stopped, it returns early with what nobody is to look at.
RunList listRuns(const RunSet& runs, const RunWish& wish, const std::map<std::string, SharedSettings>& settings, WallTime now,
                 const std::stop_token& stop = {});

/// Settings among all the fields that a wish asks for.
std::vector<std::string> settingsOf(const RunWish& wish);

/// How many runs there are in each experiment and above it: "vision" counts those of "vision/small".
std::map<std::string, std::size_t> experimentSizes(const RunSet& runs, RunWish::Place place);

/// Whether a run is to be looked for there.
bool isIn(const RunSummary& run, RunWish::Place place);

}
