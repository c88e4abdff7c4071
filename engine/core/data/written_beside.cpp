// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/data/written_beside.h"

#include <algorithm>
#include <cmath>

namespace descent {

std::string writtenBeside(const PicturesAndMore& both, std::int64_t row)
{
    const auto i = static_cast<std::size_t>(row);
    if (both.captions)
        return both.captions->texts[i];
    if (!both.table)
        return {};
    constexpr std::size_t shown = 4;
    std::string text;
    for (std::size_t c = 0; c < std::min(shown, both.table->columns.size()); ++c) {
        const Column& column = both.table->columns[c];
        std::string value = "?";
        if (column.categorical && column.codes[i] >= 0)
            value = column.categories[static_cast<std::size_t>(column.codes[i])];
        else if (!column.categorical && std::isfinite(column.numbers[i]))
            value = fmt::format("{:.4g}", column.numbers[i]);
        text += (text.empty() ? "" : ", ") + column.name + " " + value;
    }
    return text;
}

}
