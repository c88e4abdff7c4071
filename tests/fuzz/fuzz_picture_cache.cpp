// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/fuzz/harness.h"

#include "engine/core/base/checksum.h"
#include "engine/core/data/picture_cache.h"

#include <cstdlib>
#include <cstring>

namespace descent {

namespace {

/// With an ending's first letters and a sum that is right: what guards the index is not what is to be tried.
std::vector<std::byte> mended(std::span<const std::byte> input)
{
    constexpr std::size_t endingBytes = 40, lengthAt = 24, sumAt = 32;
    std::vector<std::byte> bytes{input.begin(), input.end()};
    if (bytes.size() < endingBytes)
        return bytes;
    std::byte* ending = bytes.data() + bytes.size() - endingBytes;
    std::memcpy(ending, "DESCPIC2", 8);
    std::uint64_t length = 0;
    std::memcpy(&length, ending + lengthAt, sizeof length);
    const std::span<const std::byte> before = std::span{bytes}.first(bytes.size() - endingBytes);
    if (length <= before.size()) {
        const std::uint32_t sum = crc32Of(before.last(length));
        std::memcpy(ending + sumAt, &sum, sizeof sum);
    }
    return bytes;
}

}

void readDamaged(std::span<const std::byte> input)
{
    static const std::string name = "cache/pictures/" + PictureCache{"fuzz"}.path().filename().string();
    const std::vector<std::byte> bytes = mended(input);
    ::setenv("DESCENT_HOME", fuzz::memoryFolder({{name, bytes}}).c_str(), 1);
    const PictureCache cache{"fuzz"};
    for (const char* file : {"a.png", "b.png"})
        if (const CachedPicture* known = cache.find(file)) {
            cache.isSure(*known, known->stamp);
            if (const std::optional<Picture> picture = cache.read(*known))
                fuzz::promise(picture->pixels.size() == static_cast<std::size_t>(known->kept.geometry.bytes())
                                  && known->kept.offset + picture->pixels.size() <= bytes.size(),
                              "pixels are those of the file");
        }
}

}
