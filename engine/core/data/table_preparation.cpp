// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/data/csv.h"
#include "engine/core/data/preparation.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <unordered_map>

namespace descent {

namespace {

using Rows = std::vector<std::int64_t>;
using Prepared = TablePreparation::ColumnPreparation;

constexpr std::int64_t hashedFeatures = 16;
constexpr char gapCategory[] = "(missing)"; // the name of the feature that says a category was missing

/// FNV-1a: the same on every machine, so that a stored preparation hashes alike.
std::uint64_t hashOf(std::string_view text)
{
    std::uint64_t hash = 0xcbf29ce484222325u;
    for (const char c : text)
        hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3u;
    return hash ^ (hash >> 29);
}

/// By size where all are numbers, else by their bytes.
void sortCategories(std::vector<std::string>& categories)
{
    const bool numbers = std::all_of(categories.begin(), categories.end(), [](const auto& one) { return parseNumber(one).has_value(); });
    std::stable_sort(categories.begin(), categories.end(), [&](const std::string& a, const std::string& b) {
        return numbers ? *parseNumber(a) < *parseNumber(b) : a < b;
    });
}

/// For each code of `column` the number that stands for it: the place of its category, NaN where it is not known.
std::vector<float> placesOf(const Column& column, const std::vector<std::string>& categories)
{
    std::unordered_map<std::string_view, float> placeOf;
    for (std::size_t i = 0; i < categories.size(); ++i)
        placeOf.emplace(categories[i], static_cast<float>(i));
    std::vector<float> places;
    for (const std::string& category : column.categories) {
        const auto found = placeOf.find(category);
        places.push_back(found == placeOf.end() ? NAN : found->second);
    }
    return places;
}

std::vector<float> numbersOf(const Column& column, const std::vector<std::string>& categories)
{
    const std::vector<float> places = placesOf(column, categories);
    std::vector<float> numbers;
    numbers.reserve(column.codes.size());
    for (const std::int32_t code : column.codes)
        numbers.push_back(code < 0 ? NAN : places[static_cast<std::size_t>(code)]);
    return numbers;
}

double middleOf(std::vector<float> values)
{
    const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
    std::nth_element(values.begin(), middle, values.end());
    const double upper = *middle;
    return values.size() % 2 == 0 ? (upper + *std::max_element(values.begin(), middle)) / 2 : upper;
}

/// The least of the most frequent values.
double mostFrequent(std::vector<float> values)
{
    std::sort(values.begin(), values.end());
    float best = values.front();
    std::ptrdiff_t most = 0;
    for (auto at = values.begin(); at != values.end();) {
        const auto end = std::upper_bound(at, values.end(), *at);
        if (end - at > most) {
            most = end - at;
            best = *at;
        }
        at = end;
    }
    return best;
}

double fillOf(ColumnPlan::Missing missing, const std::vector<float>& present)
{
    if (missing == ColumnPlan::Missing::mostFrequent)
        return mostFrequent(present);
    if (missing == ColumnPlan::Missing::median || missing == ColumnPlan::Missing::own || missing == ColumnPlan::Missing::setAside)
        return middleOf(present);
    double sum = 0;
    for (const float value : present)
        sum += value;
    return sum / static_cast<double>(present.size());
}

double scaledBy(const Prepared& fitted, double number)
{
    number = std::isfinite(number) ? std::clamp(number, fitted.low, fitted.high) : fitted.fill;
    return fitted.logarithm ? std::copysign(std::log1p(std::abs(number)), number) : number;
}

/// Fill and scale of a number, or of the place of a category.
void fitNumbers(Prepared& fitted, const std::vector<float>& numbers, const Rows& rows, const ColumnPlan& plan)
{
    std::vector<float> present;
    present.reserve(rows.size());
    for (const std::int64_t row : rows)
        if (const float value = numbers[static_cast<std::size_t>(row)]; std::isfinite(value))
            present.push_back(static_cast<float>(std::clamp<double>(value, fitted.low, fitted.high)));
    if (present.empty())
        return;
    fitted.fill = fillOf(plan.missing, present);
    fitted.logarithm = plan.scaling == ColumnPlan::Scaling::log;
    if (plan.scaling == ColumnPlan::Scaling::none)
        return;
    // Of the column as the network will see it, filled gaps included.
    const auto seen = [&](std::int64_t row) { return scaledBy(fitted, numbers[static_cast<std::size_t>(row)]); };
    if (plan.scaling == ColumnPlan::Scaling::minMax || plan.scaling == ColumnPlan::Scaling::robust) {
        std::vector<float> sorted;
        sorted.reserve(rows.size());
        for (const std::int64_t row : rows)
            sorted.push_back(static_cast<float>(seen(row)));
        std::sort(sorted.begin(), sorted.end());
        const bool robust = plan.scaling == ColumnPlan::Scaling::robust;
        fitted.mean = robust ? quantile(sorted, 0.5) : sorted.front();
        fitted.deviation = robust ? quantile(sorted, 0.75) - quantile(sorted, 0.25) : static_cast<double>(sorted.back()) - sorted.front();
    } else {
        double total = 0, squares = 0; // two passes, since squares of large numbers cancel
        for (const std::int64_t row : rows)
            total += seen(row);
        fitted.mean = total / static_cast<double>(rows.size());
        for (const std::int64_t row : rows)
            squares += std::pow(seen(row) - fitted.mean, 2);
        fitted.deviation = std::sqrt(squares / static_cast<double>(rows.size()));
    }
    // A constant column stays constant: dividing by next to nothing would blow rounding up to signal.
    if (fitted.deviation <= 1e-12 * std::max(1.0, std::abs(fitted.mean)))
        fitted.deviation = 1;
}

void fitCategories(Prepared& fitted, const Column& column, const Rows& rows, const ColumnPlan& plan)
{
    std::vector<std::int64_t> counts(column.categories.size());
    for (const std::int64_t row : rows)
        if (const std::int32_t code = column.codes[static_cast<std::size_t>(row)]; code >= 0)
            ++counts[static_cast<std::size_t>(code)];
    std::int64_t most = 0;
    for (std::size_t i = 0; i < counts.size(); ++i) {
        if (counts[i] == 0)
            continue;
        fitted.categories.push_back(column.categories[i]);
        if (plan.missing == ColumnPlan::Missing::mostFrequent
            && (counts[i] > most || (counts[i] == most && column.categories[i] < fitted.fillCategory))) {
            most = counts[i];
            fitted.fillCategory = column.categories[i];
        }
    }
    if (fitted.ownGap && plan.encoding != ColumnPlan::Encoding::ordinal)
        fitted.fillCategory = gapCategory;
    if (fitted.encoding == ColumnPlan::Encoding::ordinal) {
        sortCategories(fitted.categories);
        fitNumbers(fitted, numbersOf(column, fitted.categories), rows, plan);
    } else if (fitted.encoding == ColumnPlan::Encoding::hash) {
        fitted.categories.clear(); // any text has its place
    } else if (fitted.ownGap) {
        fitted.categories.emplace_back(gapCategory);
    }
}

bool isPlainNumber(const Prepared& column)
{
    return !column.categorical || column.encoding == ColumnPlan::Encoding::ordinal;
}

}

std::int64_t TablePreparation::ColumnPreparation::features() const
{
    if (!used)
        return 0;
    if (isPlainNumber(*this))
        return ownGap ? 2 : 1;
    return encoding == ColumnPlan::Encoding::hash ? hashedFeatures : static_cast<std::int64_t>(categories.size());
}

float TablePreparation::ColumnPreparation::prepared(double number) const
{
    return static_cast<float>((scaledBy(*this, number) - mean) / deviation);
}

TablePreparation fitTablePreparation(const Table& table, const Rows& trainRows, const Parameters& preprocessing, const Cleaning& cleaning)
{
    TablePreparation preparation;
    for (const Column& one : table.columns) {
        const ColumnPlan plan = planOf(one, table.count, cleaning, preprocessing);
        Prepared fitted{.name = one.name, .used = plan.role == ColumnPlan::Role::feature, .categorical = plan.categorical};
        if (fitted.used) {
            Column scratch;
            const Column& column = typed(one, plan.categorical, scratch);
            fitted.ownGap = plan.missing == ColumnPlan::Missing::own;
            if (plan.categorical) {
                fitted.encoding = plan.encoding;
                fitCategories(fitted, column, trainRows, plan);
            } else {
                if (plan.outliers == ColumnPlan::Outliers::clip) {
                    const OutlierLimits limits = outlierLimits(column, trainRows, cleaning);
                    fitted.low = limits.low;
                    fitted.high = limits.high;
                }
                fitNumbers(fitted, column.numbers, trainRows, plan);
            }
        }
        preparation.columns.push_back(std::move(fitted));
    }
    return preparation;
}

FeatureMatrix applyTablePreparation(const TablePreparation& preparation, const Table& table)
{
    if (preparation.columns.size() != table.columns.size())
        throw std::invalid_argument{"a table of other columns than it was prepared for"};
    FeatureMatrix matrix{.count = table.count};
    for (const Prepared& column : preparation.columns) {
        matrix.features += column.features();
        if (!column.used)
            continue;
        if (isPlainNumber(column)) {
            matrix.names.push_back(column.name);
            if (column.ownGap)
                matrix.names.push_back(column.name + "=" + gapCategory);
        } else if (column.encoding == ColumnPlan::Encoding::hash) {
            for (std::int64_t i = 0; i < hashedFeatures; ++i)
                matrix.names.push_back(column.name + "#" + std::to_string(i));
        } else {
            for (const std::string& category : column.categories)
                matrix.names.push_back(column.name + "=" + category);
        }
    }
    matrix.values.assign(static_cast<std::size_t>(matrix.count * matrix.features), 0.0F);
    std::int64_t feature = 0;
    for (std::size_t c = 0; c < table.columns.size(); ++c) {
        const Prepared& fitted = preparation.columns[c];
        if (!fitted.used)
            continue;
        const auto at = [&](std::int64_t row, std::int64_t offset) -> float& {
            return matrix.values[static_cast<std::size_t>(row * matrix.features + feature + offset)];
        };
        Column scratch;
        const Column& column = typed(table.columns[c], fitted.categorical, scratch);
        if (isPlainNumber(fitted)) {
            const std::vector<float> places = fitted.categorical ? numbersOf(column, fitted.categories) : std::vector<float>{};
            const std::vector<float>& numbers = fitted.categorical ? places : column.numbers;
            for (std::int64_t row = 0; row < table.count; ++row) {
                const float value = numbers[static_cast<std::size_t>(row)];
                at(row, 0) = fitted.prepared(value);
                if (fitted.ownGap)
                    at(row, 1) = std::isfinite(value) ? 0.0F : 1.0F;
            }
        } else if (fitted.encoding == ColumnPlan::Encoding::hash) {
            std::vector<std::uint64_t> hashes;
            for (const std::string& category : column.categories)
                hashes.push_back(hashOf(category));
            for (std::int64_t row = 0; row < table.count; ++row) {
                const std::int32_t code = column.codes[static_cast<std::size_t>(row)];
                if (code < 0 && fitted.fillCategory.empty())
                    continue;
                // Two texts that share a place cancel half the time instead of adding up: Weinberger et al., arXiv:0902.2206
                const std::uint64_t hash = code < 0 ? hashOf(fitted.fillCategory) : hashes[static_cast<std::size_t>(code)];
                at(row, static_cast<std::int64_t>(hash % hashedFeatures)) = (hash >> 32) & 1 ? 1.0F : -1.0F;
            }
        } else {
            const std::vector<float> places = placesOf(column, fitted.categories);
            const auto fill = std::find(fitted.categories.begin(), fitted.categories.end(), fitted.fillCategory);
            const std::int64_t ofGap = fitted.fillCategory.empty() || fill == fitted.categories.end() ? -1 : fill - fitted.categories.begin();
            for (std::int64_t row = 0; row < table.count; ++row) {
                const std::int32_t code = column.codes[static_cast<std::size_t>(row)];
                if (code < 0 && ofGap >= 0)
                    at(row, ofGap) = 1;
                else if (code >= 0 && std::isfinite(places[static_cast<std::size_t>(code)]))
                    at(row, static_cast<std::int64_t>(places[static_cast<std::size_t>(code)])) = 1;
            }
        }
        feature += fitted.features();
    }
    return matrix;
}

Result<Table> matchedTable(const TablePreparation& preparation, const Table& rows)
{
    std::vector<std::string> names;
    for (const Column& column : rows.columns)
        names.push_back(column.name);
    Table matched{.count = rows.count};
    Problems problems;
    for (const Prepared& wanted : preparation.columns) {
        const auto found = std::find(names.begin(), names.end(), wanted.name);
        if (found != names.end()) {
            matched.columns.push_back(rows.columns[static_cast<std::size_t>(found - names.begin())]);
        } else if (!wanted.used) { // of no consequence: any column will do
            matched.columns.push_back({.name = wanted.name, .numbers = std::vector<float>(static_cast<std::size_t>(rows.count), NAN)});
        } else {
            const std::string nearest = nearestName(wanted.name, names);
            problems.push_back({wanted.name, text("the column \"%1\" is missing", wanted.name),
                                nearest.empty() ? text("the network was trained with it") : text("did you mean \"%1\"?", nearest)});
        }
    }
    if (!problems.empty())
        return {std::nullopt, std::move(problems)};
    return {std::move(matched), {}};
}

std::int64_t mostFeatures(const Table& table, const Parameters& preprocessing, const Cleaning& cleaning)
{
    std::int64_t features = 0;
    for (const Column& column : table.columns) {
        const ColumnPlan plan = planOf(column, table.count, cleaning, preprocessing);
        if (plan.role != ColumnPlan::Role::feature)
            continue;
        const std::int64_t gap = plan.missing == ColumnPlan::Missing::own ? 1 : 0;
        if (!plan.categorical || plan.encoding == ColumnPlan::Encoding::ordinal) {
            features += 1 + gap;
        } else if (plan.encoding == ColumnPlan::Encoding::hash) {
            features += hashedFeatures;
        } else {
            Column scratch;
            features += static_cast<std::int64_t>(typed(column, true, scratch).categories.size()) + gap;
        }
    }
    return features;
}

}
