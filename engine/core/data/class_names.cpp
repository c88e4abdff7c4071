// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/data/class_names.h"

#include "engine/core/data/csv.h"

#include <algorithm>
#include <numeric>

namespace descent {

void sortClasses(Targets& targets)
{
    std::vector<std::size_t> order(targets.classNames.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
        const auto x = parseNumber(targets.classNames[a]), y = parseNumber(targets.classNames[b]);
        // Numbers first: were each pair compared in its own way, "10" < "1a" < "9" < "10" would be a circle.
        if (x.has_value() != y.has_value())
            return x.has_value();
        return x && *x != *y ? *x < *y : targets.classNames[a] < targets.classNames[b];
    });
    std::vector<std::string> names;
    std::vector<std::int64_t> rank(order.size());
    for (std::size_t i = 0; i < order.size(); ++i) {
        names.push_back(targets.classNames[order[i]]);
        rank[order[i]] = static_cast<std::int64_t>(i);
    }
    targets.classNames = std::move(names);
    for (std::int64_t& label : targets.classes)
        label = rank[static_cast<std::size_t>(label)];
}

}
