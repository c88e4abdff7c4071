// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/network/network_builder.h"
#include "engine/torch/optim/optimizer.h"
#include "engine/torch/train/insight.h"

#include <ATen/ATen.h>
#include <ATen/CPUGeneratorImpl.h>
#include <QTest>
#include <numeric>
#include <torch/utils.h>

using namespace descent;

class TestInsight : public QObject {
    Q_OBJECT

    static NetworkSpec network()
    {
        NetworkBuilder net{Shape{3}};
        net.linear("fc1", 4);
        net.activation("relu", layer::Activation::Function::relu);
        net.linear("head", 2);
        return *std::move(net).build().value;
    }

private Q_SLOTS:
    /// Against the same numbers worked out from whole copies.
    void figuresAreThoseOfTheStep()
    {
        const NetworkSpec spec = network();
        GraphNetwork graph{spec, at::detail::createCPUGenerator(3)};
        Insight insight{graph, spec};
        QVERIFY(insight.isDue(Insight::Clock::now()));
        std::vector<std::pair<std::string, at::Tensor>> parameters;
        for (const auto& parameter : graph.named_parameters())
            parameters.emplace_back(parameter.key(), parameter.value());
        const auto optimizer = makeOptimizer({.kind = OptimizerOptions::Kind::sgd}, parameters);
        const Batch batch{.inputs = {at::rand({8, 3}, at::detail::createCPUGenerator(4))}, .targets = at::zeros({8}, at::kLong)};
        graph.train();
        graph.forward(batch.inputs).square().sum().backward();
        double gradients = 0, weights = 0, moved = 0, from = 0;
        std::vector<at::Tensor> before;
        for (const auto& [name, tensor] : parameters) {
            before.push_back(tensor.detach().clone());
            gradients += tensor.grad().square().sum().item<double>();
        }
        insight.beforeStep();
        optimizer->step(0.1);
        const auto figures = insight.afterStep(batch, 7, true);
        for (std::size_t i = 0; i < parameters.size(); ++i) {
            const at::Tensor now = parameters[i].second.detach();
            weights += now.square().sum().item<double>();
            if (now.dim() == 2) {
                moved += (now - before[i]).square().sum().item<double>();
                from += before[i].square().sum().item<double>();
            }
        }
        const auto near = [](double a, double b) { return std::abs(a - b) <= 1e-5 * std::abs(b); };
        QVERIFY(near(figures.series.at("gradient-norm"), std::sqrt(gradients)));
        QVERIFY(near(figures.series.at("weight-norm"), std::sqrt(weights)));
        QVERIFY(near(figures.series.at("update-ratio"), std::sqrt(moved / from)));
        QVERIFY(!insight.isDue(Insight::Clock::now())); // it rests

        QVERIFY(figures.layers);
        QCOMPARE(figures.layers->step, std::int64_t{7});
        QCOMPARE(figures.layers->rows.size(), std::size_t{3});
        QCOMPARE(figures.layers->rows[0].name, std::string{"fc1"});
        QCOMPARE(figures.layers->rows[0].parameters, std::int64_t{16});
        QVERIFY(std::isnan(figures.layers->rows[0].deadShare) && !std::isnan(figures.layers->rows[1].deadShare));
        const auto counted = [](const LayerReport::Histogram& histogram) { return std::accumulate(histogram.counts.begin(), histogram.counts.end(), std::int64_t{0}); };
        QCOMPARE(counted(figures.layers->rows[0].weights), std::int64_t{16});
        QCOMPARE(counted(figures.layers->rows[0].gradients), std::int64_t{16});
        QCOMPARE(counted(figures.layers->rows[1].activations), std::int64_t{32});
        QVERIFY(figures.layers->rows[1].activations.low >= 0);
        QVERIFY(graph.is_training()); // it was left as it was
    }

    void deadUnitsAreCounted()
    {
        const NetworkSpec spec = network();
        GraphNetwork graph{spec, at::detail::createCPUGenerator(3)};
        {
            const torch::NoGradGuard guard;
            graph.named_parameters()["fc1.weight"].fill_(1);
            graph.named_parameters()["fc1.bias"].copy_(at::tensor({1.f, -100.f, -100.f, -100.f}));
        }
        Insight insight{graph, spec};
        const Batch batch{.inputs = {at::rand({8, 3}, at::detail::createCPUGenerator(4))}, .targets = at::zeros({8}, at::kLong)};
        graph.forward(batch.inputs).sum().backward();
        insight.beforeStep();
        const auto figures = insight.afterStep(batch, 1, false);
        QCOMPARE(figures.series.at("dead-units"), 0.75);
        QVERIFY(!figures.layers); // nobody watches
    }
};

QTEST_GUILESS_MAIN(TestInsight)
#include "tst_insight.moc"
