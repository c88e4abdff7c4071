// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/torch/train/gradient_pass.h"

#include "engine/core/base/random.h"

#include <ATen/ATen.h>
#include <ATen/CPUGeneratorImpl.h>
#include <ATen/Parallel.h>
#include <omp.h>
#include <torch/autograd.h>
#include <torch/utils.h>

namespace descent {

namespace {

/// Samples from `start` on.
Batch partOf(const Batch& batch, std::int64_t start, std::int64_t size)
{
    Batch part;
    for (const at::Tensor& input : batch.inputs)
        part.inputs.push_back(input.narrow(0, start, size));
    part.targets = batch.targets.narrow(0, start, size);
    if (batch.otherTargets.defined())
        part.otherTargets = batch.otherTargets.narrow(0, start, size);
    part.share = batch.share;
    return part;
}

}

GradientPass::GradientPass(GraphNetwork& network, const TaskProgram& program, std::uint64_t seed, bool shares, Replicas* replicas,
                           Precision precision)
    : m_network{network}, m_program{program}, m_seed{seed}, m_shares{shares && !replicas && network.canBeShared()}, m_replicas{replicas}, m_precision{precision}
{
}

bool GradientPass::sharesPay(const NetworkSpec& network, std::int64_t batchSize)
{
    constexpr double usesOfAParameter = 300; // measured: 64 of an MLP are a twentieth slower, 768 of a GPT a quarter quicker
    return static_cast<double>(network.multiplyAdds()) * static_cast<double>(batchSize)
        >= usesOfAParameter * static_cast<double>(network.parameterCount());
}

std::int64_t GradientPass::sharesOf(const Batch& batch) const
{
    const std::int64_t threads = at::get_num_threads();
    const bool shared = m_shares && threads > 1 && batch.targets.is_cpu() && m_program.lossWeight(batch);
    return shared ? std::min(threads, batch.size()) : 1;
}

at::Tensor GradientPass::run(const std::vector<Batch>& batches, std::int64_t number)
{
    if (batches.size() == 1)
        return run(batches.front(), number);
    std::vector<double> weights;
    double whole = 0;
    for (const Batch& batch : batches) {
        weights.push_back(batch.borrowed ? 0 : m_program.lossWeight(batch).value_or(static_cast<double>(batch.size())));
        whole += weights.back();
    }
    at::Tensor loss;
    for (std::size_t i = 0; i < batches.size(); ++i) {
        m_outputs.clear(); // one batch's activations at a time: that is what accumulation is for
        const at::Tensor part = run(batches[i], number + static_cast<std::int64_t>(i), whole > 0 ? weights[i] / whole : 0).detach();
        loss = loss.defined() ? loss + part : part;
    }
    return loss;
}

at::Tensor GradientPass::run(const Batch& batch, std::int64_t number, double part)
{
    if (const std::int64_t shares = sharesOf(batch); shares > 1)
        return runShared(batch, shares, number, part);
    if (m_dense && !m_replicas && m_precision == Precision::float32 && m_dense->fits(batch.inputs.front()))
        return runDense(batch, part);
    m_outputs = {forward(batch, nullptr)};
    at::Tensor loss = m_program.loss(m_outputs.front(), batch);
    if (part != 1)
        loss = loss * part;
    if (m_replicas) {
        const at::Tensor whole = m_replicas->backward(scaled(loss));
        return m_factor == 1 ? whole : whole / m_factor;
    }
    scaled(loss).backward();
    return loss;
}

/// Autograd knows of the loss alone, or of nothing.
at::Tensor GradientPass::runDense(const Batch& batch, double part)
{
    m_outputs = {m_dense->forward(batch.inputs.front())};
    if (part == 1 && m_factor == 1)
        if (auto known = m_program.lossAndGradient(m_outputs.front(), batch)) {
            m_dense->backward(std::move(known->second));
            return std::move(known->first);
        }
    m_outputs.front().requires_grad_();
    at::Tensor loss = m_program.loss(m_outputs.front(), batch);
    if (part != 1)
        loss = loss * part;
    m_dense->backward(torch::autograd::grad({scaled(loss)}, {m_outputs.front()}).front());
    return loss;
}

at::Tensor GradientPass::forward(const Batch& batch, at::Generator* dropout)
{
    const auto outputs = [&] { return dropout ? m_network.forward(batch.inputs, *dropout) : m_network.forward(batch.inputs); };
    if (m_precision == Precision::float32)
        return outputs();
    const Autocast guard{m_precision, batch.targets.device().type()}; // of this thread
    return outputs().to(at::kFloat);
}

at::Tensor GradientPass::runShared(const Batch& batch, std::int64_t shares, std::int64_t number, double part)
{
    if (m_parameters.empty()) // not sooner: layers may have been frozen since this was made
        for (const at::Tensor& parameter : m_network.parameters())
            if (parameter.requires_grad())
                m_parameters.push_back(parameter);
    struct Share {
        Batch batch;
        double weight = 0;
        at::Tensor loss;
        std::vector<at::Tensor> gradients;
    };
    std::vector<Share> parts(static_cast<std::size_t>(shares));
    double whole = 0;
    for (std::int64_t i = 0; i < shares; ++i) {
        Share& share = parts[static_cast<std::size_t>(i)];
        const std::int64_t start = batch.size() * i / shares;
        share.batch = partOf(batch, start, batch.size() * (i + 1) / shares - start);
        share.weight = *m_program.lossWeight(share.batch);
        whole += share.weight;
    }
    m_outputs.assign(parts.size(), {});
    at::parallel_for(0, shares, 1, [&](std::int64_t begin, std::int64_t end) {
        omp_set_num_threads(1); // of this thread, in here: libraries that would count on more
        for (std::int64_t i = begin; i < end; ++i) {
            Share& share = parts[static_cast<std::size_t>(i)];
            at::Generator dropout = at::detail::createCPUGenerator(
                derivedSeed(m_seed + static_cast<std::uint64_t>(number * shares + i), "dropout of a share"));
            at::Tensor& outputs = m_outputs[static_cast<std::size_t>(i)];
            outputs = forward(share.batch, &dropout);
            share.loss = m_program.loss(outputs, share.batch) * (whole > 0 ? part * share.weight / whole : 0);
            share.gradients = torch::autograd::grad({scaled(share.loss)}, m_parameters, {}, std::nullopt, false, true);
        }
    });
    // In the order of the shares, whichever thread was first.
    const torch::NoGradGuard guard;
    at::Tensor loss = parts.front().loss.detach();
    for (std::size_t i = 1; i < parts.size(); ++i)
        loss = loss + parts[i].loss.detach();
    at::parallel_for(0, static_cast<std::int64_t>(m_parameters.size()), 1, [&](std::int64_t begin, std::int64_t end) {
        const torch::NoGradGuard quiet; // of this thread
        for (auto p = static_cast<std::size_t>(begin); p < static_cast<std::size_t>(end); ++p)
            for (const Share& share : parts)
                if (at::Tensor& sum = m_parameters[p].mutable_grad(); share.gradients[p].defined())
                    sum.defined() ? void(sum.add_(share.gradients[p])) : void(sum = share.gradients[p]);
    });
    return loss;
}

at::Tensor GradientPass::outputs() const
{
    return m_outputs.size() == 1 ? m_outputs.front() : at::cat(m_outputs);
}

}
