// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/base/problem.h"
#include "engine/core/data/dataset.h"

#include <cstdint>
#include <map>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

namespace descent {

/// The parts of a COCO "instances" file that boxes need; outlines, captions and key points are passed over.
/// "Microsoft COCO: Common Objects in Context", arXiv:1405.0312; the format: https://cocodataset.org/#format-data
struct CocoInstances {
    struct Picture {
        std::string fileName;
        std::int64_t width = 0, height = 0; ///< 0 where it is not said
        std::vector<Box> boxes;             ///< classIndex into classNames; a place that is no number is NaN
    };
    std::vector<std::string> classNames;     ///< in the order of the categories' ids
    std::map<std::int64_t, Picture> pictures; ///< by their id
    Problems setAside;                       ///< entries that point nowhere, at most maximumSetAsideListed of them
    std::int64_t setAsideCount = 0;
};

/// Reads it from JSON. Problems: not well formed, a list is missing. Throws Cancelled.
Result<CocoInstances> parseCocoInstances(std::string_view json, const std::stop_token& stop = {});

}
