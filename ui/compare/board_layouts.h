// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/summary/chart_spec.h"

#include <map>

namespace descent {

/// The arrangements of charts that a person keeps.
struct BoardLayouts {
    std::map<QString, std::vector<ChartSpec>> named;
    std::optional<std::vector<ChartSpec>> last; ///< as the board was left; none: nothing was arranged, the charts are suggested
    bool operator==(const BoardLayouts&) const = default;
};

QByteArray toJson(const BoardLayouts& layouts);
/// Charts of no known kind are left out; what is no JSON gives none.
BoardLayouts layoutsFromJson(const QByteArray& json);

}
