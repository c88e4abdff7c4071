// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/summary/explanation.h"
#include "engine/core/summary/standing.h"

#include <memory>
#include <optional>
#include <string>

namespace descent {

/// All that is worked out of a selection before it is drawn.
struct SelectionSummary {
    std::shared_ptr<const FigureTable> table; ///< never null once there is one
    std::string figure;                       ///< what is asked about
    Explanation explanation;
    std::optional<Standing> standing;
};

/// figure: one that the table lacks, "" for instance, means its primary.
SelectionSummary summaryOf(std::shared_ptr<const FigureTable> table, std::string figure);

}
