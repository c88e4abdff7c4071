// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/torch/precision/loss_scaler.h"

#include "engine/core/job/training_job.h"
#include "engine/torch/data/training_batches.h"
#include "engine/torch/optim/optimizer.h"
#include "engine/torch/torch_backend.h"
#include "engine/torch/train/evaluation.h"
#include "engine/torch/train/gradient_pass.h"

#include <ATen/ATen.h>
#include <ATen/CPUGeneratorImpl.h>
#include <ATen/autocast_mode.h>
#include <QFile>
#include <QTest>
#include <cmath>
#include <nlohmann/json.hpp>
#include <torch/torch.h>

using namespace descent;

namespace {

struct Trained {
    double firstLoss = 0, lastLoss = 0; // means over an epoch
    double accuracy = 0;                // on validation, in float32
    bool weightsAreFloat = true, lossIsFloat = true;
};

/// A small CNN on drawn digits, three epochs.
Trained trainedIn(Precision precision)
{
    Recipe recipe = findRecipeTemplate("drawn-digits")->recipe;
    for (const auto& [path, value] : std::initializer_list<std::pair<const char*, const char*>>{
             {"dataset.samples", "1200"}, {"architecture.kind", "small-cnn"}, {"training.batchSize", "32"}})
        if (const Problems problems = setByPath(recipe, path, value); !problems.empty())
            throw std::invalid_argument{english(problems.front())};
    TorchBackend backend;
    const auto training = prepareTraining(recipe, backend, {});
    if (!training)
        throw std::invalid_argument{english(training.problems.front())};
    const TrainingRequest request = requestOf(*training.value);
    GraphNetwork network{request.network, at::detail::createCPUGenerator(7)};
    toChannelsLast(network);
    const DeviceSamples samples{request.data, DeviceSamples::Part::train, at::kCPU};
    const auto program = makeTaskProgram({request, samples, at::kCPU});
    TrainingBatches batches{request.data, samples, 32, 1};
    NamedTensors parameters;
    for (const auto& parameter : network.named_parameters())
        parameters.emplace_back(parameter.key(), parameter.value());
    const auto optimizer = makeOptimizer({.kind = OptimizerOptions::Kind::adamw}, parameters);
    GradientPass pass{network, *program, 5, false, nullptr, precision};
    Trained trained;
    network.train();
    for (std::int64_t epoch = 1, step = 0; epoch <= 3; ++epoch) {
        batches.startEpoch(epoch);
        double sum = 0;
        for (std::int64_t i = 0; i < batches.stepsPerEpoch(); ++i, ++step) {
            optimizer->clearGradients();
            const at::Tensor loss = pass.run(batches.next(), step);
            trained.lossIsFloat &= loss.scalar_type() == at::kFloat;
            optimizer->step(2e-3);
            sum += loss.item<double>();
        }
        (epoch == 1 ? trained.firstLoss : trained.lastLoss) = sum / static_cast<double>(batches.stepsPerEpoch());
    }
    for (const at::Tensor& parameter : network.parameters())
        trained.weightsAreFloat &= parameter.scalar_type() == at::kFloat && parameter.grad().scalar_type() == at::kFloat;
    trained.accuracy = evaluate(network, samples, request.data->split.validation, *program).at("accuracy");
    return trained;
}

}

class TestPrecision : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void operationsComputeInItWhileTheGuardLives()
    {
        const at::Tensor a = at::ones({4, 4}), b = at::ones({4, 4});
        {
            const Autocast guard{Precision::bfloat16, at::kCPU};
            QVERIFY(at::mm(a, b).scalar_type() == at::kBFloat16);
            {
                const Autocast inner{Precision::float32, at::kCPU}; // changes nothing
                QVERIFY(at::mm(a, b).scalar_type() == at::kBFloat16);
            }
        }
        QVERIFY(at::mm(a, b).scalar_type() == at::kFloat);
        QVERIFY(!at::autocast::is_autocast_enabled(at::kCPU));
        const Autocast plain{Precision::float32, at::kCPU};
        QVERIFY(at::mm(a, b).scalar_type() == at::kFloat);
    }

    /// A cast that outlived its pass would hide what the optimizer has done since.
    void weightsAreCastAnewInEveryPass()
    {
        at::Tensor weight = at::ones({4, 4}).requires_grad_();
        const auto product = [&] {
            const Autocast guard{Precision::bfloat16, at::kCPU};
            return at::mm(at::ones({4, 4}), weight).to(at::kFloat)[0][0].item<double>();
        };
        QCOMPARE(product(), 4.0);
        {
            const torch::NoGradGuard guard;
            weight.fill_(2);
        }
        QCOMPARE(product(), 8.0);
    }

    void aSmallNetworkLearnsInBfloat16AboutAsWell()
    {
        const Trained exact = trainedIn(Precision::float32), half = trainedIn(Precision::bfloat16);
        QVERIFY(half.lossIsFloat && half.weightsAreFloat);
        QVERIFY2(exact.lastLoss < 0.5 * exact.firstLoss, qPrintable(QString::number(exact.lastLoss)));
        QVERIFY(half.firstLoss != exact.firstLoss); // or it had not computed in bfloat16
        QVERIFY2(std::abs(half.firstLoss - exact.firstLoss) < 0.05 * exact.firstLoss, qPrintable(QString::number(half.firstLoss)));
        QVERIFY2(half.lastLoss < 1.2 * exact.lastLoss + 0.02,
                 qPrintable(QStringLiteral("%1 against %2").arg(half.lastLoss).arg(exact.lastLoss)));
        QVERIFY2(half.accuracy > exact.accuracy - 0.04, qPrintable(QStringLiteral("%1 against %2").arg(half.accuracy).arg(exact.accuracy)));
    }

    void theFactorFollowsTheGradientsAsPythonTorchs_data()
    {
        QTest::addColumn<QString>("series");
        QTest::newRow("now finite, now not") << "scales";
        QTest::newRow("at the top of what a float holds") << "scales-at-the-top";
    }
    void theFactorFollowsTheGradientsAsPythonTorchs()
    {
        QFETCH(QString, series);
        QFile file{QStringLiteral(SOURCE_DIR "/tests/torch/references/loss_scaler.json")};
        QVERIFY(file.open(QIODevice::ReadOnly));
        const auto references = nlohmann::json::parse(file.readAll().toStdString());
        const auto expected = references[series.toStdString()];
        const bool top = series.endsWith("top");
        LossScaler scaler{top ? LossScalerState{.scale = 0x1p126} : LossScalerState{}, {.growthInterval = top ? 2 : 3}};
        for (std::size_t step = 0; step < expected.size(); ++step) {
            const bool infinite = !top && references["infinite"][step].get<int>() == 1;
            const std::vector<at::Tensor> gradients{at::tensor({1.0F, infinite ? INFINITY : 2.0F})};
            QCOMPARE(scaler.unscale(gradients), !infinite);
            QCOMPARE(scaler.state().scale, expected[step]["scale"].get<double>());
            QCOMPARE(scaler.state().finiteSteps, expected[step]["finiteSteps"].get<std::int64_t>());
        }
    }

    void gradientsAreFreedOfTheFactor()
    {
        LossScaler scaler{{.scale = 1024}};
        std::vector<at::Tensor> gradients{at::full({2, 3}, 2048.0F), at::full({4}, -512.0F)};
        QVERIFY(scaler.unscale(gradients));
        QVERIFY(at::equal(gradients[0], at::full({2, 3}, 2.0F)));
        QVERIFY(at::equal(gradients[1], at::full({4}, -0.5F)));
        gradients[1][2] = NAN;
        QVERIFY(!scaler.unscale(gradients));
        QCOMPARE(scaler.scale(), 512.0);
        QVERIFY(scaler.unscale({}));
    }

    void theStateComesBackFromACheckpoint()
    {
        const LossScalerState state{.scale = 0x1p-3, .finiteSteps = 1999};
        QVERIFY(LossScalerState::fromParts(state.parts()) == state);
        QVERIFY(LossScalerState::fromParts({}) == LossScalerState{});
        for (const double damaged : {0.0, -1.0, double{INFINITY}, double{NAN}})
            QVERIFY(LossScalerState::fromParts({{"lossScaler.scale", damaged}, {"lossScaler.finiteSteps", 3}}) == LossScalerState{});
    }

    void aPassScalesItsGradientsAndNotItsLoss()
    {
        Recipe recipe = findRecipeTemplate("spirals")->recipe;
        TorchBackend backend;
        const auto training = prepareTraining(recipe, backend, {});
        QVERIFY(training.value.has_value());
        const TrainingRequest request = requestOf(*training.value);
        GraphNetwork network{request.network, at::detail::createCPUGenerator(7)};
        const DeviceSamples samples{request.data, DeviceSamples::Part::train, at::kCPU};
        const auto program = makeTaskProgram({request, samples, at::kCPU});
        std::vector<std::int64_t> rows{0, 1, 2, 3, 4, 5};
        const Batch batch = samples.gather(rows);
        for (const int threads : {1, 3}) {
            at::set_num_threads(threads);
            GradientPass pass{network, *program, 5, true};
            const auto gradients = [&] {
                std::vector<at::Tensor> taken;
                for (const at::Tensor& parameter : network.parameters()) {
                    taken.push_back(parameter.grad().clone());
                    parameter.mutable_grad().reset();
                }
                return taken;
            };
            const double loss = pass.run(batch, 0).item<double>();
            const std::vector<at::Tensor> plain = gradients();
            pass.scaleGradients(1024);
            QCOMPARE(pass.run(batch, 0).item<double>(), loss);
            const std::vector<at::Tensor> scaled = gradients();
            for (std::size_t i = 0; i < plain.size(); ++i)
                QVERIFY(at::equal(scaled[i], plain[i] * 1024)); // a power of two rounds nothing
        }
        at::set_num_threads(1);
    }

    void float16IsRefusedOnACpu()
    {
        Recipe recipe = findRecipeTemplate("spirals")->recipe;
        recipe.training["precision"] = std::string{"float16"};
        QCOMPARE(validateWithDevice(recipe, "cpu").front().path, std::string{"training.precision"});
        QVERIFY(validateWithDevice(recipe, "cuda:1").empty());
        recipe.device = "cpu";
        const auto training = prepareTraining(recipe, TorchBackend{}, {});
        QVERIFY(!training.value.has_value());
        QCOMPARE(training.problems.front().path, std::string{"training.precision"});
    }
};

QTEST_GUILESS_MAIN(TestPrecision)
#include "tst_precision.moc"
