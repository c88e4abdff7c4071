// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/data/dataset.h"

#include <cstdint>
#include <memory>
#include <vector>

namespace descent {

/// Which samples are learnt from, which choose the best model, which judge it. Indices into the part they come from.
struct Split {
    std::vector<std::int64_t> train, validation; ///< into Dataset::train
    std::vector<std::int64_t> test;              ///< into Dataset::test where the source has one, else into Dataset::train
    bool ownTest = false;                        ///< the source had a test part of its own
};

const Schema& splitSchema();         ///< validation, test (fractions), stratified
const Schema& preprocessingSchema(); ///< resize, normalize, impute, flip, crop

/// Seeded, the same on every machine. Stratified: each class keeps its share in every part.
Result<Split> splitDataset(const Dataset& dataset, const Parameters& split, std::uint64_t seed);

/// Rows of a table as numbers: float [count, features], row after row.
struct FeatureMatrix {
    std::int64_t count = 0, features = 0;
    std::vector<float> values;
    std::vector<std::string> names; ///< "age", "colour=red"
};

/// What turns a table's row into numbers, measured on the training part alone: imputed, one-hot, then standardised.
struct TablePreparation {
    struct ColumnPreparation {
        std::string name;
        bool categorical = false;
        double fill = 0;                     ///< numeric: put where a value is missing
        double mean = 0, deviation = 1;      ///< numeric: subtracted, divided by
        std::vector<std::string> categories; ///< categorical: one feature each, a missing or new one is all zeros
    };
    std::vector<ColumnPreparation> columns;
};
TablePreparation fitTablePreparation(const Table& table, const std::vector<std::int64_t>& trainRows,
                                     const Parameters& preprocessing);
FeatureMatrix applyTablePreparation(const TablePreparation& preparation, const Table& table);

/// Per channel, of pixels scaled to [0, 1], measured on the training part alone.
struct ChannelStatistics {
    std::vector<double> mean, deviation;
};
ChannelStatistics channelStatistics(const PictureArray& pictures, const std::vector<std::int64_t>& rows);

/// All that a training needs of the data, as host arrays. Parts are index lists, so samples are held once.
struct PreparedData {
    std::shared_ptr<const Dataset> dataset;
    Split split;

    // Pictures: the pixels stay in `dataset`; the trainer resizes, normalises and augments batches on its device.
    ChannelStatistics statistics; ///< mean 0, deviation 1 when normalising is off
    std::int64_t pictureSize = 0; ///< side after resizing; 0: as they are
    bool flip = false;            ///< augmentation: mirror half of the training pictures
    std::int64_t cropPadding = 0; ///< augmentation: pad by so many pixels, cut the old size out at random; 0: off

    // Tables: rows as numbers, prepared.
    FeatureMatrix trainFeatures; ///< of Dataset::train
    FeatureMatrix testFeatures;  ///< of Dataset::test; empty without one
    TablePreparation tablePreparation;

    // Regression: targets are learnt standardised, figures are given in the target's own unit.
    double targetMean = 0, targetDeviation = 1;

    std::vector<std::int64_t> inputShape() const; ///< of one prepared sample: [channels, height, width] or [features]
    std::int64_t outputCount() const;             ///< classes, or 1
    bool isClassification() const { return dataset->train.targets.areClasses(); }
};

/// Split, then measure on the training part. Problems: a part would be empty, fractions too large.
Result<PreparedData> prepareData(std::shared_ptr<const Dataset> dataset, const Parameters& split, const Parameters& preprocessing,
                                 std::uint64_t seed);

}
