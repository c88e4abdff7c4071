// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/run/advice.h"

#include "engine/core/network/architecture.h"
#include "engine/core/recipe/catalog.h"

#include <algorithm>
#include <cmath>

namespace descent {

namespace {

constexpr std::size_t recent = 5;
constexpr std::int64_t firstSteps = 10;
// Update-to-weight ratios: about 1e-3 is usual (Karpathy, CS231n notes, "Ratio of weights:updates").
constexpr double wildUpdates = 0.05, timidUpdates = 2e-5;
constexpr double muchWaiting = 0.2, manyDead = 0.4;

std::string shortNumber(double value)
{
    return fmt::format("{:.3g}", value);
}

double rateOf(const Recipe& recipe)
{
    return realOf(trainingSchema(), recipe.training, "learningRate");
}

Proposal otherRate(const Recipe& recipe, double factor)
{
    const std::string rate = shortNumber(rateOf(recipe) * factor);
    return {factor < 1 ? text("lower the learning rate to %1", rate) : text("raise the learning rate to %1", rate), "training.learningRate", rate};
}

std::size_t bestEpoch(const std::vector<double>& losses)
{
    return static_cast<std::size_t>(std::min_element(losses.begin(), losses.end()) - losses.begin());
}

bool overfits(const CurveSummary& curves)
{
    const auto &train = curves.trainingLoss(), &validation = curves.validationLoss();
    if (validation.size() < 4 || train.size() != validation.size())
        return false;
    const std::size_t best = bestEpoch(validation), since = validation.size() - 1 - best;
    return since >= std::max<std::size_t>(2, validation.size() / 5) && validation.back() > validation[best] * 1.05 && train.back() < train[best] * 0.98;
}

void adviseOnOverfitting(const CurveSummary& curves, const Recipe& recipe, std::vector<Advice>& advice)
{
    if (!overfits(curves))
        return;
    const auto &train = curves.trainingLoss(), &validation = curves.validationLoss();
    const std::size_t best = bestEpoch(validation);
    Advice one{.id = "overfitting",
               .finding = text("the network learns its training samples by heart"),
               .evidence = text("since epoch %1 the loss on validation rose from %2 to %3, while that of training fell from %4 to %5", best + 1,
                                shortNumber(validation[best]), shortNumber(validation.back()), shortNumber(train[best]), shortNumber(train.back()))};
    const Schema& schema = trainingSchema();
    if (integerOf(schema, recipe.training, "earlyStopping") == 0)
        one.proposals.push_back({text("stop early, after 3 epochs without a better figure"), "training.earlyStopping", "3"});
    const double decay = realOf(schema, recipe.training, "weightDecay");
    const std::string more = shortNumber(decay > 0 ? decay * 3 : textOf(schema, recipe.training, "optimizer") == "sgd" ? 5e-4 : 0.05);
    one.proposals.push_back({text("pull the weights towards zero: a weight decay of %1", more), "training.weightDecay", more});
    const Architecture* architecture = findArchitecture(recipe.architecture.kind);
    const ParameterSchema* dropout = architecture ? findParameter(architecture->schema, "dropout") : nullptr;
    if (dropout && dropout->type == ParameterType::real) {
        const std::string share = shortNumber(std::min(0.5, realOf(architecture->schema, recipe.architecture.parameters, "dropout") + 0.2));
        one.proposals.push_back({text("leave values out at random: a dropout of %1", share), "architecture.dropout", share});
    }
    one.hint = text("more samples, or samples changed at random, help most");
    advice.push_back(std::move(one));
}

void adviseOnHighRate(const CurveSummary& curves, const Recipe& recipe, std::vector<Advice>& advice)
{
    const auto& train = curves.trainingLoss();
    Text evidence;
    if (const auto first = curves.firstLoss(); first && !train.empty() && std::isfinite(train.back()) && train.back() > *first * 1.2)
        evidence = text("the loss is %1 now and was %2 at the beginning", shortNumber(train.back()), shortNumber(*first));
    else if (train.size() >= 3 && train.back() > train[bestEpoch(train)] * 1.5)
        evidence = text("the loss of training rose again, from %1 in epoch %2 to %3", shortNumber(train[bestEpoch(train)]), bestEpoch(train) + 1, shortNumber(train.back()));
    else if (const auto ratio = curves.updateRatio(); ratio && *ratio > wildUpdates)
        evidence = text("a step changes the weights by %1 of their size; a thousandth is usual", shortNumber(*ratio));
    if (evidence.empty())
        return;
    Advice one{.id = "rate-too-high", .finding = text("the learning rate seems too high"), .evidence = std::move(evidence), .proposals = {otherRate(recipe, 0.3)}};
    if (realOf(trainingSchema(), recipe.training, "clipNorm") == 0)
        one.proposals.push_back({text("clip the gradients at a norm of 1"), "training.clipNorm", "1"});
    advice.push_back(std::move(one));
}

/// Neither training nor validation got better over the newest third, at least three epochs.
std::optional<std::size_t> stillFor(const CurveSummary& curves)
{
    const auto &train = curves.trainingLoss(), &validation = curves.validationLoss();
    const std::size_t count = train.size(), window = std::max<std::size_t>(3, count / 3);
    if (count < 2 * window || validation.size() != count)
        return std::nullopt;
    const auto bestOf = [](const std::vector<double>& values, std::size_t from, std::size_t to) {
        return *std::min_element(values.begin() + static_cast<std::ptrdiff_t>(from), values.begin() + static_cast<std::ptrdiff_t>(to));
    };
    const auto gain = [&](const std::vector<double>& values) {
        const double before = bestOf(values, 0, count - window);
        return (before - bestOf(values, count - window, count)) / std::max(1e-12, std::abs(before));
    };
    return gain(train) < 0.01 && gain(validation) < 0.005 ? std::optional{window} : std::nullopt;
}

void adviseOnPlateau(const CurveSummary& curves, const Recipe& recipe, std::vector<Advice>& advice)
{
    const auto window = stillFor(curves);
    if (!window || overfits(curves) || !advice.empty())
        return;
    const auto ratio = curves.updateRatio();
    const bool timid = ratio && *ratio < timidUpdates;
    Advice one{.id = timid ? "rate-too-low" : "plateau",
               .finding = timid ? text("the learning rate seems too low") : text("the loss has come to rest"),
               .evidence = timid ? text("a step changes the weights by %1 of their size; a thousandth is usual", shortNumber(*ratio))
                                 : text("over the last %1 epochs the loss of training went from %2 to %3", *window,
                                        shortNumber(curves.trainingLoss()[curves.trainingLoss().size() - 1 - *window]), shortNumber(curves.trainingLoss().back()))};
    if (timid) {
        one.proposals.push_back(otherRate(recipe, 10));
    } else {
        if (textOf(trainingSchema(), recipe.training, "schedule") == "constant")
            one.proposals.push_back({text("let the learning rate fall along a cosine"), "training.schedule", "cosine"});
        one.proposals.push_back(otherRate(recipe, 0.1));
        one.hint = text("if a lower rate does not help either, this is what the network can do: try a larger one");
    }
    advice.push_back(std::move(one));
}

void adviseOnDeadUnits(const CurveSummary& curves, const Recipe& recipe, std::vector<Advice>& advice)
{
    const auto dead = curves.deadUnits();
    if (!dead || *dead < manyDead)
        return;
    Advice one{.id = "dead-units",
               .finding = text("many units are dead: they give zero for every sample and learn no more"),
               .evidence = text("%1 % of the units behind a ReLU", std::llround(*dead * 100))};
    const Architecture* architecture = findArchitecture(recipe.architecture.kind);
    if (const ParameterSchema* activation = architecture ? findParameter(architecture->schema, "activation") : nullptr;
        activation && textOf(architecture->schema, recipe.architecture.parameters, "activation") == "relu")
        one.proposals.push_back({text("take leaky ReLU, which never is all zero"), "architecture.activation", "leaky-relu"});
    one.proposals.push_back(otherRate(recipe, 0.3));
    advice.push_back(std::move(one));
}

void adviseOnInput(const CurveSummary& curves, const Recipe& recipe, std::vector<Advice>& advice)
{
    const auto wait = curves.inputWait();
    if (!wait || *wait < muchWaiting)
        return;
    Advice one{.id = "input-bound",
               .finding = text("the network waits for its data"),
               .evidence = text("%1 % of the time of a step", std::llround(*wait * 100)),
               .hint = text("samples that fit in memory come quickest: let Descent hold more of them with DESCENT_DATA_MEMORY, or make pictures smaller with preprocessing.resize")};
    if (const std::int64_t batch = integerOf(trainingSchema(), recipe.training, "batchSize"); batch < 32)
        one.proposals.push_back({text("take batches of %1", batch * 4), "training.batchSize", std::to_string(batch * 4)});
    advice.push_back(std::move(one));
}

}

void CurveSummary::Recent::add(double value)
{
    values.push_back(value);
    if (values.size() > recent)
        values.erase(values.begin());
}

std::optional<double> CurveSummary::Recent::median() const
{
    if (values.size() < 3) // one odd moment is no finding
        return std::nullopt;
    std::vector<double> sorted = values;
    std::sort(sorted.begin(), sorted.end());
    return sorted[sorted.size() / 2];
}

void CurveSummary::add(const std::string& series, std::int64_t step, double value)
{
    if (series == "loss/train") {
        m_sum += value;
        ++m_count;
        if (m_firstCount < firstSteps) {
            m_firstSum += value;
            ++m_firstCount;
        }
    } else if (series == "loss/validation" && step > 0) {
        m_validationLoss.push_back(value);
        m_trainingLoss.push_back(m_count > 0 ? m_sum / static_cast<double>(m_count) : std::nan(""));
        m_sum = 0;
        m_count = 0;
    } else if (series == "update-ratio") {
        m_updateRatio.add(value);
    } else if (series == "dead-units") {
        m_deadUnits.add(value);
    } else if (series == "input-wait") {
        m_inputWait.add(value);
    }
}

std::optional<double> CurveSummary::firstLoss() const
{
    return m_firstCount < firstSteps ? std::nullopt : std::optional{m_firstSum / static_cast<double>(m_firstCount)};
}

std::vector<Advice> adviceFor(const CurveSummary& curves, const Recipe& recipe)
{
    std::vector<Advice> advice;
    adviseOnHighRate(curves, recipe, advice);
    adviseOnDeadUnits(curves, recipe, advice);
    adviseOnOverfitting(curves, recipe, advice);
    adviseOnPlateau(curves, recipe, advice);
    adviseOnInput(curves, recipe, advice);
    return advice;
}

}
