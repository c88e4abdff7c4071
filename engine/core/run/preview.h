// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <limits>
#include <string>
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
        std::string beside = {};          ///< what stands beside a picture: its caption, its row
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

/// What a few held-back pictures are taken for: the nearest of those there are to choose from, faces or captions.
struct MatchPreview {
    struct Found {
        std::string name;                 ///< a person, or a caption
        std::vector<std::uint8_t> pixels; ///< of a face; of a caption empty
        float score = 0;                  ///< cosine
        bool right = false;
    };
    struct Probe {
        std::string name; ///< who or what it is
        std::vector<std::uint8_t> pixels;
        std::vector<Found> found; ///< the nearest first
    };
    std::int64_t step = 0;
    std::int64_t channels = 0, height = 0, width = 0; ///< of all pixels: uint8 [channels, height, width]
    std::vector<Probe> probes;
    double threshold = std::numeric_limits<double>::quiet_NaN(); ///< a score below it is not taken for anybody; NaN: there is none
};

/// How often the same person is accepted against how often another is.
struct RocPreview {
    std::int64_t step = 0;
    std::vector<float> falseAccepts, trueAccepts; ///< shares, from (0, 0) to (1, 1)
    double areaUnderCurve = 0, equalErrorRate = 0, accuracy = 0;
};

using Preview = std::variant<PredictionPreview, DecisionSurface, ScoreHistogram, MatchPreview, RocPreview>;

}
