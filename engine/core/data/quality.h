// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/data/cleaned_split.h"

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace descent {

/// A column as it is, and what becomes of it.
struct ColumnProfile {
    std::string name;
    ColumnPlan plan;
    bool readAsCategory = false; ///< what its cells look like; plan.categorical is what they are taken for
    std::int64_t rows = 0, missing = 0, distinct = 0;
    std::int64_t noNumbers = 0;  ///< cells that are texts, and so gaps, where the column is taken for numbers
    double minimum = 0, lowerQuartile = 0, median = 0, upperQuartile = 0, maximum = 0, mean = 0, deviation = 0, skewness = 0;
    OutlierLimits limits;        ///< by the recipe's rule, of the training part
    std::int64_t outliers = 0;   ///< beyond them, in all rows
    /// Of numbers 24 even bins from the least to the greatest, drawn in to the limits; of categories the most frequent, at most 24.
    /// A list a class; one alone where the target is no class or has more than 8.
    std::vector<std::vector<std::int64_t>> histogram;
    double histogramLow = 0, histogramHigh = 0;
    std::vector<std::pair<std::string, std::int64_t>> frequent; ///< categories, most first, at most 24
    /// How much this column alone tells of the target, 0 nothing to 1 all: of classes the mutual information (in 32 quantile bins,
    /// a gap being one) over the entropy of the target; of numbers the share of variance between the bins. Corrected for what
    /// chance would tell (Miller and Madow; adjusted eta squared). Of the training part.
    double tells = 0;
    double gapTells = 0; ///< the same of the gaps alone
    double drift = 0;    ///< training against test part: greatest distance of the distributions (Kolmogorov and Smirnov), or total variation
};

/// Something a person should know, and may mend by one decision.
struct QualityFinding {
    enum class Severity { note, warning, serious } severity = Severity::note;
    std::string column; ///< that it is about; empty: of the samples
    Text what, why;     ///< "12 rows are repeated"; what follows from it
    Text fix;           ///< "Set them aside"; empty: there is none
    std::vector<std::pair<std::string, std::string>> sets; ///< of the fix: paths and values as setByPath() takes them
};

/// A part of the split.
struct PartProfile {
    std::int64_t count = 0;
    std::vector<std::int64_t> classCounts;             ///< one a class
    double targetMean = 0, targetLow = 0, targetHigh = 0; ///< numbers to predict
    std::int64_t groups = 0;                           ///< where a column groups
    std::string from, to;                              ///< where a column orders
};

/// Two pictures that are the same or nearly; the second may be of the source's own test part.
struct AlikePictures {
    std::int64_t first = 0, second = 0;
    bool secondIsTest = false, exact = false, sameTarget = true;
};

/// How one row fares.
enum class RowPart : std::uint8_t { train, validation, test, none };

struct QualityReport {
    std::vector<ColumnProfile> columns;
    std::vector<QualityFinding> findings; ///< serious ones first
    PartProfile train, validation, test;
    bool ownTest = false, ordered = false, grouped = false, stratified = false;
    std::string ruledBy;                  ///< the column that groups or orders
    std::vector<RowPart> partOf;          ///< of each row of Dataset::train
    std::vector<SetAside> setAside;       ///< of each row of Dataset::train; empty: none
    std::int64_t setAsideCount = 0;       ///< by the recipe's cleaning
    std::vector<std::int64_t> repeats;    ///< rows of Dataset::train that stand there before, whatever the recipe says of them; sorted
    std::vector<AlikePictures> alike;     ///< at most 60
    PicturePreparation pictures;          ///< of pictures: how they are prepared, measured on the training part
    Problems problems;                    ///< why there is no split
};

/// All of it, on the caller's thread. A million rows of twenty columns take seconds and some 100 bytes a row. Series and other
/// kinds have what applies to them: a series' columns, the rest nothing. Throws Cancelled.
QualityReport inspectQuality(const Dataset& dataset, const PreparationSettings& settings, const LoadControl& control);

}
