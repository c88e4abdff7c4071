// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/history/run_query.h"
#include "engine/core/history/run_set.h"
#include "engine/core/store/run_store.h"

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace descent {

// What a run has under the names of a RunQuery:
//
//   name, experiment, status, dataset, architecture, task, note, tag, id, parent, starred, archived (true or false)
//   created, ended (days), age, duration (seconds), epoch, step, parameters
//   accuracy, loss, …     a figure of the test, else of the best epoch on validation, else the last
//   test, validation      its primary metric, on the test and of the best epoch
//   best.SERIES, last.SERIES, test.METRIC
//   training.learningRate, architecture.width, …    settings of its recipe: RunStore::settings()
//   recipe                a number that runs share whose recipes differ in name and seed alone; a setting too

/// Whether `name` is a setting of the recipe, which the summary of a run does not hold.
bool isSetting(std::string_view name);

using SharedSettings = std::shared_ptr<const RunSettings>;

/// A name that many runs are asked for: looked up once.
class RunField {
public:
    /// settings: what each run has, where the name is a setting; null: it is none, or they are not there yet.
    explicit RunField(std::string name, SharedSettings settings = {});
    const std::string& name() const { return m_name; }
    /// `now`: what a run's age is counted to.
    RunValue of(const RunSummary& run, WallTime now) const;

private:
    std::string m_name;
    SharedSettings m_settings;
    std::function<RunValue(const RunSummary&, WallTime)> m_read;
};

/// "" is all that is written about it.
RunValue fieldOf(const RunSummary& run, std::string_view name, WallTime now);

/// Whether more is better of the figure of this name, as of "accuracy" and "best.accuracy/validation"; false where nothing is known of it.
bool isBetterHigher(std::string_view name);

/// The names that some run has something under, with their most frequent values; settings are left out.
std::vector<QueryField> queryFields(const RunSet& runs);

/// Whether a run fits. fields: those of the query, in its order.
bool fits(const RunSummary& run, const RunQuery& query, const std::vector<RunField>& fields, WallTime now);

}
