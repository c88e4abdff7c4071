// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/torch/device/arithmetic.h"

#include <ATen/Context.h>
#include <cstdlib>

namespace descent {

Arithmetic::Arithmetic(bool deterministic, at::Device device) : m_changes{!device.is_cpu()}, m_before{now()}
{
    if (!m_changes)
        return;
    if (deterministic) // cuBLAS reads it with its first product; what a person has set stays
        ::setenv("CUBLAS_WORKSPACE_CONFIG", ":4096:8", 0);
    // Fresh memory is always written before it is read here: filling it would only cost time.
    choose({.deterministic = deterministic, .warns = true, .fillsMemory = false, .deterministicCuDnn = deterministic, .benchmarks = !deterministic});
}

Arithmetic::~Arithmetic()
{
    if (m_changes)
        choose(m_before);
}

Arithmetic::Choices Arithmetic::now()
{
    const at::Context& context = at::globalContext();
    return {.deterministic = context.deterministicAlgorithms(),
            .warns = context.deterministicAlgorithmsWarnOnly(),
            .fillsMemory = context.deterministicFillUninitializedMemory(),
            .deterministicCuDnn = context.deterministicCuDNN(),
            .benchmarks = context.benchmarkCuDNN()};
}

void Arithmetic::choose(const Choices& choices)
{
    at::Context& context = at::globalContext();
    context.setDeterministicAlgorithms(choices.deterministic, choices.warns);
    context.setDeterministicFillUninitializedMemory(choices.fillsMemory);
    context.setDeterministicCuDNN(choices.deterministicCuDnn);
    context.setBenchmarkCuDNN(choices.benchmarks);
}

}
