// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/job/training_job.h"
#include "engine/torch/torch_backend.h"
#include "engine/torch/train/whitening.h"

#include <ATen/ATen.h>
#include <ATen/CPUGeneratorImpl.h>
#include <QTest>

using namespace descent;

namespace {

/// Drawn digits and a network of these layers, JSON.
Result<PreparedTraining> prepared(const TorchBackend& backend, const char* layers)
{
    Recipe recipe = findRecipeTemplate("drawn-digits")->recipe;
    for (const auto& [path, value] : {std::pair{"dataset.samples", "400"}, {"architecture.kind", "custom"}, {"architecture.layers", layers}})
        if (const Problems problems = setByPath(recipe, path, value); !problems.empty())
            throw std::invalid_argument{english(problems.front())};
    return prepareTraining(recipe, backend, {});
}

/// float64 [channels, channels]: of what comes out at each place, means left in as the method does.
at::Tensor productsOf(const at::Tensor& outputs)
{
    const at::Tensor rows = outputs.to(at::kDouble).permute({0, 2, 3, 1}).reshape({-1, outputs.size(1)});
    return rows.t().mm(rows) / rows.size(0);
}

}

class TestWhitening : public QObject {
    Q_OBJECT
    TorchBackend m_backend;

    struct Whitened {
        at::Tensor outputs, kernels;
    };
    Whitened whiten(const char* layers, const char* layer)
    {
        const auto training = prepared(m_backend, layers);
        if (!training)
            throw std::invalid_argument{english(training.problems.front())};
        GraphNetwork network{training->network, at::detail::createCPUGenerator(7)};
        const DeviceSamples samples{training->data, DeviceSamples::Part::train, at::kCPU};
        const std::vector<std::int64_t>& rows = training->data->split.train;
        whitenPatches(network, training->network, samples, rows);
        if (!network.is_training())
            throw std::logic_error{"the network was left in evaluation"};
        const torch::NoGradGuard guard;
        network.eval();
        return {network.valueOf(layer, samples.gather(rows).inputs), network.named_buffers()[std::string{layer} + ".weight"]};
    }

private Q_SLOTS:
    void initTestCase() { at::set_num_threads(1); }

    /// Each output of the first half has its eigenvalue's share of one: lambda / (lambda + epsilon); no two have anything in common.
    void outputsHardlyCorrelate()
    {
        const auto [outputs, kernels] = whiten(R"([{"kind": "patch-whitening", "name": "whiten"}, {"kind": "flatten", "name": "flat"}, {"kind": "dense", "name": "fc", "size": "outputs"}])", "whiten");
        QCOMPARE(kernels.sizes().vec(), (std::vector<std::int64_t>{8, 1, 2, 2})); // grey
        const at::Tensor products = productsOf(outputs.narrow(1, 0, 4)), diagonal = products.diagonal();
        QVERIFY((products - at::diag(diagonal)).abs().max().item<double>() < 1e-3);
        QVERIFY(diagonal.max().item<double>() < 1.001);
        QVERIFY(diagonal.min().item<double>() > 0.9);
        QVERIFY(at::equal(kernels.narrow(0, 0, 4), -kernels.narrow(0, 4, 4)));
        QVERIFY(at::allclose(outputs.narrow(1, 0, 4), -outputs.narrow(1, 4, 4)));
    }

    void aLayerFurtherBackReadsWhatReachesIt()
    {
        const auto [outputs, kernels] = whiten(
            R"([{"kind": "max-pool", "name": "pool"}, {"kind": "patch-whitening", "name": "whiten", "kernel": 3}, {"kind": "flatten", "name": "flat"}, {"kind": "dense", "name": "fc", "size": "outputs"}])", "whiten");
        QCOMPARE(kernels.size(0), 18);
        const at::Tensor products = productsOf(outputs.narrow(1, 0, 9)), diagonal = products.diagonal();
        QVERIFY((products - at::diag(diagonal)).abs().max().item<double>() < 1e-3);
        QVERIFY(diagonal.min().item<double>() > 0.8);
    }

    /// Pictures that are all the same have one direction, and no division by zero.
    void flatPicturesGiveFiniteKernels()
    {
        const auto training = prepared(m_backend, R"([{"kind": "patch-whitening", "name": "whiten"}, {"kind": "flatten", "name": "flat"}, {"kind": "dense", "name": "fc", "size": "outputs"}])");
        QVERIFY(training);
        GraphNetwork network{training->network, at::detail::createCPUGenerator(7)};
        const DeviceSamples samples{training->data, DeviceSamples::Part::train, at::kCPU};
        whitenPatches(network, training->network, samples, {training->data->split.train.front()});
        const at::Tensor kernels = network.named_buffers()["whiten.weight"];
        QVERIFY(at::isfinite(kernels).all().item<bool>());
        QVERIFY(kernels.abs().max().item<double>() < 60); // 1 / sqrt(epsilon) is 45
        whitenPatches(network, training->network, samples, {});
        QVERIFY(at::equal(network.named_buffers()["whiten.weight"], kernels));
    }

    void kernelsDoNotLearn()
    {
        const auto training = prepared(m_backend, R"([{"kind": "patch-whitening", "name": "whiten"}, {"kind": "flatten", "name": "flat"}, {"kind": "dense", "name": "fc", "size": "outputs"}])");
        QVERIFY(training);
        GraphNetwork network{training->network, at::detail::createCPUGenerator(7)};
        QVERIFY(!network.named_parameters().contains("whiten.weight"));
        QVERIFY(network.named_parameters().contains("whiten.bias"));
        QCOMPARE(training->network.layers.front().parameterCount, 8);
    }
};

QTEST_GUILESS_MAIN(TestWhitening)
#include "tst_whitening.moc"
