// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/fuzz/harness.h"

namespace descent {

void readDamaged(std::span<const std::byte> input)
{
    fuzz::loadDataset("event-records", {{"events.csv", input}});
    fuzz::loadDataset("event-records", {{"events.csv", input}},
                      {{"outcomeCode", "death"}, {"leaveOut", 30.0}, {"until", "2020-06-01"}});
    const auto whole = fuzz::corpusFile("records/events-without-label.csv");
    fuzz::loadDataset("event-records", {{"events.csv", whole}, {"labels.csv", input}});
}

}
