// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/torch/train/best_model.h"

namespace descent {

bool BestModel::consider(const torch::nn::Module& network, std::int64_t epoch, const Metrics& validation, const Metrics& bySeries)
{
    const bool better = isBetter(validation);
    m_epochsWithout = better ? 0 : m_epochsWithout + 1;
    if (!better)
        return false;
    m_weights.take(network);
    m_isPresent = true;
    m_validation = validation;
    m_epoch = bySeries;
    m_epoch["epoch"] = static_cast<double>(epoch);
    return true;
}

bool BestModel::isBetter(const Metrics& validation) const
{
    if (m_validation.empty())
        return true;
    const double now = validation.at(m_task.primaryMetric), best = m_validation.at(m_task.primaryMetric);
    if (now == best) // accuracy is coarse: of equals, the surer one
        return validation.contains("loss") && validation.at("loss") < m_validation.at("loss");
    return m_task.higherIsBetter() ? now > best : now < best;
}

void BestModel::save(TrainingState& state, NamedTensors& tensors) const
{
    state.bestValidation = m_validation;
    state.bestEpoch = m_epoch;
    state.bestIsPresent = m_isPresent;
    state.epochsWithoutBest = m_epochsWithout;
    if (!exists() || m_isPresent)
        return;
    const NamedTensors own = partOfTraining("best", m_weights.state());
    tensors.insert(tensors.end(), own.begin(), own.end());
}

Problems BestModel::restore(const TrainingState& state, const WeightsFile& weights, const torch::nn::Module& network)
{
    if (!state.bestValidation.empty()) {
        m_weights.take(network);
        if (!state.bestIsPresent)
            if (Problems problems = putBack(weights, partOfTraining("best", m_weights.state())); !problems.empty())
                return problems;
    }
    m_validation = state.bestValidation;
    m_epoch = state.bestEpoch;
    m_isPresent = state.bestIsPresent;
    m_epochsWithout = state.epochsWithoutBest;
    return {};
}

}
