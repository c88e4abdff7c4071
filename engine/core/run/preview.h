// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/data/dataset.h"
#include "engine/core/metrics/detection.h"

#include <cstdint>
#include <variant>
#include <vector>

namespace descent {

// What can be seen of a network while it learns: small values, each the newest of its kind. A task's program makes them
// (engine/torch/task), a view draws them (ui/train/preview_views.cpp).

/// What the model says now of a few held-back samples, always the same ones.
struct PredictionPreview {
    struct Prediction {
        std::int64_t index = 0;           ///< of the sample in its part of the dataset
        std::vector<std::uint8_t> pixels; ///< pictures: uint8 [channels, height, width]; else empty
        std::int64_t channels = 0, height = 0, width = 0;
        std::int64_t truth = -1;          ///< class; -1 for regression
        std::vector<float> probabilities; ///< one a class; regression: one number, in the target's unit
        double truthValue = 0;            ///< regression
    };
    std::int64_t step = 0;
    std::vector<Prediction> predictions;
};

/// Class probabilities over the plane of a dataset with two numeric columns.
struct DecisionSurface {
    std::int64_t step = 0;
    std::int64_t width = 0, height = 0, classes = 0;
    double left = 0, right = 0, bottom = 0, top = 0; ///< in the columns' own units
    std::vector<float> probabilities;                ///< [height, width, classes], row 0 at the bottom
};

/// Scores of the held-back samples, by what they are: how well two classes come apart.
struct ScoreHistogram {
    std::int64_t step = 0;
    std::int64_t positiveClass = 1;                 ///< the score is its probability
    std::vector<std::int64_t> negatives, positives; ///< counts in even bins from 0 to 1
    double threshold = 0.5;                         ///< at or above it a sample is taken for positive
    double areaUnderCurve = 0, averagePrecision = 0; ///< of these samples
};

/// What the model finds now on a few held-back pictures, always the same ones.
struct DetectionPreview {
    struct Picture {
        std::int64_t index = 0;           ///< of the sample in its part of the dataset
        std::vector<std::uint8_t> pixels; ///< uint8 [channels, height, width]
        std::int64_t channels = 0, height = 0, width = 0;
        std::vector<DetectedBox> found; ///< the surest first
        std::vector<Box> truth;
    };
    std::int64_t step = 0;
    std::vector<Picture> pictures;
};

using Preview = std::variant<PredictionPreview, DecisionSurface, ScoreHistogram, DetectionPreview>;

}
