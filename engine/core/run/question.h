// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/data/picture.h"
#include "engine/core/metrics/detection.h"

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

using Question = std::variant<EvaluationQuestion, DetectionQuestion>;
using Answer = std::variant<EvaluationAnswer, DetectionAnswer>;

/// How a long answer is watched and cancelled. Called on the answering thread.
struct AskControl {
    std::stop_token stop;                               ///< when stopped, asking throws Cancelled soon
    std::function<void(double fraction)> progress;      ///< 0 to 1; may be empty
    std::function<void(std::string_view piece)> stream; ///< of a text as it grows; may be empty
};

}
