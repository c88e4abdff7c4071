// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/history/run_set.h"

#include <QStringList>

#include <vector>

class QMenu;

namespace descent {

class RunEdits;

/// What can be done to any number of runs: star, tags, colour, folder, archive. Fills `menu`.
/// experiments: folders there are.
void addRunEdits(QMenu& menu, RunEdits& edits, const RunSet& all, const std::vector<RunId>& runs, const QStringList& experiments);

}
