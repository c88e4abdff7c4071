// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/torch/train/rate_finder.h"

#include "drawn_weights.h"
#include "engine/core/network/network_builder.h"

#include <QTest>
#include <torch/torch.h>

using namespace descent;

namespace {

/// A small network with batch norm and dropout that learns to give formula targets; AdamW has taken some steps already.
struct Learning {
    Learning()
    {
        fill(network);
        network.train();
        for (const auto& parameter : network.named_parameters())
            parameters.emplace_back(parameter.key(), parameter.value());
        optimizer = makeOptimizer({.kind = OptimizerOptions::Kind::adamw}, parameters);
        for (int step = 0; step < 3; ++step)
            train();
    }
    static NetworkSpec spec()
    {
        NetworkBuilder net{Shape{6}};
        net.linear("first", 16);
        net.batchNorm("norm");
        net.activation("relu");
        net.dropout("dropout", 0.2);
        net.linear("last", 2);
        return *std::move(net).build().value;
    }
    at::Tensor pass()
    {
        const at::Tensor loss = torch::mse_loss(network.forward(inputs), targets);
        loss.backward();
        return loss;
    }
    double train()
    {
        optimizer->clearGradients();
        const double loss = pass().item<double>();
        optimizer->step(1e-2);
        return loss;
    }

    at::Generator generator = seeded(4);
    GraphNetwork network{spec(), generator};
    NamedTensors parameters;
    std::unique_ptr<Optimizer> optimizer;
    const at::Tensor inputs = drawn({32, 6}, 1).to(at::kFloat), targets = drawn({32, 2}, 2).to(at::kFloat);
};

const auto never = [] { return false; };

}

class TestRateFinder : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void trainingGoesOnAsIfItHadNeverLooked()
    {
        Learning looked, untouched;
        const RateCurve curve = findRate({}, looked.network, *looked.optimizer, {looked.generator}, [&] { return looked.pass(); }, never);
        QVERIFY(curve.points.size() > 20);
        QCOMPARE(looked.optimizer->stepCount(), std::int64_t{3});
        for (int step = 0; step < 10; ++step)
            QCOMPARE(looked.train(), untouched.train()); // weights, statistics, moments and dropout
    }

    void theCurveRisesEvenlyAndEndsWhereTheLossDiverges()
    {
        Learning learning;
        const RateFinderOptions options{.lowest = 1e-6, .highest = 1e4, .steps = 101};
        const RateCurve curve = findRate(options, learning.network, *learning.optimizer, {learning.generator}, [&] { return learning.pass(); }, never);
        QVERIFY(curve.diverged);
        QVERIFY(curve.points.size() < 101);
        QCOMPARE(curve.points.front().rate, 1e-6);
        for (std::size_t i = 1; i < curve.points.size(); ++i)
            QVERIFY(std::abs(curve.points[i].rate / curve.points[i - 1].rate - std::pow(10, 0.1)) < 1e-9);
        const auto suggested = suggestedRates(curve);
        QVERIFY(suggested.has_value());
        // By eye: flat with noise up to 1e-3, falling from 3e-3 to 3e-1, lowest near 1, away from 2 on.
        QVERIFY2(suggested->steepest > 3e-3 && suggested->steepest < 0.3, qPrintable(QString::number(suggested->steepest)));
        QVERIFY2(suggested->tenthOfMinimum > 0.03 && suggested->tenthOfMinimum < 0.3, qPrintable(QString::number(suggested->tenthOfMinimum)));
    }

    void aLossThatIsNoNumberEndsTheCurve()
    {
        Learning learning;
        int passes = 0;
        const RateCurve curve = findRate({}, learning.network, *learning.optimizer, {learning.generator},
                                         [&] { return ++passes == 5 ? at::full({}, NAN) : learning.pass(); }, never);
        QVERIFY(curve.diverged);
        QCOMPARE(curve.points.size(), 4U);
    }

    void stoppingEndsItAndPutsEverythingBack()
    {
        Learning looked, untouched;
        int asked = 0;
        const RateCurve curve = findRate({}, looked.network, *looked.optimizer, {looked.generator}, [&] { return looked.pass(); },
                                         [&] { return ++asked > 7; });
        QCOMPARE(curve.points.size(), 7U);
        QVERIFY(!curve.diverged);
        QCOMPARE(looked.train(), untouched.train());
    }

    void aPassThatThrowsPutsEverythingBackToo()
    {
        Learning looked, untouched;
        int passes = 0;
        const auto pass = [&] {
            if (++passes == 4)
                throw std::runtime_error{"out of memory"};
            return looked.pass();
        };
        QVERIFY_THROWS_EXCEPTION(std::runtime_error, findRate({}, looked.network, *looked.optimizer, {looked.generator}, pass, never));
        QCOMPARE(looked.train(), untouched.train());
    }

    void ratesOutOfOrderAreOurMistake()
    {
        Learning learning;
        const auto pass = [&] { return learning.pass(); };
        QVERIFY_THROWS_EXCEPTION(std::invalid_argument,
                                 findRate({.lowest = 1, .highest = 0.1}, learning.network, *learning.optimizer, {}, pass, never));
        QVERIFY_THROWS_EXCEPTION(std::invalid_argument, findRate({.steps = 1}, learning.network, *learning.optimizer, {}, pass, never));
    }
};

QTEST_GUILESS_MAIN(TestRateFinder)
#include "tst_rate_finder.moc"
