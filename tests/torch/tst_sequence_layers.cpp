// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/network/network_builder.h"
#include "engine/torch/nn/graph_network.h"

#include <torch/torch.h>

#include <QTest>

using namespace descent;

namespace {

constexpr double float64Tolerance = 1e-12;

at::Generator seeded(std::uint64_t seed)
{
    return at::make_generator<at::CPUGeneratorImpl>(seed);
}

NetworkSpec built(NetworkBuilder&& builder, bool padded = false)
{
    NetworkSpec spec = *std::move(builder).build().value;
    spec.inputs.front().padded = padded;
    return spec;
}

double distance(const at::Tensor& left, const at::Tensor& right)
{
    return left.sizes() == right.sizes() ? (left - right).abs().max().item<double>() : INFINITY;
}

/// The weights of `from`, by name, into `to`: torch's own module as the measure.
void copyWeights(const torch::nn::Module& from, torch::nn::Module& to, const std::string& prefix)
{
    const torch::NoGradGuard guard;
    const auto parameters = from.named_parameters();
    for (auto& item : to.named_parameters())
        item.value().copy_(parameters[prefix + item.key()]);
}

}

class TestSequenceLayers : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase() { at::set_num_threads(1); }

    void recurrentLayersAreTorchs_data()
    {
        using enum layer::Recurrent::Cell;
        QTest::addColumn<int>("cell");
        QTest::addColumn<bool>("bidirectional");
        QTest::newRow("RNN") << static_cast<int>(rnn) << false;
        QTest::newRow("GRU") << static_cast<int>(gru) << false;
        QTest::newRow("LSTM") << static_cast<int>(lstm) << false;
        QTest::newRow("LSTM both ways") << static_cast<int>(lstm) << true;
    }
    void recurrentLayersAreTorchs()
    {
        QFETCH(int, cell);
        QFETCH(bool, bidirectional);
        using enum layer::Recurrent::Cell;
        NetworkBuilder net{Shape{7, 3}};
        net.recurrent("body", {.cell = static_cast<layer::Recurrent::Cell>(cell), .hidden = 5, .layers = 2, .bidirectional = bidirectional});
        const NetworkSpec spec = built(std::move(net));
        QCOMPARE(spec.outputShape(), (Shape{7, bidirectional ? 10 : 5}));
        GraphNetwork network{spec, seeded(1)};
        network.to(at::kDouble);
        std::int64_t count = 0;
        for (const at::Tensor& parameter : network.parameters())
            count += parameter.numel();
        QCOMPARE(count, spec.parameterCount());
        const at::Tensor x = torch::randn({4, 7, 3}, at::kDouble);
        const auto compare = [&](auto options, auto make) {
            auto theirs = make(options.num_layers(2).batch_first(true).bidirectional(bidirectional));
            theirs->to(at::kDouble);
            copyWeights(network, *theirs, "body.");
            QCOMPARE_LE(distance(network.forward(x), std::get<0>(theirs->forward(x))), float64Tolerance);
        };
        if (cell == static_cast<int>(rnn))
            compare(torch::nn::RNNOptions(3, 5), [](const auto& options) { return torch::nn::RNN(options); });
        else if (cell == static_cast<int>(gru))
            compare(torch::nn::GRUOptions(3, 5), [](const auto& options) { return torch::nn::GRU(options); });
        else
            compare(torch::nn::LSTMOptions(3, 5), [](const auto& options) { return torch::nn::LSTM(options); });
    }

    void attentionIsTorchs_data()
    {
        QTest::addColumn<bool>("causal");
        QTest::newRow("all see all") << false;
        QTest::newRow("causal") << true;
    }
    void attentionIsTorchs()
    {
        QFETCH(bool, causal);
        NetworkBuilder net{Shape{6, 8}};
        net.selfAttention("attention", {.heads = 2, .causal = causal});
        GraphNetwork network{built(std::move(net)), seeded(2)};
        network.to(at::kDouble);
        torch::nn::MultiheadAttention theirs{torch::nn::MultiheadAttentionOptions(8, 2)};
        theirs->to(at::kDouble);
        copyWeights(network, *theirs, "attention.");
        const at::Tensor x = torch::randn({3, 6, 8}, at::kDouble), turned = x.transpose(0, 1);   // torch's C++ module has the steps first
        const at::Tensor mask = causal ? torch::full({6, 6}, -INFINITY, at::kDouble).triu(1) : at::Tensor{};
        const at::Tensor expected = std::get<0>(theirs->forward(turned, turned, turned, {}, false, mask)).transpose(0, 1);
        QCOMPARE_LE(distance(network.forward(x), expected), float64Tolerance);
    }

    /// Dropout goes another way than the fused kernel; with next to none left out it must come to the same.
    void attentionWithDropoutIsTheSameFunction()
    {
        const auto make = [](double dropout) {
            NetworkBuilder net{Shape{6, 8}};
            net.selfAttention("attention", {.heads = 2, .causal = true, .dropout = dropout});
            auto network = std::make_unique<GraphNetwork>(built(std::move(net)), seeded(3));
            network->to(at::kDouble);
            network->train();
            return network;
        };
        const at::Tensor x = torch::randn({3, 6, 8}, at::kDouble);
        QCOMPARE_LE(distance(make(1e-12)->forward(x), make(0)->forward(x)), 1e-10);
        QVERIFY(distance(make(0.5)->forward(x), make(0)->forward(x)) > 1e-3);
    }

    /// What stands behind the end of a sequence changes nothing.
    void paddingIsSilent_data()
    {
        QTest::addColumn<int>("body");
        QTest::addColumn<int>("pool");
        const char* bodies[] = {"none", "attention", "convolution", "LSTM"};
        const char* pools[] = {"mean", "max", "last"};
        for (int body = 0; body < 4; ++body)
            for (int pool = 0; pool < 3; ++pool)
                QTest::newRow((std::string{bodies[body]} + ", " + pools[pool]).c_str()) << body << pool;
    }
    void paddingIsSilent()
    {
        QFETCH(int, body);
        QFETCH(int, pool);
        NetworkBuilder net{Shape{6}, Initialization::torchDefault};
        net.embedding("words", 11, 8);
        if (body == 1)
            net.selfAttention("attention", {.heads = 2});
        if (body == 2)
            net.conv1d("conv", 8, {.kernel = 3});
        if (body == 3)
            net.recurrent("lstm", {.hidden = 8});
        net.sequencePool("pool", static_cast<layer::SequencePool::Kind>(pool));
        net.linear("head", 2);
        GraphNetwork network{built(std::move(net), true), seeded(4)};
        network.to(at::kDouble);
        network.eval();
        const at::Tensor alone = network.forward(torch::tensor({{3, 7, 2}}, at::kLong));
        const at::Tensor padded = network.forward(torch::tensor({{3, 7, 2, 0, 0, 0}, {1, 2, 3, 4, 5, 6}}, at::kLong));
        QCOMPARE_LE(distance(alone[0], padded[0]), 1e-12);
        QVERIFY(!padded.isnan().any().item<bool>());
        QVERIFY(!network.forward(torch::zeros({1, 6}, at::kLong)).isinf().any().item<bool>());   // nothing but padding
    }

    void aCausalConvolutionSeesNoLaterStep()
    {
        NetworkBuilder net{Shape{9, 2}};
        net.conv1d("conv", 3, {.kernel = 3, .dilation = 2, .causal = true});
        GraphNetwork network{built(std::move(net)), seeded(5)};
        at::Tensor x = torch::randn({1, 9, 2});
        const at::Tensor before = network.forward(x).clone();
        x[0][5] += 1;
        const at::Tensor changed = (network.forward(x) - before).abs().sum(2)[0] > 0;
        for (int step = 0; step < 9; ++step)
            QCOMPARE(changed[step].item<bool>(), step == 5 || step == 7);
    }

    void featuresAreJoinedSideBySide()
    {
        NetworkBuilder net{Shape{4, 2}};
        const auto left = net.linear("left", 3, true, NetworkSpec::input), right = net.linear("right", 5, true, NetworkSpec::input);
        net.concat("both", {left, right});
        const NetworkSpec spec = built(std::move(net));
        QCOMPARE(spec.outputShape(), (Shape{4, 8}));
        QCOMPARE(GraphNetwork(spec, seeded(6)).forward(torch::randn({2, 4, 2})).sizes(), (at::IntArrayRef{2, 4, 8}));
    }
};

QTEST_GUILESS_MAIN(TestSequenceLayers)
#include "tst_sequence_layers.moc"
