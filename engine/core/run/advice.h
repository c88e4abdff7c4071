// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/recipe/recipe.h"
#include "engine/core/run/run_event.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace descent {

/// What a run's curves come to, epoch by epoch: all that advice is made from. Points are given in order, as they come or as
/// the store has them.
class CurveSummary {
public:
    void add(const std::string& series, std::int64_t step, double value);

    const std::vector<double>& trainingLoss() const { return m_trainingLoss; }     ///< mean of each judged epoch
    const std::vector<double>& validationLoss() const { return m_validationLoss; } ///< of each judged epoch
    std::optional<double> firstLoss() const; ///< mean of the first ten steps; none: fewer were told
    // Medians of the newest few; none: not told.
    std::optional<double> updateRatio() const { return m_updateRatio.median(); }
    std::optional<double> deadUnits() const { return m_deadUnits.median(); }
    std::optional<double> inputWait() const { return m_inputWait.median(); }

private:
    struct Recent {
        std::vector<double> values; // at most five
        void add(double value);
        std::optional<double> median() const;
    };
    std::vector<double> m_trainingLoss, m_validationLoss;
    double m_sum = 0, m_firstSum = 0;
    std::int64_t m_count = 0, m_firstCount = 0;
    Recent m_updateRatio, m_deadUnits, m_inputWait;
};

/// A change of the recipe that may help.
struct Proposal {
    Text words;        ///< "halve the learning rate"
    std::string path;  ///< "training.learningRate"
    std::string value; ///< as setByPath() takes it
};

/// What curves say, in plain words, with what shows it and what may help.
struct Advice {
    std::string id; ///< "overfitting", "rate-too-high", "rate-too-low", "plateau", "dead-units", "input-bound"
    Text finding, evidence;
    std::vector<Proposal> proposals; ///< the likeliest to help first
    Text hint;                       ///< what no setting does; may be empty
};

/// What can be said of a run so far, the most pressing first; nothing, mostly. `recipe` with or without defaults.
std::vector<Advice> adviceFor(const CurveSummary& curves, const Recipe& recipe);

}
