// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/data/dataset.h"
#include "engine/core/metrics/detection.h"
#include "engine/core/run/translated_text.h"

#include <cstdint>
#include <limits>
#include <string>
#include <variant>
#include <vector>

namespace descent {

// What can be seen of a network while it learns: small values, each the newest of its kind. A task's program makes them
// (engine/torch/task), a view draws them (ui/views/preview_views.cpp).

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

/// Scores of the held-back samples, by what they are: how well two classes come apart, and whether a score is a probability.
struct ScoreHistogram {
    std::int64_t step = 0;
    std::int64_t positiveClass = 1;                 ///< the score is its probability
    std::vector<std::int64_t> negatives, positives; ///< counts in even bins from 0 to 1
    double threshold = 0.5;                         ///< at or above it a sample is taken for positive
    double areaUnderCurve = 0, averagePrecision = 0; ///< of these samples
    struct CalibrationPoint {
        double score = 0;       ///< mean of the samples in one of ten even bins
        double share = 0;       ///< of them that are positive; equal to `score` where scores are probabilities
        std::int64_t count = 0; ///< above 0
    };
    std::vector<CalibrationPoint> calibration; ///< from low scores to high
    double calibrationError = 0;               ///< expected, over 15 bins
};

/// How a few held-back stretches of a series go on, by the network and by the forecasts that cost nothing. In own units.
struct ForecastPreview {
    struct Window {
        std::string column;
        std::int64_t firstStep = 0;          ///< of the past, in the series
        std::vector<std::int64_t> seconds;   ///< since 1970, UTC, of past and future; empty: the series has no times
        std::vector<float> past, truth;      ///< NaN where missing
        std::vector<float> forecast, repeatLast, seasonalNaive; ///< one a step of the truth; seasonalNaive may be empty
    };
    std::int64_t step = 0;
    std::vector<Window> windows;
};

/// What happened to a few held-back people, and how their risk grew with every event.
struct HistoryPreview {
    struct Event {
        float day = 0;          ///< since the person's first event
        std::int32_t group = 0; ///< into `groups`
        std::string what;       ///< the code, with its value where it has one
    };
    struct Risk {
        float day = 0, probability = 0; ///< of the positive class, of all that happened up to that day
    };
    struct Person {
        std::string name;
        std::int64_t truth = 0;     ///< class
        std::vector<Event> events;  ///< in order of time
        std::vector<Risk> risk;     ///< after each event, or of a long history after some of them; the last of all
    };
    std::int64_t step = 0;
    std::int64_t positiveClass = 1;
    double threshold = 0.5;
    std::vector<std::string> groups; ///< of codes
    std::vector<Person> people;
};

/// Predicted against true numbers of held-back samples, in the target's own unit.
struct ScatterPreview {
    std::int64_t step = 0;
    std::string name;                   ///< of the target
    std::vector<float> truth, predicted;
    double r2 = 0, meanAbsoluteError = 0; ///< of these samples
};

/// A few held-back texts as the network reads them, with its scores and the words that speak for them.
struct TextPreview {
    struct Sentence {
        std::int64_t index = 0;           ///< of the sample in its part of the dataset
        std::vector<std::string> pieces;  ///< the tokens as they stand in the text
        std::vector<float> weights;       ///< one a piece: what the likeliest class loses (in log odds) when it is not read
        std::int64_t truth = -1;          ///< class
        std::vector<float> probabilities; ///< one a class
        bool cut = false;                 ///< the text goes on, and is not read
    };
    std::int64_t step = 0;
    bool spaced = true; ///< pieces stand apart by blanks
    std::vector<Sentence> sentences;
};

/// A text that the network writes on its own, a little more at each look.
struct WrittenText {
    std::int64_t step = 0;
    std::string prompt, text;
};

/// What becomes of a few held-back texts, always the same ones, and where the network looks while it writes.
struct TranslationPreview {
    std::int64_t step = 0;
    std::vector<TranslatedText> texts;
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

/// What happens inside the network at one step, layer by layer.
struct LayerReport {
    struct Histogram {
        double low = 0, high = 0;
        std::vector<std::int64_t> counts; ///< in even bins from low to high; empty: there is nothing to count
    };
    struct Row {
        std::string name;
        std::int64_t parameters = 0;
        double weightNorm = 0, gradientNorm = 0; ///< Euclidean, over all its parameters
        /// Length of the last step's change over that of the weights: about 0.001 is usual. NaN: it has no weights that learn.
        double updateRatio = std::numeric_limits<double>::quiet_NaN();
        /// Share of units that gave zero for a whole batch, behind a ReLU; NaN elsewhere.
        double deadShare = std::numeric_limits<double>::quiet_NaN();
        Histogram weights, gradients, activations; ///< activations: of what the layer gives
    };
    std::int64_t step = 0;
    std::vector<Row> rows; ///< layers that have weights or activate, first to last
};

using Preview =
    std::variant<PredictionPreview, DecisionSurface, ScoreHistogram, ForecastPreview, HistoryPreview, ScatterPreview,
                 TextPreview, WrittenText, TranslationPreview, MatchPreview, RocPreview, DetectionPreview, LayerReport>;

}
