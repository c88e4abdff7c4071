// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/base/random.h"
#include "engine/core/data/preparation.h"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <map>
#include <numeric>
#include <span>

namespace descent {

const Schema& splitSchema()
{
    static const Schema schema{
        {.name = "validation",
         .label = "Validation",
         .help = "Share kept back to choose the best epoch, where the source has no part of its own for it; never learnt from.",
         .type = ParameterType::real,
         .defaultValue = 0.1,
         .minimum = 0,
         .maximum = 0.9,
         .aboveMinimum = true,
         .common = true},
        {.name = "test",
         .label = "Test",
         .help = "Share kept back to judge the best model, where the source has no test part of its own.",
         .type = ParameterType::real,
         .defaultValue = 0.1,
         .minimum = 0,
         .maximum = 0.9,
         .common = true},
        {.name = "stratified",
         .label = "Stratified",
         .help = "Each class keeps its share in every part.",
         .type = ParameterType::boolean,
         .defaultValue = true},
        {.name = "perClass",
         .label = "Samples a class",
         .help = "Learn from so many of each class alone, as where there are few; the others are left aside. 0 takes all.",
         .type = ParameterType::integer,
         .defaultValue = std::int64_t{0},
         .minimum = 0,
         .maximum = 1e6},
    };
    return schema;
}

namespace {

/// Deals the rows of one group to the three parts by their shares, in the order they come.
void deal(std::span<const std::int64_t> rows, double validation, double test, Split& split)
{
    const auto count = static_cast<double>(rows.size());
    const auto testCount = static_cast<std::size_t>(std::lround(count * test));
    const auto validationCount = std::min(static_cast<std::size_t>(std::lround(count * validation)), rows.size() - testCount);
    split.test.insert(split.test.end(), rows.begin(), rows.begin() + static_cast<std::ptrdiff_t>(testCount));
    rows = rows.subspan(testCount);
    split.validation.insert(split.validation.end(), rows.begin(), rows.begin() + static_cast<std::ptrdiff_t>(validationCount));
    rows = rows.subspan(validationCount);
    split.train.insert(split.train.end(), rows.begin(), rows.end());
}

/// Leaves `perClass` of each class, the first in the order they come, so that more of them are the same and others.
void keepFew(std::vector<std::int64_t>& rows, const Targets& targets, std::int64_t perClass)
{
    std::vector<std::int64_t> kept(targets.classNames.size());
    std::erase_if(rows, [&](std::int64_t row) {
        return ++kept[static_cast<std::size_t>(targets.classes[static_cast<std::size_t>(row)])] > perClass;
    });
}

/// The same proportions in whole: groups too small to be dealt by rounding alone are strung together, class after class,
/// and every k-th row of the string is taken, so that no part misses its size and no class is favoured.
void dealStratified(const std::vector<std::vector<std::int64_t>>& groups, double validation, double test, Split& split)
{
    // Bresenham over the whole string: a part gets a row whenever its share of the rows so far has grown by one.
    double testDue = 0.5, validationDue = 0.5;
    for (const auto& group : groups) {
        for (const std::int64_t row : group) {
            testDue += test;
            if (testDue >= 1) {
                testDue -= 1;
                split.test.push_back(row);
                continue;
            }
            // Rows that went to test are not offered here, so the share is of what is left.
            validationDue += test < 1 ? validation / (1 - test) : 0;
            if (validationDue >= 1) {
                validationDue -= 1;
                split.validation.push_back(row);
                continue;
            }
            split.train.push_back(row);
        }
    }
}

/// The first rows of the order are learnt from, the last are the test.
void dealInOrder(std::vector<std::int64_t> rows, const std::vector<double>& order, double validation, double test, Split& split)
{
    std::sort(rows.begin(), rows.end()); // rows of one moment stay as the source has them
    std::stable_sort(rows.begin(), rows.end(), [&](std::int64_t a, std::int64_t b) {
        return order[static_cast<std::size_t>(a)] < order[static_cast<std::size_t>(b)];
    });
    const auto count = static_cast<double>(rows.size());
    const auto tests = std::lround(count * test), validations = std::lround(count * validation);
    const auto testBegin = rows.end() - tests, validationBegin = testBegin - std::min<std::ptrdiff_t>(validations, testBegin - rows.begin());
    split.test.assign(testBegin, rows.end());
    split.validation.assign(validationBegin, testBegin);
    split.train.assign(rows.begin(), validationBegin);
}

/// Whole groups, in the order in which they are drawn, to the part that lacks most of its share.
void dealGroups(const std::vector<std::int64_t>& rows, const std::vector<std::int64_t>& group, double validation, double test, Split& split)
{
    std::map<std::int64_t, std::size_t> placeOf;
    std::vector<std::vector<std::int64_t>> groups;
    for (const std::int64_t row : rows) {
        const auto [found, isNew] = placeOf.try_emplace(group[static_cast<std::size_t>(row)], groups.size());
        if (isNew)
            groups.emplace_back();
        groups[found->second].push_back(row);
    }
    const auto count = static_cast<double>(rows.size());
    for (const auto& one : groups) {
        const auto lack = [&](const std::vector<std::int64_t>& part, double share) {
            return share * count - static_cast<double>(part.size());
        };
        const double ofTrain = lack(split.train, 1 - validation - test), ofValidation = lack(split.validation, validation),
                     ofTest = lack(split.test, test);
        auto& part = test > 0 && ofTest >= std::max(ofTrain, ofValidation)   ? split.test
            : validation > 0 && ofValidation >= ofTrain                      ? split.validation
                                                                             : split.train;
        part.insert(part.end(), one.begin(), one.end());
    }
    // Few large groups may leave a part without any: it takes the smallest of the one that has most.
    const auto fill = [&](std::vector<std::int64_t>& empty) {
        if (!empty.empty() || groups.size() < 3)
            return;
        const std::vector<std::int64_t>* smallest = nullptr;
        for (const auto& one : groups)
            if (std::find(split.train.begin(), split.train.end(), one.front()) != split.train.end()
                && (!smallest || one.size() < smallest->size()))
                smallest = &one;
        if (!smallest || smallest->size() == split.train.size())
            return;
        std::erase_if(split.train, [&](std::int64_t row) { return std::find(smallest->begin(), smallest->end(), row) != smallest->end(); });
        empty = *smallest;
    };
    if (validation > 0)
        fill(split.validation);
    if (test > 0)
        fill(split.test);
}

}

Result<Split> splitDataset(const Dataset& dataset, const Parameters& parameters, std::uint64_t seed, const SplitRules& rules)
{
    const bool ownValidation = !dataset.ownValidation.empty();
    const double validation = ownValidation ? 0 : realOf(splitSchema(), parameters, "validation");
    const bool ownTest = dataset.test && dataset.test->count() > 0;
    const double test = ownTest ? 0 : realOf(splitSchema(), parameters, "test");
    if (validation + test >= 1)
        return {std::nullopt,
                {{"split.validation",
                  text("validation and test take %1 % of the data: nothing is left to learn from",
                       std::lround(100 * (validation + test))),
                  text("choose shares that sum to well under 1")}}};

    const Targets& targets = dataset.train.targets;
    const std::int64_t perClass = integerOf(splitSchema(), parameters, "perClass");
    if (perClass > 0 && !targets.areClasses())
        return {std::nullopt, {{"split.perClass", text("there are no classes in this data"), text("leave it at 0")}}};
    std::vector<std::int64_t> rows(static_cast<std::size_t>(dataset.train.count()));
    std::iota(rows.begin(), rows.end(), std::int64_t{0});
    std::erase_if(rows, [&](std::int64_t row) {
        return std::binary_search(dataset.ownValidation.begin(), dataset.ownValidation.end(), row)
            || (!rules.without.empty() && rules.without[static_cast<std::size_t>(row)]);
    });
    Random random{derivedSeed(seed, "split")};
    random.shuffle(std::span{rows});

    Split split{.ownTest = ownTest};
    if (!rules.order.empty()) {
        dealInOrder(rows, rules.order, validation, test, split);
    } else if (!rules.group.empty()) {
        dealGroups(rows, rules.group, validation, test, split);
    } else if (targets.areClasses() && booleanOf(splitSchema(), parameters, "stratified")) {
        std::vector<std::vector<std::int64_t>> groups(targets.classNames.size());
        for (const std::int64_t row : rows)
            groups[static_cast<std::size_t>(targets.classes[static_cast<std::size_t>(row)])].push_back(row);
        dealStratified(groups, validation, test, split);
    } else {
        deal(rows, validation, test, split);
    }
    if (perClass > 0)
        keepFew(split.train, targets, perClass);
    if (ownValidation)
        std::copy_if(dataset.ownValidation.begin(), dataset.ownValidation.end(), std::back_inserter(split.validation),
                     [&](std::int64_t row) { return rules.without.empty() || !rules.without[static_cast<std::size_t>(row)]; });
    if (ownTest) {
        split.test.resize(static_cast<std::size_t>(dataset.test->count()));
        std::iota(split.test.begin(), split.test.end(), std::int64_t{0});
    }
    if (split.train.empty() || split.validation.empty())
        return {std::nullopt,
                {{"split.validation", text("%1 samples are too few to split", rows.size()),
                  text("add samples, or choose other shares")}}};
    // In the order of the source, so that a part does not depend on the order of the classes.
    for (auto* part : {&split.train, &split.validation, &split.test})
        std::sort(part->begin(), part->end());
    return {std::move(split), {}};
}

}
