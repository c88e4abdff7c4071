// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/data/dataset.h"

#include <cstdint>
#include <string>
#include <vector>

namespace descent {

/// What a person wants to know of a source before training on it.
struct DatasetReport {
    std::string name;
    std::int64_t trainCount = 0, testCount = 0; ///< testCount 0: no test part of its own
    enum class Inputs { pictures, table, texts, corpus, series, histories, picturesAndMore } inputs = Inputs::table;
    bool hasPictures() const { return inputs == Inputs::pictures || inputs == Inputs::picturesAndMore; }
    std::vector<std::int64_t> sampleShape; ///< [channels, height, width] of pictures, else [columns]; empty for texts
    std::vector<Text> facts;               ///< what else matters of this kind of data, a short sentence each
    bool classification = false;
    std::string targetName;
    std::vector<std::string> classNames;
    std::vector<std::int64_t> classCounts;                       ///< of the training part, one a class
    double targetMinimum = 0, targetMaximum = 0, targetMean = 0; ///< regression

    struct SampleView {
        std::int64_t index = 0;           ///< into Dataset::train
        std::string target;               ///< class name, number or text; empty where there is none
        std::vector<std::uint8_t> pixels; ///< pictures: uint8 [channels, height, width]
        std::vector<Box> boxes;           ///< of a picture
        std::vector<std::string> cells;   ///< tables: as written, one a column; texts: the text
    };
    std::vector<SampleView> samples; ///< a few, every class among them where there is room

    struct ColumnView {
        std::string name;
        bool categorical = false;
        std::int64_t missing = 0;
        double minimum = 0, maximum = 0, mean = 0; ///< numeric
        std::vector<std::int64_t> histogram;       ///< numeric: 16 even bins from minimum to maximum
        std::vector<std::string> categories;       ///< categorical
        /// Series: least and greatest value of each of at most 400 even stretches of time; NaN where nothing is there.
        std::vector<float> lows, highs;
    };
    std::vector<ColumnView> columns;
    std::int64_t firstSecond = 0, lastSecond = 0; ///< of a series, since 1970, UTC; equal where it has no times

    /// Histories: the codes of most people.
    struct CodeView {
        std::string name;
        std::int32_t group = 0; ///< as codeGroups() numbers them
        std::int64_t people = 0, events = 0;
    };
    std::vector<CodeView> codes;
    std::vector<ColumnView> measures; ///< of what is to be found: boxes a picture, the length of their longer side

    /// Tables of two numeric columns: the points of the plane, for the live decision surface. At most 2,000.
    std::vector<float> pointsX, pointsY;
    std::vector<std::int64_t> pointClasses;

    Problems problems; ///< set aside (the first few), strong imbalance, constant columns, …
    std::int64_t setAsideCount = 0;
};

/// Of one column, named as it is.
DatasetReport::ColumnView columnView(const Column& column);

DatasetReport inspectDataset(const Dataset& dataset, std::size_t sampleCount = 24);

}
