// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/queue/queue_model.h"

#include <vector>

namespace descent {

class QueueSession;
class RunHistory;

/// The queue in words: of each entry its name, what it differs by, how far it is and how it ended.
std::vector<QueueRow> queueRows(const QueueSession& session, const RunHistory& history);

/// "Learning rate 0.01, Seed 2": settings by their labels, where the recipe's schemas name them.
QString settingsText(const std::vector<GridSetting>& settings);

}
