// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/fuzz/harness.h"

#include "engine/core/data/bytes.h"

#include <algorithm>

namespace descent {

void readDamaged(std::span<const std::byte> input)
{
    const std::filesystem::path file = fuzz::memoryFolder({{"packed", input}}) / "packed";
    constexpr std::size_t most = 16 << 20;
    try {
        const Bytes bytes = readPossiblyGzip(file, most);
        fuzz::promise(bytes.size() <= most, "no more comes out than is asked for");
        const bool packed = input.size() >= 2 && input[0] == std::byte{0x1f} && input[1] == std::byte{0x8b};
        fuzz::promise(packed || std::ranges::equal(bytes, input), "what is not packed comes out as it is");
    } catch (const DescentError& error) {
        fuzz::promise(!error.message().empty(), "a refusal has a reason");
    }
}

}
