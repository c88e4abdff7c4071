// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/base/problem.h"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace descent {

/// What a training must know beside its tensors to go on as if it had never stopped. It is only taken between two optimizer
/// steps, so there never is a gradient half accumulated.
struct TrainingState {
    std::int64_t step = 0;             ///< optimizer steps done
    std::int64_t epoch = 1, batch = 0; ///< the epoch under way, counted from 1, and how many of its optimizer steps are done
    std::int64_t judgedEpoch = -1;     ///< the last whose model was judged on validation; -1: none, 0: as it started
    std::int64_t samples = 0;          ///< learnt from so far
    double seconds = 0;                ///< of training, pauses left out
    std::optional<double> requestedRate; ///< a person's learning rate, in place of the schedule's

    std::map<std::string, double> bestValidation; ///< by metric; empty: no epoch was judged
    std::map<std::string, double> bestEpoch;      ///< by series, with "epoch"
    bool bestIsPresent = false; ///< the weights are the best so far, so the tensors hold them once
    std::int64_t epochsWithoutBest = 0;

    std::int64_t optimizerSteps = 0; ///< as the optimizer counts them, for its corrections
    std::vector<std::string> taken;  ///< tensors that came from the run's start and learn at a rate of their own
    std::map<std::string, double> parts; ///< what further parts of the trainer keep, by "part.value"

    // Under which the numbers are the same, bit for bit.
    std::string data;   ///< see markOf()
    std::string device; ///< "cpu", "cuda"
    std::int64_t threads = 0;
    std::int64_t stepsPerEpoch = 0, batchSize = 0;
    std::string optimizer; ///< kind
    std::string torch;     ///< version

    bool operator==(const TrainingState&) const = default;
};

/// JSON, in which every number comes back as it was, NaN and infinities too.
std::string toJson(const TrainingState& state);
/// Problems: it is not such JSON, or what it says cannot be.
Result<TrainingState> trainingStateFromJson(std::string_view json);

}
