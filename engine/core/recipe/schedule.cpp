// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/recipe/schedule.h"

#include "engine/core/recipe/catalog.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace descent {

namespace {

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

}

double learningRateAt(const Schedule& schedule, std::int64_t step)
{
    if (schedule.kind == Schedule::Kind::oneCycle)
        return oneCycle(schedule, step);
    if (step < schedule.warmupSteps)
        return schedule.peak * static_cast<double>(step + 1) / static_cast<double>(schedule.warmupSteps);
    switch (schedule.kind) {
    case Schedule::Kind::step: return schedule.peak * std::pow(schedule.stepFactor, static_cast<double>(step / schedule.stepLength));
    case Schedule::Kind::cosine: {
        const double length = static_cast<double>(std::max<std::int64_t>(1, schedule.totalSteps - schedule.warmupSteps));
        const double share = std::min(1.0, static_cast<double>(step - schedule.warmupSteps) / length);
        return annealed(schedule.peak, schedule.peak * schedule.finalRate, share);
    }
    default: return schedule.peak;
    }
}

Schedule scheduleOf(const Parameters& training, std::int64_t stepsPerEpoch)
{
    const Schema& schema = trainingSchema();
    const std::string kind = textOf(schema, training, "schedule");
    Schedule schedule;
    schedule.kind = kind == "step" ? Schedule::Kind::step
        : kind == "cosine"         ? Schedule::Kind::cosine
        : kind == "one-cycle"      ? Schedule::Kind::oneCycle
                                   : Schedule::Kind::constant;
    schedule.peak = realOf(schema, training, "learningRate");
    schedule.totalSteps = integerOf(schema, training, "epochs") * stepsPerEpoch;
    schedule.warmupSteps = std::llround(realOf(schema, training, "warmupEpochs") * static_cast<double>(stepsPerEpoch));
    schedule.stepLength = integerOf(schema, training, "stepEpochs") * stepsPerEpoch;
    schedule.stepFactor = realOf(schema, training, "stepFactor");
    schedule.finalRate = realOf(schema, training, "finalRate");
    return schedule;
}

}
