// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/data/cleaning.h"
#include "engine/core/data/dataset.h"
#include "engine/core/network/architecture.h"

#include <cstdint>
#include <limits>
#include <memory>
#include <optional>
#include <variant>
#include <vector>

namespace descent {

/// Which samples are learnt from, which choose the best model, which judge it. Indices into the part they come from.
struct Split {
    std::vector<std::int64_t> train, validation; ///< into Dataset::train
    std::vector<std::int64_t> test;              ///< into Dataset::test where the source has one, else into Dataset::train
    bool ownTest = false;                        ///< the source had a test part of its own
};

const Schema& splitSchema();         ///< validation, test (fractions), stratified, perClass
const Schema& preprocessingSchema(); ///< resize, normalize, impute, flip, crop

/// What a split of Dataset::train must keep to; a value a row, or none at all where there is no such rule.
struct SplitRules {
    std::vector<bool> without;       ///< rows that go to no part
    std::vector<std::int64_t> group; ///< rows of one group go to one part
    std::vector<double> order;       ///< the least are learnt from, then come validation and test
};

/// Seeded, the same on every machine. Stratified: each class keeps its share in every part, where no rule is against it.
Result<Split> splitDataset(const Dataset& dataset, const Parameters& split, std::uint64_t seed, const SplitRules& rules = {});

/// Rows of a table as numbers: float [count, features], row after row.
struct FeatureMatrix {
    std::int64_t count = 0, features = 0;
    std::vector<float> values;
    std::vector<std::string> names; ///< "age", "colour=red"
};

/// What turns a table's row into numbers, measured on the training part alone: outliers drawn in, gaps filled, categories
/// encoded, then scaled.
struct TablePreparation {
    struct ColumnPreparation {
        std::string name;
        bool used = true;        ///< false: no feature comes of it
        bool categorical = false;
        double low = -std::numeric_limits<double>::infinity(), high = std::numeric_limits<double>::infinity(); ///< drawn in to these
        double fill = 0;                     ///< put where a number is missing
        bool ownGap = false;                 ///< a feature more says where it was missing
        bool logarithm = false;              ///< sign(x) ln(1 + |x|), after filling
        double mean = 0, deviation = 1;      ///< subtracted, divided by
        ColumnPlan::Encoding encoding = ColumnPlan::Encoding::oneHot;
        std::vector<std::string> categories; ///< of the training part; one-hot: a feature each, a new one is all zeros
        std::string fillCategory;            ///< put where one is missing; empty: all zeros
        std::int64_t features() const;
        /// As the network sees a number of this column; NaN is a gap.
        float prepared(double number) const;
    };
    std::vector<ColumnPreparation> columns; ///< as many as the table's
};
/// `cleaning`: what was chosen for single columns.
TablePreparation fitTablePreparation(const Table& table, const std::vector<std::int64_t>& trainRows,
                                     const Parameters& preprocessing, const Cleaning& cleaning = {});
FeatureMatrix applyTablePreparation(const TablePreparation& preparation, const Table& table);

/// The columns of other rows in the order of the preparation: found by name, of any type. Problems: a column that is used and
/// not there, with the nearest name.
Result<Table> matchedTable(const TablePreparation& preparation, const Table& rows);

/// How many features a table gives at most: a category that does not occur in the training part gets none.
std::int64_t mostFeatures(const Table& table, const Parameters& preprocessing, const Cleaning& cleaning);

/// Per channel, of pixels scaled to [0, 1], measured on the training part alone; of pictures that are not in memory on at most
/// 20,000 of them, evenly chosen.
struct ChannelStatistics {
    std::vector<double> mean, deviation;
};
ChannelStatistics channelStatistics(const PictureArray& pictures, const std::vector<std::int64_t>& rows);

/// How the pixels of a dataset become numbers; they stay bytes until the trainer asks for a batch.
struct PicturePreparation {
    ChannelStatistics statistics; ///< mean 0, deviation 1 when normalising is off
    std::int64_t size = 0;        ///< side after resizing; 0: as they are
    bool flip = false;            ///< augmentation: mirror half of the training pictures
    std::int64_t cropPadding = 0; ///< augmentation: pad by so many pixels, cut the old size out at random; 0: off
};
PicturePreparation preparePictures(const PictureArray& pictures, const std::vector<std::int64_t>& trainRows,
                                   const Parameters& preprocessing);
/// Of a prepared picture: [channels, height, width]. Quick: nothing is measured. An invalid setting counts as its default.
Shape preparedShape(const PictureArray& pictures, const Parameters& preprocessing);

/// Values of all samples of a part, ready to become a tensor: [count, …shape].
struct SampleArray {
    using Floats = std::shared_ptr<const std::vector<float>>;
    using Ids = std::shared_ptr<const std::vector<std::int64_t>>;
    std::variant<Floats, Ids, const PictureArray*> values; ///< pictures: those of the dataset, which outlives this
    Shape shape;                                           ///< of one sample; empty: a number each
    /// Token ids or series that are padded with 0 at their end: how many steps of each sample count. Batches are cut to their
    /// longest. Empty: all of them.
    std::vector<std::int32_t> lengths;
    /// The values are one long array [length, …shape without its first size], and sample i is the window of it that begins at
    /// row windowStart + i. Windows overlap without being copied.
    std::optional<std::int64_t> windowStart;
};
SampleArray sampleArray(std::vector<float> values, Shape shape);
SampleArray sampleArray(std::vector<std::int64_t> values, Shape shape);

/// The samples of one part of a dataset.
struct PreparedPart {
    std::vector<SampleArray> inputs; ///< in the order of NetworkBrief::inputs
    SampleArray targets;
};

/// What a task keeps of its preparation beside that, for its program and for later samples: a vocabulary, the scale of a series.
class TaskPreparation {
public:
    virtual ~TaskPreparation() = default;
    /// Which words, or codes, the token ids stand for: a hash, equal where they are the same. Empty: there are no tokens.
    virtual std::string wordsHash() const { return {}; }
};

/// All that a training needs of the data, as host arrays. The split's parts are index lists, so samples are held once.
struct PreparedData {
    std::shared_ptr<const Dataset> dataset;
    Split split;
    NetworkBrief brief;
    PreparedPart train; ///< of Dataset::train: where the split's train and validation (and test, without ownTest) point
    PreparedPart test;  ///< of Dataset::test, where the split has ownTest
    std::int64_t drawnSamples = 0; ///< an epoch draws so many at random, with replacement; 0: each sample once
    std::shared_ptr<const TaskPreparation> task;

    PicturePreparation pictures;
    TablePreparation table;
    double targetMean = 0, targetDeviation = 1; ///< numbers are learnt standardised, figures are given in their own unit

    bool isClassification() const { return dataset->train.targets.areClasses(); }
};

/// What the numbers that a network reads and gives stand for. With others, weights made for them mean nothing.
struct Meanings {
    std::vector<std::string> classNames; ///< of its outputs; empty: they are no classes
    std::string words;                   ///< TaskPreparation::wordsHash()
};
Meanings meaningsOf(const PreparedData& data);

/// What preparing is told by a recipe.
struct PreparationSettings {
    Parameters split, preprocessing, task;
    std::uint64_t seed = 1;
    Cleaning cleaning;
};

/// What a network for classes or numbers reads and gives, for pictures and tables. Quick: of tables an upper bound, since a
/// category that does not occur in the training part gets no feature.
NetworkBrief briefOf(const Dataset& dataset, const PreparationSettings& settings);

/// The same datasets prepared: cleaned, split, then measured on the training part. Problems: a part would be empty, fractions
/// too large; beside a value: what was set aside. Throws Cancelled.
Result<PreparedData> prepareData(std::shared_ptr<const Dataset> dataset, const PreparationSettings& settings,
                                 const LoadControl& control = {});

}
