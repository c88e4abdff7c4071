// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/torch/optim/optimizer.h"

#include <QFile>
#include <QTest>
#include <cmath>
#include <nlohmann/json.hpp>
#include <torch/torch.h>

using namespace descent;

namespace {

// float32 through 100 steps: sums are taken in another order by fused kernels.
constexpr double float32Tolerance = 2e-5;

torch::Tensor formula(std::int64_t rows, std::int64_t columns, double phase)
{
    torch::Tensor values = torch::empty({rows, columns});
    for (std::int64_t r = 0; r < rows; ++r)
        for (std::int64_t c = 0; c < columns; ++c)
            values[r][c] = std::sin(0.7 * static_cast<double>(r * columns + c) + phase);
    return values;
}

}

/// Against torch.optim: tests/torch/references/optimizers.py makes the values.
class TestOptimizers : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void hundredStepsAreThoseOfPythonTorch_data()
    {
        QTest::addColumn<QString>("name");
        for (const char* name : {"sgd", "sgd-momentum", "sgd-nesterov", "adam", "adamw", "sgd-groups", "adam-groups", "adamw-groups"})
            QTest::newRow(name) << QString::fromLatin1(name);
    }

    void hundredStepsAreThoseOfPythonTorch()
    {
        QFETCH(QString, name);
        QFile file{QStringLiteral(SOURCE_DIR "/tests/torch/references/optimizers.json")};
        QVERIFY(file.open(QIODevice::ReadOnly));
        const auto reference = nlohmann::json::parse(file.readAll().toStdString())[name.toStdString()];
        using Kind = OptimizerOptions::Kind;
        const std::map<QString, std::pair<OptimizerOptions, double>> cases{
            {"sgd", {{.kind = Kind::sgd}, 0.05}},
            {"sgd-momentum", {{.kind = Kind::sgd, .momentum = 0.9, .weightDecay = 0.01}, 0.05}},
            {"sgd-nesterov", {{.kind = Kind::sgd, .momentum = 0.9, .nesterov = true, .weightDecay = 0.01}, 0.05}},
            {"adam", {{.kind = Kind::adam, .weightDecay = 0.01, .beta1 = 0.8, .beta2 = 0.99, .epsilon = 1e-7}, 0.02}},
            {"adamw", {{.kind = Kind::adamw, .weightDecay = 0.1}, 0.02}},
            {"sgd-groups", {{.kind = Kind::sgd, .momentum = 0.9, .weightDecay = 0.01}, 0.05}},
            {"adam-groups", {{.kind = Kind::adam, .weightDecay = 0.01}, 0.02}},
            {"adamw-groups", {{.kind = Kind::adamw, .weightDecay = 0.1, .decayMatricesOnly = true}, 0.02}},
        };
        const auto& [options, learningRate] = cases.at(name);

        torch::Tensor weight = formula(3, 5, 0.1).requires_grad_(), bias = formula(1, 3, 0.2)[0].clone().detach().requires_grad_();
        const torch::Tensor inputs = formula(8, 5, 0.3), targets = formula(8, 3, 1.4);
        const auto optimizer = makeOptimizer(options, {{"weight", weight}, {"bias", bias}},
                                             name.endsWith("groups") ? std::vector{0.1, 1.0} : std::vector<double>{});
        for (int step = 0; step < 100; ++step) {
            optimizer->clearGradients();
            const torch::Tensor loss = torch::mse_loss(torch::linear(inputs, weight, bias), targets);
            loss.backward();
            optimizer->step(learningRate);
            const double expected = reference["losses"][static_cast<std::size_t>(step)];
            QVERIFY2(std::abs(loss.item<double>() - expected) < float32Tolerance, qPrintable(QString::number(step)));
        }
        for (std::int64_t i = 0; i < 15; ++i)
            QVERIFY(std::abs(weight.flatten()[i].item<double>() - reference["weight"][static_cast<std::size_t>(i)].get<double>()) < float32Tolerance);
        for (std::int64_t i = 0; i < 3; ++i)
            QVERIFY(std::abs(bias[i].item<double>() - reference["bias"][static_cast<std::size_t>(i)].get<double>()) < float32Tolerance);
    }

    void oneRateForAllIsNoRateAtAllBitForBit()
    {
        using Kind = OptimizerOptions::Kind;
        for (const OptimizerOptions& options : {OptimizerOptions{.kind = Kind::sgd, .momentum = 0.9, .weightDecay = 0.01},
                                                OptimizerOptions{.kind = Kind::adamw, .weightDecay = 0.1, .decayMatricesOnly = true}}) {
            std::vector<torch::Tensor> results;
            for (const std::vector<double>& factors : {std::vector<double>{}, std::vector{1.0, 1.0}}) {
                torch::Tensor weight = formula(3, 5, 0.1).requires_grad_(), bias = formula(1, 3, 0.2)[0].clone().detach().requires_grad_();
                const auto optimizer = makeOptimizer(options, {{"weight", weight}, {"bias", bias}}, factors);
                for (int step = 0; step < 20; ++step) {
                    optimizer->clearGradients();
                    torch::mse_loss(torch::linear(formula(8, 5, 0.3), weight, bias), formula(8, 3, 1.4)).backward();
                    optimizer->step(0.02);
                }
                results.push_back(torch::cat({weight.detach().flatten(), bias.detach()}));
            }
            QVERIFY(torch::equal(results[0], results[1]));
        }
    }

    void clippedGradientsHaveTheNormAskedFor()
    {
        torch::Tensor a = torch::ones({3}).requires_grad_(), b = torch::ones({4}).requires_grad_();
        const auto optimizer = makeOptimizer({.kind = OptimizerOptions::Kind::sgd}, {{"a", a}, {"b", b}});
        a.mutable_grad() = torch::full({3}, 3.0);
        b.mutable_grad() = torch::full({4}, 4.0);
        const double before = optimizer->clipGradients(1.0).item<double>();
        QVERIFY(std::abs(before - std::sqrt(91.0)) < 1e-4);
        const double after = std::sqrt(a.grad().square().sum().item<double>() + b.grad().square().sum().item<double>());
        QVERIFY(std::abs(after - 1) < 1e-4);
    }

    void smallGradientsAreNotScaledUp()
    {
        torch::Tensor a = torch::ones({2}).requires_grad_();
        const auto optimizer = makeOptimizer({.kind = OptimizerOptions::Kind::sgd}, {{"a", a}});
        a.mutable_grad() = torch::full({2}, 0.1);
        optimizer->clipGradients(1.0);
        QVERIFY(torch::equal(a.grad(), torch::full({2}, 0.1)));
    }

    void aParameterWithoutGradientIsLeftAlone()
    {
        torch::Tensor used = torch::ones({2}).requires_grad_(), unused = torch::ones({2}).requires_grad_();
        const auto optimizer = makeOptimizer({.kind = OptimizerOptions::Kind::adamw, .weightDecay = 0.5}, {{"used", used}, {"unused", unused}});
        used.mutable_grad() = torch::ones({2});
        optimizer->step(0.1);
        QVERIFY(torch::equal(unused, torch::ones({2})));
        QVERIFY(!torch::equal(used, torch::ones({2})));
    }
};

QTEST_GUILESS_MAIN(TestOptimizers)
#include "tst_optimizers.moc"
