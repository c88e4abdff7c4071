// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/fuzz/harness.h"

#include "engine/core/data/csv.h"

namespace descent {

void readDamaged(std::span<const std::byte> input)
{
    for (const char separator : {',', ';', '\t'})
        fuzz::checkProblems(parseCsv(fuzz::asText(input), separator).problems, false);
    fuzz::loadDataset("csv", {{"table.csv", input}});
    fuzz::loadDataset("csv", {{"table.csv", input}}, {{"target", "1"}, {"targetType", "number"}, {"header", "yes"}});
}

}
