// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace descent {

// How far one column of figures goes along with another, and how often chance alone would make it so. Everything rests on ranks, so
// one figure that went astray changes little.

/// strength is a correlation's, so that both kinds stand beside each other.
struct Association {
    double strength = 0;  ///< 0 to 1; NaN where either side is all the same
    double direction = 0; ///< -1 to 1; 0 of groups, which have none
    double pValue = 1;    ///< exact over all orders of up to eight values, else by the statistic's known distribution
};

/// Spearman's rank correlation; beyond eight values its p-value by Student's t. Throws std::invalid_argument: unlike lengths, or NaN.
Association rankAssociation(std::span<const double> first, std::span<const double> second);

/// Kruskal and Wallis, corrected for ties; beyond eight values its p-value by chi squared. doi:10.1080/01621459.1952.10483441
/// strength: the root of eta squared of H, (H - k + 1) / (n - k), by Tomczak and Tomczak (2014), which grows not with the number of
/// groups. groups: to which each value belongs, any numbers. Throws likewise.
Association groupAssociation(std::span<const std::size_t> groups, std::span<const double> values);

/// p-values corrected by Holm (1979) for there being several, in their order: with NaN for those that are NaN, which count for nothing.
std::vector<double> holmAdjusted(std::span<const double> pValues);

}
