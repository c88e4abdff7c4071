// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/data/preparation.h"

#include <array>
#include <compare>
#include <cstdint>
#include <stop_token>
#include <vector>

namespace descent {

/// Two samples with one print are alike: 128 bits, so that even among a billion none is mistaken for another.
struct SamplePrint {
    std::uint64_t first = 0, second = 0;
    auto operator<=>(const SamplePrint&) const = default;
};

/// Whether samples of this kind have prints: pictures, rows of a table, texts, histories.
bool havePrints(const Samples& samples);

/// Of what is learnt from: the pixels, the cells of the columns that are inputs, a gap being like a gap, the text, the events. One
/// a sample; none at all for other kinds of data. Throws Cancelled.
std::vector<SamplePrint> samplePrints(const Samples& samples, const PreparationSettings& settings, const std::stop_token& stop = {});

/// Of what is to be predicted: equal where that is the same. 0 where there is nothing.
std::uint64_t targetPrint(const Targets& targets, std::size_t row);

std::vector<SamplePrint> picturePrints(const PictureArray& pictures, const std::stop_token& stop = {}); ///< of the pixels alone

/// What a picture looks like: 64 bits of rising and falling brightness (dHash, as N. Krawetz describes it) to find those that
/// may be alike, and its brightness on a grid of 16 x 16, mean 0 and length 1, to be sure of it.
struct PictureLook {
    std::uint64_t bits = 0;
    std::array<float, 256> grid{}; ///< all 0 where the picture is plain
};
std::vector<PictureLook> pictureLooks(const PictureArray& pictures, const std::stop_token& stop = {});

/// For each look the first one before it that is nearly the same, or -1: at most 4 bits apart, grids that agree to 0.99 (the
/// cosine). Plain pictures are like nothing. Bounded: of looks that share a band of bits the first 500 are compared.
/// `prints` keeps exact repeats out: they are duplicates already.
std::vector<std::int64_t> nearlySame(const std::vector<PictureLook>& looks, const std::vector<SamplePrint>& prints,
                                     const std::stop_token& stop = {});

}
