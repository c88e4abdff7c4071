// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/data/dataset.h"

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

/// Which vectors do these pictures become? Of the dataset's channels, height and width. Face recognition.
struct FaceQuestion {
    PictureArray pictures;
};
/// And those of the people kept back for validation, who are strangers to any gallery?
struct HeldOutFacesQuestion {};
struct FaceAnswer {
    std::int64_t width = 0;
    std::vector<float> embeddings;    ///< [count, width], each of length 1
    std::vector<std::int64_t> people; ///< of those kept back, one a picture; else empty
};

using Question = std::variant<EvaluationQuestion, FaceQuestion, HeldOutFacesQuestion>;
using Answer = std::variant<EvaluationAnswer, FaceAnswer>;

/// How a long answer is watched and cancelled. Called on the answering thread.
struct AskControl {
    std::stop_token stop;                               ///< when stopped, asking throws Cancelled soon
    std::function<void(double fraction)> progress;      ///< 0 to 1; may be empty
    std::function<void(std::string_view piece)> stream; ///< of a text as it grows; may be empty
};

}
