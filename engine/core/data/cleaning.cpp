// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/data/cleaning.h"

#include "engine/core/data/csv.h"
#include "engine/core/data/named_rows.h"
#include "engine/core/data/preparation.h"
#include "engine/core/data/sample_prints.h"

#include <algorithm>
#include <cmath>
#include <unordered_map>
#include <utility>

namespace descent {

namespace {

ParameterSchema choice(std::string name, std::string label, std::string help, std::vector<Choice> choices)
{
    ParameterSchema schema{.name = std::move(name),
                           .label = std::move(label),
                           .help = std::move(help),
                           .type = ParameterType::choice,
                           .defaultValue = choices.front().id,
                           .common = true};
    schema.choices = std::move(choices);
    return schema;
}

/// The place of a chosen id among the choices, in the order of the enumeration it stands for.
template <typename Enumeration>
Enumeration chosen(const std::string& id, std::initializer_list<std::pair<std::string_view, Enumeration>> values, Enumeration automatic)
{
    for (const auto& [name, value] : values)
        if (name == id)
            return value;
    return automatic;
}

}

const Schema& cleaningSchema()
{
    static const Schema schema{
        choice("duplicates", "Repeats", "What becomes of a sample that stands there before, alike in all that is learnt from.",
               {{"keep", "Keep", "They stay, and may land on both sides of the split."}, {"set-aside", "Set aside", "The first one stays."}}),
        choice("near", "Near repeats", "What becomes of pictures that look alike: the same scene scaled, brightened or stored again.",
               {{"keep", "Keep", ""}, {"set-aside", "Set aside", "The first one stays."}}),
        choice("conflicting", "Contradictions", "What becomes of samples that are alike and have different targets.",
               {{"keep", "Keep", ""}, {"set-aside", "Set aside", "All of them: which is right is not known."}}),
        choice("leaked", "In the test too", "What becomes of training samples that the source's own test part has too.",
               {{"keep", "Keep", "The figure on test is too good then."}, {"set-aside", "Set aside", "The test part stays as it is."}}),
        choice("outlierRule", "Outliers by", "How it is told that a number lies far out.",
               {{"iqr", "Quartiles", "Beyond the quartiles by so many times their distance."},
                {"z", "Deviations", "Farther from the median than so many deviations, measured robustly."}}),
        {.name = "outlierLimit",
         .label = "How far out",
         .help = "Times the distance of the quartiles (1.5 is far, 3 very far), or so many deviations.",
         .type = ParameterType::real,
         .defaultValue = 3.0,
         .minimum = 0,
         .maximum = 1000,
         .aboveMinimum = true},
    };
    return schema;
}

const Schema& columnSchema()
{
    static const Schema schema{
        choice("role", "Role", "What the column is for.",
               {{"auto", "Automatic", "Learnt from, unless it differs in nearly every row."},
                {"feature", "Input", "Learnt from."},
                {"ignore", "Ignore", "Not looked at."},
                {"group", "Group", "Rows of one value (a patient, a machine) stay in one part."},
                {"order", "Order", "The split follows this column: the first rows are learnt from, the last are the test."}}),
        choice("type", "Type", "What its cells are read as.",
               {{"auto", "Automatic", "Numbers where every cell is one."},
                {"number", "Number", "Cells that are no numbers count as missing."},
                {"category", "Category", "Numbers are names, as of towns or kinds."}}),
        choice("missing", "Missing", "What becomes of a gap.",
               {{"auto", "Automatic", "Numbers as the section Preprocessing says, categories as none of those known."},
                {"set-aside", "Set the row aside", ""},
                {"mean", "Mean", "Of the training part."},
                {"median", "Median", "Of the training part."},
                {"most-frequent", "Most frequent", "Of the training part."},
                {"own", "As its own", "A category of its own; beside a number a second input that says where it was missing."}}),
        choice("outliers", "Outliers", "What becomes of numbers that lie far out.",
               {{"keep", "Keep", ""},
                {"clip", "Clip", "Drawn in to the limit, measured on the training part."},
                {"set-aside", "Set aside", "Such rows are not learnt from; those to judge by stay."}}),
        choice("scaling", "Scaling", "How numbers are brought to a common size, measured on the training part.",
               {{"auto", "Automatic", "Standard, unless Preprocessing says otherwise."},
                {"standard", "Standard", "Mean 0, deviation 1."},
                {"min-max", "0 to 1", "Between the least and the greatest."},
                {"robust", "Robust", "Median 0, quartiles 1 apart: outliers do not move it."},
                {"log", "Logarithm", "The logarithm of 1 + size, its sign kept; then standard."},
                {"none", "None", "As they are."}}),
        choice("encoding", "Encoding", "How categories become numbers.",
               {{"one-hot", "One input each", ""},
                {"ordinal", "Numbered", "One input: their place in the alphabet, or in size where they are numbers."},
                {"hash", "Hashed", "16 inputs shared by all, for columns of very many categories."}}),
    };
    return schema;
}

Problems validate(const Cleaning& cleaning)
{
    Problems problems = validate(cleaningSchema(), cleaning.samples, "cleaning");
    bool ruled = false;
    for (const auto& [name, settings] : cleaning.columns) {
        const std::string path = "cleaning.columns." + name;
        Problems found = validate(columnSchema(), settings, path);
        const std::string role = found.empty() ? textOf(columnSchema(), settings, "role") : std::string{};
        if ((role == "order" || role == "group") && std::exchange(ruled, true))
            problems.push_back({path + ".role", text("another column rules the split already"), text("one column may be group or order")});
        problems.insert(problems.end(), found.begin(), found.end());
    }
    return problems;
}

Problems validateWithData(const Cleaning& cleaning, const Dataset& dataset)
{
    Problems problems;
    const auto* table = std::get_if<Table>(&dataset.train.inputs);
    const bool pictures = dataset.hasPictures();
    std::vector<std::string> names;
    if (table)
        for (const Column& column : table->columns)
            names.push_back(column.name);
    for (const auto& [name, settings] : cleaning.columns) {
        const std::string path = "cleaning.columns." + name;
        if (!table) {
            problems.push_back({path, text("this data has no columns to prepare"), text("leave it out")});
            continue;
        }
        if (name == dataset.train.targets.name) {
            problems.push_back({path, text("\"%1\" is what is to be predicted", name), text("leave it out, or choose another dataset.target")});
            continue;
        }
        if (std::find(names.begin(), names.end(), name) != names.end())
            continue;
        const std::string nearest = nearestName(name, names);
        problems.push_back({path, text("there is no column \"%1\"", name),
                            nearest.empty() ? text("see: descent data inspect") : text("did you mean \"%1\"?", nearest)});
    }
    for (const auto& [name, value] : cleaning.samples) {
        if (value == valueOf(cleaningSchema(), {}, name))
            continue;
        const bool has = name == "near" ? pictures : name.starts_with("outlier") ? table != nullptr : havePrints(dataset.train);
        if (!has)
            problems.push_back({"cleaning." + name, text("this kind of data has no such step"), text("leave it out")});
    }
    return problems;
}

ColumnPlan planOf(const Column& column, std::int64_t rows, const Cleaning& cleaning, const Parameters& preprocessing)
{
    static const Parameters none;
    const auto found = cleaning.columns.find(column.name);
    const Parameters& settings = found == cleaning.columns.end() ? none : found->second;
    const auto of = [&](std::string_view name) { return textOf(columnSchema(), settings, name); };
    using Plan = ColumnPlan;
    ColumnPlan plan;
    const std::string type = of("type");
    plan.categorical = type == "auto" ? column.categorical : type == "category";
    const bool names = type == "auto" && differsInNearlyEveryRow(column, static_cast<std::size_t>(rows));
    plan.role = chosen<Plan::Role>(
        of("role"),
        {{"feature", Plan::Role::feature}, {"ignore", Plan::Role::ignore}, {"group", Plan::Role::group}, {"order", Plan::Role::order}},
        names ? Plan::Role::ignore : Plan::Role::feature);
    const bool median = textOf(preprocessingSchema(), preprocessing, "impute") == "median";
    plan.missing = chosen<Plan::Missing>(of("missing"),
                                         {{"set-aside", Plan::Missing::setAside},
                                          {"mean", Plan::Missing::mean},
                                          {"median", Plan::Missing::median},
                                          {"most-frequent", Plan::Missing::mostFrequent},
                                          {"own", Plan::Missing::own}},
                                         plan.categorical ? Plan::Missing::zeros
                                             : median     ? Plan::Missing::median
                                                          : Plan::Missing::mean);
    plan.outliers = chosen<Plan::Outliers>(of("outliers"), {{"clip", Plan::Outliers::clip}, {"set-aside", Plan::Outliers::setAside}},
                                           Plan::Outliers::keep);
    plan.scaling = chosen<Plan::Scaling>(of("scaling"),
                                         {{"none", Plan::Scaling::none},
                                          {"standard", Plan::Scaling::standard},
                                          {"min-max", Plan::Scaling::minMax},
                                          {"robust", Plan::Scaling::robust},
                                          {"log", Plan::Scaling::log}},
                                         booleanOf(preprocessingSchema(), preprocessing, "normalize") ? Plan::Scaling::standard
                                                                                                      : Plan::Scaling::none);
    plan.encoding = chosen<Plan::Encoding>(of("encoding"), {{"ordinal", Plan::Encoding::ordinal}, {"hash", Plan::Encoding::hash}},
                                           Plan::Encoding::oneHot);
    return plan;
}

const Column& typed(const Column& column, bool categorical, Column& scratch)
{
    if (column.categorical == categorical)
        return column;
    scratch = {.name = column.name, .categorical = categorical};
    if (!categorical) {
        std::vector<float> numberOf;
        for (const std::string& category : column.categories)
            numberOf.push_back(static_cast<float>(parseNumber(category).value_or(NAN)));
        scratch.numbers.reserve(column.codes.size());
        for (const std::int32_t code : column.codes)
            scratch.numbers.push_back(code < 0 ? NAN : numberOf[static_cast<std::size_t>(code)]);
        return scratch;
    }
    std::unordered_map<float, std::int32_t> codeOf;
    scratch.codes.reserve(column.numbers.size());
    for (const float value : column.numbers) {
        if (!std::isfinite(value)) {
            scratch.codes.push_back(-1);
            continue;
        }
        const auto [found, isNew] = codeOf.try_emplace(value, static_cast<std::int32_t>(scratch.categories.size()));
        if (isNew)
            scratch.categories.push_back(fmt::format("{}", value));
        scratch.codes.push_back(found->second);
    }
    return scratch;
}

double quantile(const std::vector<float>& sorted, double p)
{
    const double place = p * static_cast<double>(sorted.size() - 1);
    const auto below = static_cast<std::size_t>(place);
    const double share = place - static_cast<double>(below);
    return share == 0 ? sorted[below] : sorted[below] + share * (static_cast<double>(sorted[below + 1]) - sorted[below]);
}

OutlierLimits outlierLimits(const Column& column, const std::vector<std::int64_t>& rows, const Cleaning& cleaning)
{
    std::vector<float> sorted;
    sorted.reserve(rows.size());
    for (const std::int64_t row : rows)
        if (const float value = column.numbers[static_cast<std::size_t>(row)]; std::isfinite(value))
            sorted.push_back(value);
    const OutlierLimits none{-INFINITY, INFINITY};
    if (sorted.empty())
        return none;
    std::sort(sorted.begin(), sorted.end());
    const double limit = realOf(cleaningSchema(), cleaning.samples, "outlierLimit");
    if (textOf(cleaningSchema(), cleaning.samples, "outlierRule") == "iqr") {
        const double low = quantile(sorted, 0.25), high = quantile(sorted, 0.75), distance = high - low;
        return distance > 0 ? OutlierLimits{low - limit * distance, high + limit * distance} : none;
    }
    const double middle = quantile(sorted, 0.5);
    for (float& value : sorted)
        value = static_cast<float>(std::abs(value - middle));
    std::sort(sorted.begin(), sorted.end());
    constexpr double ofABell = 1.4826;
    const double deviation = ofABell * quantile(sorted, 0.5);
    return deviation > 0 ? OutlierLimits{middle - limit * deviation, middle + limit * deviation} : none;
}

}
