// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/torch/task/classification.h"

namespace descent {

/// Classification by scores that will be acted on: which payment is fraud, who is at risk. Of two classes the one with fewer
/// training samples is the positive one, and has a threshold, chosen on validation and kept for test.
/// Beside what every classification has, its judge gives auc (of several classes the mean of each against the rest), and of
/// two classes average-precision, threshold, f1 and, where costs are given, mean-cost at it, calibration-error, brier.
class ScoredClassificationProgram : public ClassificationProgram {
public:
    explicit ScoredClassificationProgram(const TaskContext& context);
    std::unique_ptr<Judge> judge(const std::map<std::string, double>& chosen) const override;

protected:
    bool hasTwoClasses() const { return m_classes == 2; }
    std::int64_t positiveClass() const { return m_positive; } ///< of two; 0 of more
    /// How the scores of held-back samples come apart. Only of two classes.
    ScoreHistogram scores(GraphNetwork& network, std::int64_t step) const;

private:
    const std::int64_t m_classes, m_positive;
    const TrainingOptions m_options;
    const at::Device m_device;
    Batch m_heldBack; // validation samples whose scores are shown; empty with more classes
};

}
