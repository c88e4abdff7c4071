// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/fuzz/harness.h"

namespace descent {

void readDamaged(std::span<const std::byte> input)
{
    fuzz::loadDataset("series", {{"load.csv", input}});
    fuzz::loadDataset("series", {{"load.csv", input}}, {{"time", "1"}, {"header", "no"}});
}

}
