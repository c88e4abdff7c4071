// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/fuzz/harness.h"

#include "engine/core/data/picture_cache.h"

#include <cstdlib>
#include <cstring>
#include <zlib.h>

namespace descent {

namespace {

/// With a header's beginning and a sum that is right: what guards the index is not what is to be tried.
std::vector<std::byte> mended(std::span<const std::byte> input)
{
    constexpr std::size_t header = 40, lengthAt = 24, sumAt = 32;
    std::vector<std::byte> bytes{input.begin(), input.end()};
    if (bytes.size() < header)
        return bytes;
    std::memcpy(bytes.data(), "DESCPIC1", 8);
    std::uint64_t length = 0;
    std::memcpy(&length, bytes.data() + lengthAt, sizeof length);
    if (length <= bytes.size() - header) {
        const auto sum = static_cast<std::uint32_t>(::crc32_z(0, reinterpret_cast<const Bytef*>(bytes.data() + header), length));
        std::memcpy(bytes.data() + sumAt, &sum, sizeof sum);
    }
    return bytes;
}

}

void readDamaged(std::span<const std::byte> input)
{
    static const std::string name = "cache/pictures/" + PictureCache{"fuzz"}.file().filename().string();
    const std::vector<std::byte> bytes = mended(input);
    ::setenv("DESCENT_HOME", fuzz::memoryFolder({{name, bytes}}).c_str(), 1);
    const PictureCache cache{"fuzz"};
    for (const char* file : {"a.png", "b.png"})
        if (const CachedPicture* known = cache.find(file)) {
            cache.isSure(*known, known->stamp);
            if (const std::optional<Picture> picture = cache.read(*known))
                fuzz::promise(picture->pixels.size() == static_cast<std::size_t>(known->channels * known->height * known->width)
                                  && known->offset + picture->pixels.size() <= bytes.size(),
                              "pixels are those of the file");
        }
}

}
