// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/run/question.h"

#include <string>

namespace descent {

/// A header and a line a sample: the likeliest class and the probability of each, or the number.
std::string csvOf(const SamplesAnswer& answer, const Targets& targets);

/// A header and a line a step, its time or number first.
std::string csvOf(const ForecastAnswer& answer);

}
