// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/data/dataset.h"
#include "engine/core/data/picture.h"
#include "engine/core/metrics/detection.h"
#include "engine/core/run/translated_text.h"
#include "engine/core/text/sampling.h"

#include <cstdint>
#include <functional>
#include <map>
#include <stop_token>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace descent {

// What a finished run's network may be asked, and what it answers: small values. A task's program answers those of its own
// (engine/torch/task); any task answers EvaluationQuestion.

/// What is it worth?
struct EvaluationQuestion {};
struct EvaluationAnswer {
    std::map<std::string, double> validation, test; ///< by MetricKind id; test is empty where nothing was kept for it
};

/// How does the series go on behind its end?
struct ForecastQuestion {
    std::int64_t steps = 0; ///< 0: the horizon it was trained for; further steps build on forecasts
};
struct ForecastAnswer {
    std::vector<std::string> names;    ///< of the columns that are forecast
    std::int64_t firstStep = 0;        ///< number of the first step: how many the series has
    std::vector<std::int64_t> seconds; ///< since 1970, UTC, one a step; empty: the series has no times
    std::vector<float> values;         ///< [steps, columns], in their own units
};

/// Language modelling: how does this text go on?
struct ContinuationQuestion {
    std::string prompt;
    SamplingOptions sampling;
    std::int64_t length = 500; ///< tokens
    std::uint64_t seed = 1;
};
struct ContinuationAnswer {
    std::string text; ///< without the prompt
};

/// Of a translation: what are these texts in other words?
struct TranslationQuestion {
    std::vector<std::string> texts;
    std::int64_t beamWidth = 0; ///< 0: as the recipe says
};
struct TranslationAnswer {
    std::vector<TranslatedText> texts; ///< one each
};

/// Which vectors do these pictures, of any size, become? Face recognition.
struct FaceQuestion {
    std::vector<Picture> pictures;
};
/// And those of the people kept back for validation, who are strangers to any gallery?
struct HeldOutFacesQuestion {};
struct FaceAnswer {
    std::int64_t width = 0;
    std::vector<float> embeddings;    ///< [count, width], each of length 1
    std::vector<std::int64_t> people; ///< of those kept back, one a picture; else empty
};

/// What stands on this picture, and where? A picture of any size.
struct DetectionQuestion {
    Picture picture;
    double leastScore = 0.3; ///< boxes the network is less sure of (0 to 1) are left out
    double overlap = 0.6;    ///< two boxes of a class that overlap more (intersection over union) are one
};
struct DetectionAnswer {
    std::vector<DetectedBox> boxes; ///< in the picture's pixels, the surest first
    std::vector<std::string> classNames;
};

/// Picture and text matching: which of these words fits this picture? Classes that were never shown may be among them.
struct WordsQuestion {
    Picture picture; ///< of any size
    std::vector<std::string> words;
    bool areCaptions = false; ///< the words stand for themselves; else they are put into the recipe's `task.prompt`
};
struct WordsAnswer {
    std::vector<double> cosines, probabilities; ///< one each; probabilities over these words, by the recipe's temperature
    std::vector<std::string> unknown;           ///< parts of the words that the network has never read
};

/// Tables: what of these rows, prepared as those of the training (applyTablePreparation)?
struct RowsQuestion {
    std::int64_t features = 0;
    std::vector<float> values; ///< [rows, features]
};
/// What do these pictures, of any size, show? Classes of pictures, or a number of each.
struct PicturesQuestion {
    std::vector<Picture> pictures;
};
/// To which class does each of these texts belong? Text classification.
struct TextsQuestion {
    std::vector<std::string> texts;
};
struct SamplesAnswer {         ///< of each row, picture or text
    std::int64_t width = 1;    ///< one number in its own unit, or so many probabilities, one a class
    std::vector<float> values; ///< [samples, width]
};

using Question =
    std::variant<EvaluationQuestion, ForecastQuestion, ContinuationQuestion, TranslationQuestion, FaceQuestion,
                 HeldOutFacesQuestion, DetectionQuestion, WordsQuestion, RowsQuestion, PicturesQuestion, TextsQuestion>;
using Answer = std::variant<EvaluationAnswer, ForecastAnswer, ContinuationAnswer, TranslationAnswer, FaceAnswer, DetectionAnswer,
                            WordsAnswer, SamplesAnswer>;

/// How a long answer is watched and cancelled. Called on the answering thread.
struct AskControl {
    std::stop_token stop;                               ///< when stopped, asking throws Cancelled soon
    std::function<void(double fraction)> progress;      ///< 0 to 1; may be empty
    std::function<void(std::string_view piece)> stream; ///< of a text as it grows; may be empty
};

}
