// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/data/cleaned_split.h"

#include "engine/core/data/sample_prints.h"
#include "engine/core/data/time_text.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

namespace descent {

namespace {

bool asks(const PreparationSettings& settings, std::string_view step)
{
    return textOf(cleaningSchema(), settings.cleaning.samples, step) == "set-aside";
}

void setGapsAside(const Samples& samples, const PreparationSettings& settings, std::vector<SetAside>& why)
{
    const auto* table = std::get_if<Table>(&samples.inputs);
    if (!table)
        return;
    for (const Column& one : table->columns) {
        const ColumnPlan plan = planOf(one, table->count, settings.cleaning, settings.preprocessing);
        if (plan.role == ColumnPlan::Role::ignore || plan.missing != ColumnPlan::Missing::setAside)
            continue;
        Column scratch;
        const Column& column = typed(one, plan.categorical, scratch);
        for (std::size_t row = 0; row < why.size(); ++row)
            if (column.categorical ? column.codes[row] < 0 : !std::isfinite(column.numbers[row]))
                why[row] = SetAside::missing;
    }
}

}

std::vector<double> orderOf(const Column& column)
{
    if (!column.categorical)
        return {column.numbers.begin(), column.numbers.end()};
    std::vector<double> ofCategory(column.categories.size());
    const std::vector<std::string_view> cells(column.categories.begin(), column.categories.end());
    if (const auto format = guessTimeFormat(cells, false)) {
        for (std::size_t i = 0; i < cells.size(); ++i) {
            const auto time = parseTime(cells[i], format->format);
            ofCategory[i] = time ? static_cast<double>(*time) : NAN;
        }
    } else {
        std::vector<std::size_t> sorted(cells.size());
        std::iota(sorted.begin(), sorted.end(), std::size_t{0});
        std::sort(sorted.begin(), sorted.end(), [&](std::size_t a, std::size_t b) { return cells[a] < cells[b]; });
        for (std::size_t i = 0; i < sorted.size(); ++i)
            ofCategory[sorted[i]] = static_cast<double>(i);
    }
    std::vector<double> order;
    order.reserve(column.codes.size());
    for (const std::int32_t code : column.codes)
        order.push_back(code < 0 ? NAN : ofCategory[static_cast<std::size_t>(code)]);
    return order;
}

namespace {

/// Rows without a group are one each.
std::vector<std::int64_t> groupsOf(const Column& column)
{
    Column scratch;
    const Column& names = typed(column, true, scratch);
    std::vector<std::int64_t> groups(names.codes.begin(), names.codes.end());
    std::int64_t next = static_cast<std::int64_t>(names.categories.size());
    for (std::int64_t& group : groups)
        if (group < 0)
            group = next++;
    return groups;
}

void readRules(const Dataset& dataset, const PreparationSettings& settings, std::vector<SetAside>& why, SplitRules& rules)
{
    const auto* table = std::get_if<Table>(&dataset.train.inputs);
    if (!table)
        return;
    for (const Column& column : table->columns) {
        const ColumnPlan::Role role = planOf(column, table->count, settings.cleaning, settings.preprocessing).role;
        if (role == ColumnPlan::Role::group)
            rules.group = groupsOf(column);
        if (role != ColumnPlan::Role::order)
            continue;
        rules.order = orderOf(column);
        for (std::size_t row = 0; row < why.size(); ++row)
            if (std::isnan(rules.order[row]))
                why[row] = SetAside::noOrder;
    }
}

/// Repeats and contradictions among what is not set aside yet.
void setRepeatsAside(const Dataset& dataset, const std::vector<SamplePrint>& prints, bool duplicates, bool conflicting,
                     std::vector<SetAside>& why)
{
    std::vector<std::size_t> order;
    for (std::size_t row = 0; row < why.size(); ++row)
        if (why[row] == SetAside::no)
            order.push_back(row);
    std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return std::tie(prints[a], a) < std::tie(prints[b], b); });
    for (std::size_t begin = 0; begin < order.size();) {
        std::size_t end = begin + 1;
        while (end < order.size() && prints[order[end]] == prints[order[begin]])
            ++end;
        const std::uint64_t target = targetPrint(dataset.train.targets, order[begin]);
        const bool differ = std::any_of(order.begin() + static_cast<std::ptrdiff_t>(begin), order.begin() + static_cast<std::ptrdiff_t>(end),
                                        [&](std::size_t row) { return targetPrint(dataset.train.targets, row) != target; });
        std::vector<std::uint64_t> seen; // targets of this group
        for (std::size_t i = begin; i < end; ++i) {
            const std::uint64_t own = targetPrint(dataset.train.targets, order[i]);
            if (differ && conflicting)
                why[order[i]] = SetAside::conflicting;
            else if (duplicates && std::find(seen.begin(), seen.end(), own) != seen.end())
                why[order[i]] = SetAside::duplicate;
            else if (seen.size() < 64)
                seen.push_back(own);
        }
        begin = end;
    }
}

void setLeakedAside(const Dataset& dataset, const PreparationSettings& settings, const std::vector<SamplePrint>& prints,
                    const std::stop_token& stop, std::vector<SetAside>& why)
{
    std::vector<SamplePrint> tested = samplePrints(*dataset.test, settings, stop);
    std::sort(tested.begin(), tested.end());
    for (std::size_t row = 0; row < why.size(); ++row)
        if (why[row] == SetAside::no && std::binary_search(tested.begin(), tested.end(), prints[row]))
            why[row] = SetAside::leaked;
}

void setOutliersAside(const Table& table, const PreparationSettings& settings, CleanedSplit& cleaned)
{
    for (const Column& one : table.columns) {
        const ColumnPlan plan = planOf(one, table.count, settings.cleaning, settings.preprocessing);
        if (plan.role != ColumnPlan::Role::feature || plan.categorical || plan.outliers != ColumnPlan::Outliers::setAside)
            continue;
        Column scratch;
        const Column& column = typed(one, false, scratch);
        const OutlierLimits limits = outlierLimits(column, cleaned.split.train, settings.cleaning);
        for (const std::int64_t row : cleaned.split.train) {
            const float value = column.numbers[static_cast<std::size_t>(row)];
            if (value < limits.low || value > limits.high)
                cleaned.train[static_cast<std::size_t>(row)] = SetAside::outlier;
        }
    }
    std::erase_if(cleaned.split.train, [&](std::int64_t row) { return cleaned.train[static_cast<std::size_t>(row)] == SetAside::outlier; });
}

}

Text reasonOf(SetAside why)
{
    switch (why) {
    case SetAside::no: break;
    case SetAside::missing: return text("a gap in a column that may have none");
    case SetAside::noOrder: return text("no place in the order");
    case SetAside::duplicate: return text("repeated");
    case SetAside::near: return text("nearly the same as another");
    case SetAside::conflicting: return text("alike with different targets");
    case SetAside::leaked: return text("in the test part as well");
    case SetAside::outlier: return text("far out, so not learnt from");
    }
    return {};
}

std::int64_t CleanedSplit::count(SetAside why) const
{
    return std::count(train.begin(), train.end(), why) + std::count(test.begin(), test.end(), why);
}

Result<CleanedSplit> cleanAndSplit(const Dataset& dataset, const PreparationSettings& settings, const LoadControl& control)
{
    CleanedSplit cleaned;
    SplitRules rules;
    if (!settings.cleaning.empty()) {
        cleaned.train.resize(static_cast<std::size_t>(dataset.train.count()), SetAside::no);
        readRules(dataset, settings, cleaned.train, rules);
        setGapsAside(dataset.train, settings, cleaned.train);
        if (dataset.test) {
            cleaned.test.resize(static_cast<std::size_t>(dataset.test->count()), SetAside::no);
            setGapsAside(*dataset.test, settings, cleaned.test);
        }
        const bool duplicates = asks(settings, "duplicates"), conflicting = asks(settings, "conflicting"), near = asks(settings, "near");
        const bool leaked = asks(settings, "leaked") && dataset.test;
        const std::vector<SamplePrint> prints = duplicates || conflicting || near || leaked
            ? samplePrints(dataset.train, settings, control.stop)
            : std::vector<SamplePrint>{};
        if (!prints.empty() && leaked)
            setLeakedAside(dataset, settings, prints, control.stop, cleaned.train);
        if (!prints.empty() && (duplicates || conflicting))
            setRepeatsAside(dataset, prints, duplicates, conflicting, cleaned.train);
        if (const auto* pictures = std::get_if<PictureArray>(&dataset.train.inputs); pictures && near) {
            const std::vector<std::int64_t> first = nearlySame(pictureLooks(*pictures, control.stop), prints, control.stop);
            for (std::size_t row = 0; row < first.size(); ++row)
                if (cleaned.train[row] == SetAside::no && first[row] >= 0)
                    cleaned.train[row] = SetAside::near;
        }
        if (std::any_of(cleaned.train.begin(), cleaned.train.end(), [](SetAside why) { return why != SetAside::no; }))
            for (const SetAside why : cleaned.train)
                rules.without.push_back(why != SetAside::no);
    }
    Result<Split> split = splitDataset(dataset, settings.split, settings.seed, rules);
    if (!split)
        return {std::nullopt, std::move(split.problems)};
    cleaned.split = std::move(*split.value);
    if (!settings.cleaning.empty()) {
        if (cleaned.split.ownTest)
            std::erase_if(cleaned.split.test, [&](std::int64_t row) { return cleaned.test[static_cast<std::size_t>(row)] != SetAside::no; });
        if (const auto* table = std::get_if<Table>(&dataset.train.inputs))
            setOutliersAside(*table, settings, cleaned);
    }
    Problems told;
    for (const SetAside why : {SetAside::missing, SetAside::noOrder, SetAside::duplicate, SetAside::near, SetAside::conflicting,
                               SetAside::leaked, SetAside::outlier})
        if (const std::int64_t count = cleaned.count(why); count > 0)
            told.push_back({"cleaning", reasonOf(why), text("%1 samples are set aside", count)});
    if (cleaned.split.train.empty())
        return {std::nullopt, {{"cleaning", text("every sample to learn from is set aside"), text("keep more: see what the steps of cleaning take")}}};
    return {std::move(cleaned), std::move(told)};
}

}
