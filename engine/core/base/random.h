// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <span>
#include <utility>

namespace descent {

/// Seeded numbers that are the same on every machine and every standard library (std::shuffle and the std distributions
/// are not): xoshiro256**, seeded through splitmix64. "Scrambled Linear Pseudorandom Number Generators", arXiv:1805.01407
class Random {
public:
    explicit Random(std::uint64_t seed);

    std::uint64_t next();
    std::uint64_t below(std::uint64_t bound); ///< uniform in [0, bound), unbiased; bound above 0
    double uniform();                         ///< uniform in [0, 1), 53 bits
    double uniform(double low, double high) { return low + (high - low) * uniform(); }
    double normal(); ///< standard normal, by Box and Muller

    /// Fisher and Yates.
    template <typename T>
    void shuffle(std::span<T> values)
    {
        for (std::size_t i = values.size(); i > 1; --i)
            std::swap(values[i - 1], values[below(i)]);
    }

private:
    std::uint64_t m_state[4];
    double m_spareNormal = 0;
    bool m_hasSpareNormal = false;
};

/// A seed for one purpose of a run, so that the split, the augmentation and the weights draw from streams of their own and
/// a change in one does not shift the others.
std::uint64_t derivedSeed(std::uint64_t seed, const char* purpose);

}
