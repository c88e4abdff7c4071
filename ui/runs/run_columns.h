// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/history/run_list.h"

#include <QString>

#include <string>
#include <vector>

namespace descent {

// Columns of the table of runs are fields of a query; "curve" is the loss curve.

QString columnTitle(const std::string& field);   ///< "Best validation"; of a setting its path
QString columnHelp(const std::string& field);    ///< a sentence; empty: the title says it
bool isNumberColumn(const std::string& field);   ///< stands at the right
int usualWidth(const std::string& field);        ///< pixels

/// What a run has there, as a person reads it.
QString cellText(const RunSummary& run, const RunField& field);
/// What the runs of a group have: what they share, else mean and spread, else how many values. `below`: the best, where there is one.
struct GroupText {
    QString text, below, help;
};
GroupText groupText(const RunGroup& group, const GroupCell& cell, const std::string& field);
/// "resnet18, demo": the values that a group's runs share.
QString groupTitle(const RunGroup& group, const std::vector<std::string>& groupBy);

/// Settings of recipes that may be shown as columns, grouped by or asked for.
std::vector<std::string> knownSettings();

}
