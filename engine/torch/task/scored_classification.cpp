// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/torch/task/scored_classification.h"

#include "engine/core/metrics/calibration.h"
#include "engine/core/metrics/ranking.h"

#include <ATen/ATen.h>
#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>
#include <torch/utils.h>

namespace descent {

namespace {

using Figures = std::map<std::string, double>;

/// What of two classes the scores are of: the one with fewer training samples, the second where they are as many.
std::int64_t rarerClass(const PreparedData& data)
{
    const std::vector<float> weights = balancedClassWeights(data);
    return weights[0] > weights[1] ? 0 : 1;
}

double thresholdBy(const TrainingOptions& options, const RankedScores& ranked)
{
    using Rule = TrainingOptions::ThresholdRule;
    const double chosen = options.thresholdRule == Rule::half ? 0.5
        : options.thresholdRule == Rule::bestF1               ? bestF1(ranked).threshold
                                                              : thresholdOfLeastCost(ranked, options.falseAlarmCost, options.missCost).threshold;
    return std::isfinite(chosen) ? chosen : 1; // no positive to be had: nothing short of certainty is taken for one
}

double meanCost(const TrainingOptions& options, const RankedScores& ranked, double threshold)
{
    double misses = static_cast<double>(ranked.positives), falseAlarms = 0;
    for (const RankedScores::Step& step : ranked.steps)
        if (step.threshold >= threshold) {
            misses = static_cast<double>(ranked.positives - step.truePositives);
            falseAlarms = static_cast<double>(step.falsePositives);
        }
    return (misses * options.missCost + falseAlarms * options.falseAlarmCost) / static_cast<double>(ranked.count());
}

/// Scores and truths of several batches, brought to the host when they are asked for.
class Scores {
public:
    void take(const at::Tensor& scores, const at::Tensor& classes)
    {
        m_scores.push_back(scores);
        m_classes.push_back(classes);
    }
    std::vector<float> scores() const
    {
        const at::Tensor host = at::cat(m_scores).to(at::kCPU, at::kFloat).contiguous();
        return {host.const_data_ptr<float>(), host.const_data_ptr<float>() + host.numel()};
    }
    std::vector<std::int64_t> classes() const
    {
        const at::Tensor host = at::cat(m_classes).to(at::kCPU).contiguous();
        return {host.const_data_ptr<std::int64_t>(), host.const_data_ptr<std::int64_t>() + host.numel()};
    }

private:
    std::vector<at::Tensor> m_scores, m_classes;
};

std::vector<std::uint8_t> positivesAmong(const std::vector<std::int64_t>& classes, std::int64_t positive)
{
    std::vector<std::uint8_t> positives;
    positives.reserve(classes.size());
    for (const std::int64_t one : classes)
        positives.push_back(one == positive);
    return positives;
}

bool allFinite(const std::vector<float>& values)
{
    return std::all_of(values.begin(), values.end(), [](float value) { return std::isfinite(value); });
}

/// The figures of ScoredClassificationProgram.
class ScoreJudge : public ClassificationJudge {
public:
    ScoreJudge(std::int64_t classes, std::int64_t positive, const TrainingOptions& options, at::Device device,
               std::optional<double> threshold)
        : ClassificationJudge{classes, device}, m_classes{classes}, m_positive{positive}, m_options{options}, m_threshold{threshold}
    {
    }
    void take(const at::Tensor& outputs, const Batch& batch) override
    {
        ClassificationJudge::take(outputs, batch);
        const at::Tensor probabilities = outputs.softmax(1);
        m_scores.take(m_classes == 2 ? probabilities.select(1, m_positive) : probabilities.flatten(), batch.targets);
    }
    Figures figures() override
    {
        Figures figures = ClassificationJudge::figures();
        if (figures.empty())
            return figures;
        const std::vector<float> scores = m_scores.scores();
        if (!allFinite(scores)) { // a run that has come apart: the loss says so, and these figures are none
            for (const char* metric : {"auc", "average-precision", "f1", "calibration-error", "brier"})
                if (m_classes == 2 || std::string_view{metric} == "auc")
                    figures[metric] = std::numeric_limits<double>::quiet_NaN();
            return figures;
        }
        if (m_classes != 2) {
            figures["auc"] = macroOneVersusRestAuc(scores, m_scores.classes(), m_classes);
            return figures;
        }
        const std::vector<std::uint8_t> positives = positivesAmong(m_scores.classes(), m_positive);
        const RankedScores ranked{scores, positives};
        const double threshold = m_threshold ? *m_threshold : thresholdBy(m_options, ranked);
        figures["auc"] = rocAuc(ranked);
        figures["average-precision"] = averagePrecision(ranked);
        figures["threshold"] = threshold;
        figures["f1"] = f1At(ranked, threshold);
        figures["calibration-error"] = expectedCalibrationError(scores, positives);
        figures["brier"] = brierScore(scores, positives);
        if (m_options.thresholdRule == TrainingOptions::ThresholdRule::leastCost)
            figures["mean-cost"] = meanCost(m_options, ranked, threshold);
        return figures;
    }

private:
    const std::int64_t m_classes, m_positive;
    const TrainingOptions m_options;
    const std::optional<double> m_threshold; // chosen on validation
    Scores m_scores;
};

}

ScoredClassificationProgram::ScoredClassificationProgram(const TaskContext& context)
    : ClassificationProgram{context},
      m_classes{context.request.data->brief.outputs},
      m_positive{m_classes == 2 ? rarerClass(*context.request.data) : 0},
      m_options{trainingOptions(context.request.recipe.training)},
      m_device{context.device}
{
    if (m_classes != 2)
        return;
    // Looking must stay cheap beside learning: a sequence costs as much as many rows.
    const std::size_t mostSamples = context.trainSamples.areOfDifferentLength() ? 512 : 4096;
    std::vector<std::int64_t> rows = context.request.data->split.validation;
    rows.resize(std::min(rows.size(), mostSamples));
    m_heldBack = context.trainSamples.gather(rows);
}

std::unique_ptr<Judge> ScoredClassificationProgram::judge(const Figures& chosen) const
{
    const auto threshold = chosen.find("threshold");
    return std::make_unique<ScoreJudge>(m_classes, m_positive, m_options, m_device,
                                        threshold == chosen.end() ? std::nullopt : std::optional{threshold->second});
}

ScoreHistogram ScoredClassificationProgram::scores(GraphNetwork& network, std::int64_t step) const
{
    constexpr std::size_t bins = 20, calibrationBins = 10;
    ScoreHistogram histogram{.step = step, .positiveClass = m_positive};
    histogram.negatives.resize(bins);
    histogram.positives.resize(bins);
    Scores held;
    held.take(outputsOf(network, m_heldBack.inputs).softmax(1).select(1, m_positive), m_heldBack.targets);
    const std::vector<float> scores = held.scores();
    if (!allFinite(scores))
        return histogram;
    const std::vector<std::uint8_t> positives = positivesAmong(held.classes(), m_positive);
    for (std::size_t i = 0; i < scores.size(); ++i) {
        const auto bin = std::min(bins - 1, static_cast<std::size_t>(scores[i] * bins));
        ++(positives[i] ? histogram.positives : histogram.negatives)[bin];
    }
    const RankedScores ranked{scores, positives};
    histogram.threshold = thresholdBy(m_options, ranked);
    histogram.areaUnderCurve = rocAuc(ranked);
    histogram.averagePrecision = averagePrecision(ranked);
    histogram.calibrationError = expectedCalibrationError(scores, positives);
    for (const ReliabilityBin& bin : reliabilityCurve(scores, positives, calibrationBins))
        if (bin.count > 0)
            histogram.calibration.push_back({bin.meanScore, bin.positiveShare, bin.count});
    return histogram;
}

}
