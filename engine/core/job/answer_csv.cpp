// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/job/answer_csv.h"

#include "engine/core/data/csv.h"
#include "engine/core/data/time_text.h"

#include <fmt/format.h>

#include <algorithm>

namespace descent {

std::string csvOf(const SamplesAnswer& answer, const Targets& targets)
{
    std::string csv = csvCell(targets.name.empty() ? "prediction" : targets.name);
    if (targets.areClasses())
        for (const std::string& name : targets.classNames)
            csv += ',' + csvCell("p(" + name + ")");
    csv += "\n";
    const auto width = static_cast<std::size_t>(answer.width);
    for (std::size_t at = 0; at + width <= answer.values.size(); at += width) {
        const auto begin = answer.values.begin() + static_cast<std::ptrdiff_t>(at), end = begin + static_cast<std::ptrdiff_t>(width);
        if (targets.areClasses()) {
            csv += csvCell(targets.classNames[static_cast<std::size_t>(std::max_element(begin, end) - begin)]);
            for (auto value = begin; value != end; ++value)
                csv += fmt::format(",{:.6g}", *value);
        } else {
            csv += fmt::format("{}", *begin);
        }
        csv += "\n";
    }
    return csv;
}

std::string csvOf(const ForecastAnswer& answer)
{
    std::string csv = answer.seconds.empty() ? "step" : "time";
    for (const std::string& name : answer.names)
        csv += ',' + csvCell(name);
    csv += "\n";
    const std::size_t columns = answer.names.size();
    for (std::size_t step = 0; step * columns < answer.values.size(); ++step) {
        csv += answer.seconds.empty() ? std::to_string(answer.firstStep + static_cast<std::int64_t>(step)) : writtenTime(answer.seconds[step]);
        for (std::size_t column = 0; column < columns; ++column)
            csv += fmt::format(",{}", answer.values[step * columns + column]);
        csv += "\n";
    }
    return csv;
}

}
