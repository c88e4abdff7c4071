// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/data/dataset.h"

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace descent {

/// What a person decided about the columns and samples of a dataset, beyond what is found by itself. Part of a recipe, so that
/// it is repeated exactly on new data. Holds decisions only: what they lead to (means, limits, categories) is measured on the
/// training part, by fitTablePreparation().
struct Cleaning {
    Parameters samples;                                     ///< of cleaningSchema()
    std::map<std::string, Parameters, std::less<>> columns; ///< by a column's name; of columnSchema()
    bool operator==(const Cleaning&) const = default;
    bool empty() const { return samples.empty() && columns.empty(); }
};

const Schema& cleaningSchema(); ///< duplicates, conflicting, leaked, near, outlierRule, outlierLimit
const Schema& columnSchema();   ///< role, type, missing, outliers, scaling, encoding

/// All that is wrong before the data is seen. Paths: "cleaning.duplicates", "cleaning.columns.age.role".
Problems validate(const Cleaning& cleaning);

/// And what is wrong with it for this data: columns that are not there (with the nearest name), steps that its kind has not.
Problems validateWithData(const Cleaning& cleaning, const Dataset& dataset);

/// What becomes of a column: what was chosen, and where nothing was, what is found by itself.
struct ColumnPlan {
    enum class Role { feature, ignore, group, order } role = Role::feature;
    enum class Missing { zeros, setAside, mean, median, mostFrequent, own } missing = Missing::median;
    enum class Outliers { keep, clip, setAside } outliers = Outliers::keep;
    enum class Scaling { none, standard, minMax, robust, log } scaling = Scaling::standard;
    enum class Encoding { oneHot, ordinal, hash } encoding = Encoding::oneHot;
    bool categorical = false;
    bool operator==(const ColumnPlan&) const = default;
};
/// `preprocessing`: its `normalize` and `impute` say what "auto" means for numbers.
ColumnPlan planOf(const Column& column, std::int64_t rows, const Cleaning& cleaning, const Parameters& preprocessing);

/// The column as numbers or as categories, as is asked for. Texts that are no numbers become gaps. Returns `column` itself
/// where it is so already, else `scratch`.
const Column& typed(const Column& column, bool categorical, Column& scratch);

/// Where outliers begin, by `outlierRule` and `outlierLimit`: quartiles and their distance (Tukey's fences), or the median and
/// its absolute deviation times 1.4826, which is the standard deviation of a bell. Of the numbers at `rows` alone.
/// Not finite where they do not vary.
struct OutlierLimits {
    double low = 0, high = 0;
};
OutlierLimits outlierLimits(const Column& column, const std::vector<std::int64_t>& rows, const Cleaning& cleaning);

/// The p-quantile of sorted numbers as NumPy and scikit-learn take it: linear between neighbours. p in [0, 1].
double quantile(const std::vector<float>& sorted, double p);

}
