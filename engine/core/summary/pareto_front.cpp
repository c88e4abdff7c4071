// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/summary/pareto_front.h"

#include <algorithm>
#include <cmath>
#include <stdexcept>

namespace descent {

std::vector<std::size_t> paretoFront(std::span<const double> x, std::span<const double> y, bool higherXIsBetter, bool higherYIsBetter)
{
    if (x.size() != y.size())
        throw std::invalid_argument{"a front of unlike columns"};
    const double signX = higherXIsBetter ? -1 : 1, signY = higherYIsBetter ? -1 : 1; // less is better from here on
    std::vector<std::size_t> order;
    for (std::size_t i = 0; i < x.size(); ++i)
        if (!std::isnan(x[i]) && !std::isnan(y[i]))
            order.push_back(i);
    std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
        return x[a] != x[b] ? signX * x[a] < signX * x[b] : y[a] != y[b] ? signY * y[a] < signY * y[b] : a < b;
    });
    std::vector<std::size_t> front;
    for (const std::size_t i : order)
        if (front.empty() || signY * y[i] < signY * y[front.back()] || (x[i] == x[front.back()] && y[i] == y[front.back()]))
            front.push_back(i);
    return front;
}

}
