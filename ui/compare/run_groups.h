// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/history/run_history.h"
#include "ui/summary/field_picker.h"

#include <QString>

#include <string>
#include <vector>

namespace descent {

/// Runs that are drawn as one mean.
struct MeanGroup {
    QString name; ///< no other has it
    std::vector<RunId> runs;
};
std::vector<MeanGroup> meanGroups(const RunGrouping& grouping);

/// What runs may be grouped by: words that every run has, then what tells these from each other.
std::vector<FieldPicker::Field> groupFields(const DifferingSettings& settings);

}
