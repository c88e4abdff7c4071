// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <ATen/core/Tensor.h>

namespace descent {

/// While it lives, how a GPU's kernels are chosen: deterministic, those that add up in the same order every time; else the quickest,
/// tried out for each size. Where an operation has no deterministic kernel torch warns and takes the one there is.
/// Changes nothing for a CPU, whose kernels keep their order for a number of threads. It holds for the whole process: of two that live
/// at once, the later one decides.
class Arithmetic {
public:
    Arithmetic(bool deterministic, at::Device device);
    ~Arithmetic();
    Arithmetic(const Arithmetic&) = delete;
    Arithmetic& operator=(const Arithmetic&) = delete;

private:
    struct Choices {
        bool deterministic = false, warns = false, fillsMemory = true, deterministicCuDnn = false, benchmarks = false;
    };
    static Choices now();
    static void choose(const Choices& choices);

    const bool m_changes;
    const Choices m_before;
};

}
