// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/base/text.h"
#include "engine/core/metrics/significance.h"
#include "engine/core/store/run_store.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace descent {

/// One recipe, trained with one seed or several.
struct SeedGroup {
    struct Run {
        std::int64_t seed = 0;
        double value = 0; ///< finite
        bool operator==(const Run&) const = default;
    };
    std::vector<Run> runs; ///< by seed; runs without the figure are left out
};

/// What may be said of two recipes after some seeds, in one plain sentence.
struct SeedVerdict {
    Text sentence;
    std::optional<Text> warning;              ///< one seed decides, or there are too few
    std::optional<MeanDifference> difference; ///< second less first; none: too few runs to tell
};
/// Paired where every seed of one recipe was trained with the other too, else by Welch's test. A name is how each recipe is called.
SeedVerdict verdictOf(const SeedGroup& first, const SeedGroup& second, const std::string& firstName, const std::string& secondName,
                      const std::string& metric, bool higherIsBetter, double confidence = 0.95);

}
