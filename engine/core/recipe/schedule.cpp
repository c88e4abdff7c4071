// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/recipe/schedule.h"

#include "engine/core/recipe/catalog.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <numbers>
#include <stdexcept>

namespace descent {

namespace {

constexpr char milestonesPath[] = "training.milestones";

/// Half a cosine from `from` at 0 to `to` at 1.
double annealed(double from, double to, double share)
{
    return to + (from - to) / 2 * (1 + std::cos(std::numbers::pi * share));
}

double oneCycle(const Schedule& schedule, std::int64_t step)
{
    constexpr double startDivisor = 25, endDivisor = 1e4, climb = 0.3;
    const double start = schedule.peak / startDivisor, end = start / endDivisor;
    const double top = climb * static_cast<double>(schedule.totalSteps) - 1;
    const double last = static_cast<double>(schedule.totalSteps) - 1;
    const double at = std::min(static_cast<double>(step), last);
    if (at <= top && top > 0)
        return annealed(start, schedule.peak, at / top);
    return last > top ? annealed(schedule.peak, end, (at - std::max(top, 0.0)) / (last - std::max(top, 0.0))) : end;
}

/// How much of the cosine that is under way is over, from 0 to below 1.
double shareOfCosine(const Schedule& schedule, std::int64_t step)
{
    std::int64_t length = schedule.restartLength;
    if (schedule.restartMultiplier == 1)
        step %= length;
    for (; step >= length; length *= schedule.restartMultiplier)
        step -= length;
    return static_cast<double>(step) / static_cast<double>(length);
}

Schedule::Kind kindOf(std::string_view name)
{
    using Kind = Schedule::Kind;
    return name == "step"            ? Kind::step
        : name == "multi-step"       ? Kind::multiStep
        : name == "exponential"      ? Kind::exponential
        : name == "polynomial"       ? Kind::polynomial
        : name == "cosine"           ? Kind::cosine
        : name == "cosine-restarts"  ? Kind::cosineRestarts
        : name == "one-cycle"        ? Kind::oneCycle
        : name == "plateau"          ? Kind::plateau
                                     : Kind::constant;
}

}

double learningRateAt(const Schedule& schedule, std::int64_t step)
{
    using Kind = Schedule::Kind;
    if (schedule.kind == Kind::oneCycle)
        return oneCycle(schedule, step);
    if (step < schedule.warmupSteps)
        return schedule.peak * static_cast<double>(step + 1) / static_cast<double>(schedule.warmupSteps);
    const double floor = schedule.peak * schedule.finalRate;
    const std::int64_t since = step - schedule.warmupSteps; // the warm-up
    const double share = std::min(1.0, static_cast<double>(since) / static_cast<double>(std::max<std::int64_t>(1, schedule.totalSteps - schedule.warmupSteps)));
    switch (schedule.kind) {
    case Kind::step: return schedule.peak * std::pow(schedule.stepFactor, static_cast<double>(step / schedule.stepLength));
    case Kind::multiStep: {
        const auto falls = std::upper_bound(schedule.milestones.begin(), schedule.milestones.end(), step) - schedule.milestones.begin();
        return schedule.peak * std::pow(schedule.stepFactor, static_cast<double>(falls));
    }
    case Kind::exponential: return schedule.peak * std::pow(schedule.stepFactor, static_cast<double>(since) / static_cast<double>(schedule.stepLength));
    case Kind::polynomial: return floor + (schedule.peak - floor) * std::pow(1 - share, schedule.power);
    case Kind::cosine: return annealed(schedule.peak, floor, share);
    case Kind::cosineRestarts: return annealed(schedule.peak, floor, shareOfCosine(schedule, since));
    case Kind::constant:
    case Kind::plateau:
    case Kind::oneCycle: break;
    }
    return schedule.peak;
}

Result<std::vector<std::int64_t>> milestonesFrom(std::string_view text_)
{
    constexpr std::int64_t last = 100000; // epochs, as many as a run can have
    std::vector<std::int64_t> epochs;
    const auto refused = [&] {
        return Result<std::vector<std::int64_t>>{
            std::nullopt, {{milestonesPath, text("\"%1\" is no list of epochs", text_), text("write whole numbers that grow, as in \"30, 60, 90\"")}}};
    };
    for (std::size_t start = 0; start <= text_.size();) {
        const std::size_t comma = std::min(text_.find(',', start), text_.size());
        std::string_view part = text_.substr(start, comma - start);
        while (part.starts_with(' '))
            part.remove_prefix(1);
        while (part.ends_with(' '))
            part.remove_suffix(1);
        std::int64_t epoch = 0;
        const auto [end, error] = std::from_chars(part.data(), part.data() + part.size(), epoch);
        if (error != std::errc{} || end != part.data() + part.size() || epoch <= (epochs.empty() ? 0 : epochs.back()) || epoch > last)
            return refused();
        epochs.push_back(epoch);
        start = comma + 1;
    }
    return {std::move(epochs), {}};
}

Problems validateSchedule(const Parameters& training)
{
    return milestonesFrom(textOf(trainingSchema(), training, "milestones")).problems;
}

Schedule scheduleOf(const Parameters& training, std::int64_t stepsPerEpoch)
{
    const Schema& schema = trainingSchema();
    Schedule schedule;
    schedule.kind = kindOf(textOf(schema, training, "schedule"));
    schedule.peak = realOf(schema, training, "learningRate");
    schedule.totalSteps = integerOf(schema, training, "epochs") * stepsPerEpoch;
    schedule.warmupSteps = std::llround(realOf(schema, training, "warmupEpochs") * static_cast<double>(stepsPerEpoch));
    const bool smoothly = schedule.kind == Schedule::Kind::exponential;
    schedule.stepLength = (smoothly ? 1 : integerOf(schema, training, "stepEpochs")) * stepsPerEpoch;
    schedule.stepFactor = realOf(schema, training, smoothly ? "epochFactor" : "stepFactor");
    if (schedule.kind == Schedule::Kind::multiStep) {
        const std::string written = textOf(schema, training, "milestones");
        const Result<std::vector<std::int64_t>> epochs = milestonesFrom(written);
        if (!epochs)
            throw std::invalid_argument{"milestones: " + written};
        for (const std::int64_t epoch : *epochs)
            schedule.milestones.push_back(epoch * stepsPerEpoch);
    }
    schedule.power = realOf(schema, training, "power");
    schedule.restartLength = integerOf(schema, training, "restartEpochs") * stepsPerEpoch;
    schedule.restartMultiplier = integerOf(schema, training, "restartMultiplier");
    schedule.finalRate = realOf(schema, training, "finalRate");
    return schedule;
}

bool followsLength(Schedule::Kind kind)
{
    using Kind = Schedule::Kind;
    return kind == Kind::polynomial || kind == Kind::cosine || kind == Kind::oneCycle;
}

PlateauOptions plateauOptions(const Parameters& training, bool higherIsBetter)
{
    const Schema& schema = trainingSchema();
    return {.factor = realOf(schema, training, "stepFactor"),
            .patience = integerOf(schema, training, "plateauPatience"),
            .threshold = realOf(schema, training, "plateauThreshold"),
            .leastScale = realOf(schema, training, "finalRate"),
            .higherIsBetter = higherIsBetter};
}

void PlateauState::update(const PlateauOptions& options, double figure)
{
    const bool better = !best ? !std::isnan(figure)
        : options.higherIsBetter ? figure > *best * (1 + options.threshold)
                                 : figure < *best * (1 - options.threshold);
    if (better)
        best = figure;
    epochsWithout = better ? 0 : epochsWithout + 1;
    if (epochsWithout > options.patience) {
        scale = std::max(scale * options.factor, options.leastScale);
        epochsWithout = 0;
    }
}

std::map<std::string, double> PlateauState::parts() const
{
    std::map<std::string, double> parts{{"plateau.scale", scale}, {"plateau.epochsWithout", static_cast<double>(epochsWithout)}};
    if (best)
        parts["plateau.best"] = *best;
    return parts;
}

PlateauState PlateauState::fromParts(const std::map<std::string, double>& parts)
{
    PlateauState state;
    if (const auto found = parts.find("plateau.scale"); found != parts.end())
        state.scale = found->second;
    if (const auto found = parts.find("plateau.best"); found != parts.end())
        state.best = found->second;
    if (const auto found = parts.find("plateau.epochsWithout"); found != parts.end() && found->second > 0 && found->second < 1e9) // a file's
        state.epochsWithout = std::llround(found->second);
    return state;
}

}
