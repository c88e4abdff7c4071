// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/summary/selection_summary.h"

namespace descent {

SelectionSummary summaryOf(std::shared_ptr<const FigureTable> table, std::string figure)
{
    if (!table->find(figure))
        figure = table->primary;
    SelectionSummary summary{.table = std::move(table), .figure = std::move(figure), .explanation = {}, .standing = {}};
    if (const FigureColumn* column = summary.table->find(summary.figure); column && column->isNumber) {
        summary.explanation = explain(*summary.table, *column);
        summary.standing = standingOf(*summary.table, *column);
    }
    return summary;
}

}
