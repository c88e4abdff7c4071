// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/data/inspection.h"

namespace descent {

/// What a person wants to know of histories: how many events and days each person has (as columns), and the most frequent codes.
void describe(const Histories& histories, DatasetReport& report);

/// One person's events in order: "day 12: lab: HbA1c 7.1".
void show(const Histories& histories, std::int64_t person, DatasetReport::SampleView& sample);

}
