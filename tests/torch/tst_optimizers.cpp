// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/torch/optim/optimizer.h"

#include <QFile>
#include <QTest>
#include <cmath>
#include <map>
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

/// By name in the reference, with the learning rate. "-groups": the weight learns at a tenth of the bias's rate.
const std::map<QString, std::pair<OptimizerOptions, double>>& cases()
{
    using Kind = OptimizerOptions::Kind;
    static const std::map<QString, std::pair<OptimizerOptions, double>> cases{
        {"sgd", {{.kind = Kind::sgd}, 0.05}},
        {"sgd-momentum", {{.kind = Kind::sgd, .momentum = 0.9, .weightDecay = 0.01}, 0.05}},
        {"sgd-nesterov", {{.kind = Kind::sgd, .momentum = 0.9, .nesterov = true, .weightDecay = 0.01}, 0.05}},
        {"sgd-groups", {{.kind = Kind::sgd, .momentum = 0.9, .weightDecay = 0.01}, 0.05}},
        {"adam", {{.kind = Kind::adam, .weightDecay = 0.01, .beta1 = 0.8, .beta2 = 0.99, .epsilon = 1e-7}, 0.02}},
        {"adam-groups", {{.kind = Kind::adam, .weightDecay = 0.01}, 0.02}},
        {"adamw", {{.kind = Kind::adamw, .weightDecay = 0.1}, 0.02}},
        {"adamw-groups", {{.kind = Kind::adamw, .weightDecay = 0.1, .decayMatricesOnly = true}, 0.02}},
        {"nadam", {{.kind = Kind::nadam, .weightDecay = 0.01, .beta1 = 0.8, .beta2 = 0.99, .epsilon = 1e-7}, 0.02}},
        {"nadam-groups", {{.kind = Kind::nadam, .weightDecay = 0.01, .decayMatricesOnly = true}, 0.02}},
        {"rmsprop", {{.kind = Kind::rmsprop}, 0.005}},
        {"rmsprop-momentum", {{.kind = Kind::rmsprop, .momentum = 0.8, .weightDecay = 0.01, .epsilon = 1e-7, .smoothing = 0.9}, 0.005}},
        {"rmsprop-centered", {{.kind = Kind::rmsprop, .momentum = 0.5, .weightDecay = 0.01, .centered = true}, 0.005}},
        {"rmsprop-groups", {{.kind = Kind::rmsprop, .momentum = 0.8, .weightDecay = 0.01, .decayMatricesOnly = true}, 0.005}},
        {"adagrad", {{.kind = Kind::adagrad, .weightDecay = 0.01}, 0.1}},
        {"adagrad-groups", {{.kind = Kind::adagrad, .weightDecay = 0.01, .decayMatricesOnly = true}, 0.1}},
        {"lion", {{.kind = Kind::lion, .beta2 = 0.99}, 0.01}},
        {"lion-decay", {{.kind = Kind::lion, .weightDecay = 0.1, .beta1 = 0.8, .beta2 = 0.95}, 0.01}},
        {"lion-groups", {{.kind = Kind::lion, .weightDecay = 0.1, .decayMatricesOnly = true, .beta2 = 0.99}, 0.01}},
        {"muon", {{.kind = Kind::muon, .momentum = 0.95, .weightDecay = 0.1}, 0.02}},
        {"muon-groups", {{.kind = Kind::muon, .momentum = 0.95, .weightDecay = 0.1, .decayMatricesOnly = true}, 0.02}},
    };
    return cases;
}

/// A small network whose convolution lies channels-last, with its optimizer; gradients are formulas of the step.
struct Learner {
    explicit Learner(const OptimizerOptions& options, torch::MemoryFormat layout = torch::MemoryFormat::ChannelsLast)
        : convolution{formula(4, 18, 0.1).view({4, 2, 3, 3}).contiguous(layout).requires_grad_()},
          bias{formula(1, 4, 0.2)[0].clone().requires_grad_()},
          optimizer{makeOptimizer(options, {{"conv.weight", convolution}, {"conv.bias", bias}}, {}, {true, false})}
    {
    }
    void step(int number)
    {
        convolution.mutable_grad() = formula(4, 18, 0.3 * number).view({4, 2, 3, 3}).contiguous(convolution.suggest_memory_format());
        bias.mutable_grad() = formula(1, 4, 0.5 * number)[0].clone();
        optimizer->step(0.01);
    }
    torch::Tensor weights() const { return torch::cat({convolution.detach().flatten(), bias.detach()}); }

    torch::Tensor convolution, bias;
    std::unique_ptr<Optimizer> optimizer;
};

}

/// Against torch.optim: tests/torch/references/optimizers.py makes the values.
class TestOptimizers : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void hundredStepsAreThoseOfPythonTorch_data()
    {
        QTest::addColumn<QString>("name");
        for (const auto& [name, settings] : cases())
            QTest::newRow(qPrintable(name)) << name;
    }

    void hundredStepsAreThoseOfPythonTorch()
    {
        QFETCH(QString, name);
        QFile file{QStringLiteral(SOURCE_DIR "/tests/torch/references/optimizers.json")};
        QVERIFY(file.open(QIODevice::ReadOnly));
        const auto reference = nlohmann::json::parse(file.readAll().toStdString())[name.toStdString()];
        const auto& [options, learningRate] = cases().at(name);

        torch::Tensor weight = formula(3, 5, 0.1).requires_grad_(), bias = formula(1, 3, 0.2)[0].clone().detach().requires_grad_();
        const torch::Tensor inputs = formula(8, 5, 0.3), targets = formula(8, 3, 1.4);
        const auto optimizer = makeOptimizer(options, {{"weight", weight}, {"bias", bias}},
                                             name.endsWith("groups") ? std::vector{0.1, 1.0} : std::vector<double>{}, {true, false});
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
        for (const auto& [name, settings] : cases()) {
            const OptimizerOptions& options = settings.first;
            std::vector<torch::Tensor> results;
            for (const std::vector<double>& factors : {std::vector<double>{}, std::vector{1.0, 1.0}}) {
                torch::Tensor weight = formula(3, 5, 0.1).requires_grad_(), bias = formula(1, 3, 0.2)[0].clone().detach().requires_grad_();
                const auto optimizer = makeOptimizer(options, {{"weight", weight}, {"bias", bias}}, factors, {true, false});
                for (int step = 0; step < 20; ++step) {
                    optimizer->clearGradients();
                    torch::mse_loss(torch::linear(formula(8, 5, 0.3), weight, bias), formula(8, 3, 1.4)).backward();
                    optimizer->step(0.02);
                }
                results.push_back(torch::cat({weight.detach().flatten(), bias.detach()}));
            }
            QVERIFY2(torch::equal(results[0], results[1]), qPrintable(name));
        }
    }

    void goesOnFromItsStateBitForBit_data() { hundredStepsAreThoseOfPythonTorch_data(); }
    void goesOnFromItsStateBitForBit()
    {
        QFETCH(QString, name);
        const OptimizerOptions options = cases().at(name).first;
        for (const int stop : {0, 1, 2, 7, 19}) {
            Learner whole{options}, before{options}, after{options};
            for (int step = 0; step < 20; ++step) {
                whole.step(step);
                if (step < stop)
                    before.step(step);
            }
            const torch::NoGradGuard guard;
            after.convolution.copy_(before.convolution);
            after.bias.copy_(before.bias);
            const NamedTensors from = before.optimizer->state(), into = after.optimizer->state();
            QCOMPARE(from.size(), into.size());
            for (std::size_t i = 0; i < from.size(); ++i) {
                QCOMPARE(from[i].first, into[i].first);
                into[i].second.copy_(from[i].second);
            }
            after.optimizer->setStepCount(before.optimizer->stepCount());
            for (int step = stop; step < 20; ++step)
                after.step(step);
            QVERIFY2(torch::equal(after.weights(), whole.weights()), qPrintable(QString::number(stop)));
        }
    }

    void theLayoutOfAParameterChangesNothing_data() { hundredStepsAreThoseOfPythonTorch_data(); }
    void theLayoutOfAParameterChangesNothing()
    {
        QFETCH(QString, name);
        const OptimizerOptions options = cases().at(name).first;
        Learner last{options, torch::MemoryFormat::ChannelsLast}, first{options, torch::MemoryFormat::Contiguous};
        QVERIFY(last.convolution.strides() != first.convolution.strides());
        for (int step = 0; step < 20; ++step) {
            last.step(step);
            first.step(step);
        }
        QVERIFY(last.convolution.is_contiguous(torch::MemoryFormat::ChannelsLast));
        // Where values stand decides which of them a vector instruction rounds with a fused multiplication.
        QVERIFY(torch::allclose(last.weights(), first.weights(), 0, 1e-6));
    }

    /// Rounding would put the mean square below the squared mean, and the root of that is not a number.
    void aSteadyGradientDoesNotBreakCenteredRmsprop()
    {
        torch::Tensor weight = torch::zeros({64}).requires_grad_();
        const auto optimizer = makeOptimizer({.kind = OptimizerOptions::Kind::rmsprop, .smoothing = 0.9, .centered = true}, {{"weight", weight}});
        for (int step = 0; step < 500; ++step) {
            weight.mutable_grad() = torch::linspace(0.1, 0.9, 64);
            optimizer->step(1e-3);
        }
        QVERIFY(torch::isfinite(weight).all().item<bool>());
    }

    void muonMovesAHiddenMatrixTheSameInEveryDirection()
    {
        torch::Tensor matrix = torch::zeros({16, 24}).requires_grad_(), head = torch::zeros({16, 24}).requires_grad_();
        const auto optimizer = makeOptimizer({.kind = OptimizerOptions::Kind::muon, .momentum = 0.95}, {{"matrix", matrix}, {"head", head}}, {},
                                             {true, false});
        // Singular values from 1 to 16: a plain gradient would move one direction sixteen times as far as another.
        const auto [u, unused, v] = torch::linalg_svd(formula(16, 24, 0.3) + torch::eye(16, 24), false);
        matrix.mutable_grad() = u.matmul(torch::diag(torch::arange(1, 17).to(torch::kFloat))).matmul(v);
        head.mutable_grad() = matrix.grad().clone();
        optimizer->step(1.0);
        const torch::Tensor lengths = std::get<1>(torch::linalg_svd(matrix.detach() / (0.2 * std::sqrt(24.0)), false));
        QVERIFY(lengths.min().item<double>() > 0.6 && lengths.max().item<double>() < 1.3);
        QVERIFY(torch::allclose(head.detach().abs(), torch::ones({16, 24}), 0, 1e-3)); // the first step of AdamW
    }

    void muonMustBeToldWhatIsAHiddenMatrix()
    {
        torch::Tensor matrix = torch::zeros({2, 2}).requires_grad_();
        QVERIFY_THROWS_EXCEPTION(std::invalid_argument, makeOptimizer({.kind = OptimizerOptions::Kind::muon}, {{"matrix", matrix}}));
    }

    void clippedValuesStayWithinTheLimit()
    {
        torch::Tensor a = torch::ones({4}).requires_grad_();
        const auto optimizer = makeOptimizer({.kind = OptimizerOptions::Kind::sgd}, {{"a", a}});
        a.mutable_grad() = torch::tensor({-3.0f, -0.25f, 0.25f, 3.0f});
        optimizer->clipGradientValues(0.5);
        QVERIFY(torch::equal(a.grad(), torch::tensor({-0.5f, -0.25f, 0.25f, 0.5f})));
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

    void aParameterWithoutGradientIsLeftAlone_data() { hundredStepsAreThoseOfPythonTorch_data(); }
    void aParameterWithoutGradientIsLeftAlone()
    {
        QFETCH(QString, name);
        OptimizerOptions options = cases().at(name).first;
        options.weightDecay = 0.5;
        torch::Tensor used = torch::ones({2, 2}).requires_grad_(), unused = torch::ones({2, 2}).requires_grad_();
        const auto optimizer = makeOptimizer(options, {{"unused", unused}, {"used", used}}, {}, {true, true});
        for (int step = 0; step < 2; ++step) {
            used.mutable_grad() = torch::ones({2, 2});
            optimizer->step(0.1);
        }
        QVERIFY(torch::equal(unused, torch::ones({2, 2})));
        QVERIFY(!torch::equal(used, torch::ones({2, 2})));
    }
};

QTEST_GUILESS_MAIN(TestOptimizers)
#include "tst_optimizers.moc"
