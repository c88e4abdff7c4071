// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/data/split_by_person.h"

#include "engine/core/base/random.h"

#include <algorithm>
#include <cmath>
#include <stdexcept>

namespace descent {

namespace {

struct Shares {
    std::int64_t validation = 0, test = 0;
};

Shares sharesOf(std::int64_t classes, const Parameters& split)
{
    const auto count = [&](const char* share) {
        return std::llround(static_cast<double>(classes) * realOf(splitSchema(), split, share));
    };
    return {count("validation"), count("test")};
}

}

std::int64_t classesLearnt(std::int64_t classes, const Parameters& split)
{
    const Shares shares = sharesOf(classes, split);
    return std::max<std::int64_t>(0, classes - shares.validation - shares.test);
}

Result<Split> splitByClass(const Dataset& dataset, const Parameters& parameters, std::uint64_t seed)
{
    const Targets& targets = dataset.train.targets;
    if (!targets.areClasses())
        throw std::invalid_argument{"a split by classes of samples without any"};
    std::vector<std::int64_t> counts(targets.classNames.size());
    for (const std::int64_t label : targets.classes)
        ++counts[static_cast<std::size_t>(label)];
    std::vector<std::int64_t> classes; // that occur
    for (std::size_t i = 0; i < counts.size(); ++i)
        if (counts[i] > 0)
            classes.push_back(static_cast<std::int64_t>(i));
    Random random{derivedSeed(seed, "people")};
    random.shuffle(std::span<std::int64_t>{classes});

    const auto shares = sharesOf(static_cast<std::int64_t>(classes.size()), parameters);
    const std::int64_t learnt = static_cast<std::int64_t>(classes.size()) - shares.validation - shares.test;
    const auto tooFew = [&](const char* path) {
        return Problem{path, text("%1 people are too few to keep some for validation and test and learn from the others", classes.size()),
                       text("add people, or choose other shares: each part needs two at least, one of them with two pictures")};
    };
    if (learnt < 2 || shares.validation < 2)
        return {std::nullopt, {tooFew("split.validation")}};
    if (shares.test == 1)
        return {std::nullopt, {tooFew("split.test")}};

    enum Part : std::uint8_t { train, validation, test };
    std::vector<Part> partOf(counts.size(), train);
    bool pairs[3] = {false, false, false};
    for (std::size_t i = 0; i < classes.size(); ++i) {
        const auto place = static_cast<std::int64_t>(i);
        const Part part = place < shares.test ? test : place < shares.test + shares.validation ? validation : train;
        partOf[static_cast<std::size_t>(classes[i])] = part;
        pairs[part] = pairs[part] || counts[static_cast<std::size_t>(classes[i])] > 1;
    }
    if (!pairs[validation] || (shares.test > 0 && !pairs[test]))
        return {std::nullopt, {tooFew("split.validation")}};
    Split split;
    for (std::size_t row = 0; row < targets.classes.size(); ++row) {
        const Part part = partOf[static_cast<std::size_t>(targets.classes[row])];
        (part == test ? split.test : part == validation ? split.validation : split.train).push_back(static_cast<std::int64_t>(row));
    }
    return {std::move(split), {}};
}

}
