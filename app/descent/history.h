// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/descent/text_chart.h"
#include "engine/core/job/finished_run.h"
#include "engine/core/history/family.h"
#include "engine/core/history/run_query.h"
#include "engine/core/store/run_store.h"

#include <memory>
#include <set>
#include <stop_token>
#include <string>
#include <utility>
#include <vector>

namespace descent {

/// The history in the user's data folder. Throws StoreError.
RunStore openHistory();

/// What help texts say of RUN.
inline constexpr char runHelp[] = "a run's number or name, or \"last\"";

/// The runs that `names` mean among `runs` (newest first): a number, a name that only one run has, or "last".
/// Throws BadInput with all that is wrong: none, or several of that name.
std::vector<RunSummary> findRuns(const std::vector<RunSummary>& runs, const std::vector<std::string>& names);

/// What `--where` says. Throws BadInput with the place of what is wrong.
RunQuery parsedQuery(const std::string& where);
/// The runs that fit it, archived ones among them.
std::set<RunId> runsWhere(RunStore& store, const std::string& where);

/// The best network of the run that `name` means, ready to be asked. Throws BadInput where there is none, Cancelled.
std::unique_ptr<FinishedRun> openFinishedRun(const std::string& name, const std::stop_token& stop);

/// A series of a run as a line of a chart over steps.
ChartLine curveOf(RunStore& store, RunId run, const std::string& series, const std::string& label);

/// The figure the task goes by, with its name: of the test where there is one, else the best of validation; or empty.
std::string headline(const RunSummary& run);

/// A family, a line a run, drawn as a tree: "├─ 12 Name".
std::vector<std::pair<std::string, FamilyMember>> familyLines(const std::vector<FamilyMember>& family, bool unicode);

std::string joined(const std::vector<std::string>& words); ///< "a, b, c"

}
