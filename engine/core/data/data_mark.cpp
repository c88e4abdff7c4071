// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/data/data_mark.h"

#include "engine/core/base/checksum.h"

#include <algorithm>
#include <span>

namespace descent {

namespace {

template <typename T>
void add(Sha256& hash, std::span<const T> values)
{
    constexpr std::size_t most = std::size_t{64} << 20;
    const std::size_t count = values.size();
    hash.add(std::as_bytes(std::span{&count, 1}));
    hash.add(std::as_bytes(values.first(std::min(count, most / sizeof(T)))));
}

void add(Sha256& hash, const SampleArray& array)
{
    if (const auto* floats = std::get_if<SampleArray::Floats>(&array.values); floats && *floats)
        add(hash, std::span{**floats});
    else if (const auto* ids = std::get_if<SampleArray::Ids>(&array.values); ids && *ids)
        add(hash, std::span{**ids});
    else if (const auto* pictures = std::get_if<const PictureArray*>(&array.values); pictures && *pictures)
        add(hash, std::span{(*pictures)->pixels});
}

}

std::string dataMark(const PreparedData& data)
{
    Sha256 hash;
    add(hash, std::span{data.split.train});
    add(hash, std::span{data.split.validation});
    add(hash, std::span{data.split.test});
    for (const SampleArray& input : data.train.inputs)
        add(hash, input);
    add(hash, data.train.targets);
    return hash.finish();
}

}
