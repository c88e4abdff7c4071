// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/job/training_job.h"
#include "engine/core/network/network_builder.h"
#include "engine/torch/checkpoint/checkpoint.h"
#include "engine/torch/optim/averaged_weights.h"
#include "engine/torch/torch_backend.h"
#include "engine/torch/train/evaluation.h"

#include <ATen/CPUGeneratorImpl.h>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>
#include <cmath>
#include <nlohmann/json.hpp>
#include <torch/torch.h>

using namespace descent;

namespace {

using Kind = AveragingOptions::Kind;

constexpr double float32Tolerance = 2e-6; // twenty steps of lerp

at::Tensor formula(at::IntArrayRef shape, double phase)
{
    at::Tensor values = at::empty(shape);
    for (std::int64_t i = 0; i < values.numel(); ++i)
        values.view(-1)[i] = std::sin(0.7 * static_cast<double>(i) + phase);
    return values;
}

/// The network of references/averages.py.
GraphNetwork referenceNetwork()
{
    NetworkBuilder net{Shape{3}};
    net.linear("linear1", 4);
    net.batchNorm("norm");
    net.activation("relu");
    net.linear("linear2", 2);
    return {*std::move(net).build(), at::detail::createCPUGenerator(1)};
}

void move(GraphNetwork& network, int step)
{
    const torch::NoGradGuard guard;
    double i = 0;
    for (at::Tensor parameter : network.parameters())
        parameter.copy_(formula(parameter.sizes(), 0.3 * step + i++));
}

std::vector<at::Tensor> copiesOf(const GraphNetwork& network)
{
    std::vector<at::Tensor> copies;
    for (const auto& [name, tensor] : stateOf(network))
        copies.push_back(tensor.detach().clone());
    return copies;
}

double apart(const at::Tensor& values, const nlohmann::json& reference)
{
    const auto wanted = reference.get<std::vector<double>>();
    return (values.detach().to(at::kDouble).flatten() - at::tensor(wanted, at::kDouble)).abs().max().item<double>();
}

std::function<std::optional<Batch>()> batchesOf(std::vector<std::int64_t> sizes)
{
    return [sizes = std::move(sizes), at = std::size_t{0}]() mutable -> std::optional<Batch> {
        if (at == sizes.size())
            return std::nullopt;
        const std::int64_t rows = sizes[at++];
        return Batch{.inputs = {formula({rows, 3}, static_cast<double>(rows))}, .targets = at::zeros({rows})};
    };
}

}

/// Against torch.optim.swa_utils: tests/torch/references/averages.py makes the values.
class TestAveragedWeights : public QObject {
    Q_OBJECT
    nlohmann::json m_reference;

private Q_SLOTS:
    void initTestCase()
    {
        QFile file{QStringLiteral(SOURCE_DIR "/tests/torch/references/averages.json")};
        QVERIFY(file.open(QIODevice::ReadOnly));
        m_reference = nlohmann::json::parse(file.readAll().toStdString());
    }

    void averagesAreThoseOfPythonTorch_data()
    {
        QTest::addColumn<QString>("name");
        QTest::newRow("moving") << QStringLiteral("moving");
        QTest::newRow("equal") << QStringLiteral("equal");
    }
    void averagesAreThoseOfPythonTorch()
    {
        QFETCH(QString, name);
        const nlohmann::json& reference = m_reference.at(name.toStdString());
        GraphNetwork network = referenceNetwork();
        AveragedWeights average{network, {.kind = name == "moving" ? Kind::moving : Kind::equal, .decay = 0.9}};
        const auto compare = [&](const char* when) {
            const AveragedWeights::In in{&average};
            const std::vector<at::Tensor> parameters = network.parameters();
            for (std::size_t i = 0; i < parameters.size(); ++i)
                QVERIFY2(apart(parameters[i], reference.at(when)[i]) < float32Tolerance, when);
        };
        for (int step = 0; step < 20; ++step) {
            move(network, step);
            average.update();
            if (step < 2)
                compare(step == 0 ? "first" : "second");
        }
        compare("last");
        const AveragedWeights::In in{&average};
        network.eval();
        remeasureBatchNorms(network, at::detail::createCPUGenerator(1), batchesOf({5, 8, 3}));
        QVERIFY(!network.is_training());
        const auto buffers = network.named_buffers();
        QVERIFY(apart(buffers["norm.running_mean"], reference.at("running_mean")) < 2e-6);
        QVERIFY(apart(buffers["norm.running_var"], reference.at("running_var")) < 2e-6);
        QVERIFY(apart(network.forward(formula({4, 3}, 9)), reference.at("outputs")) < 1e-5);
    }

    void afterwardsTheNetworkHasItsOwnWeightsAndStatistics()
    {
        for (const Kind kind : {Kind::moving, Kind::equal}) {
            GraphNetwork network = referenceNetwork();
            AveragedWeights average{network, {.kind = kind}};
            {
                const std::vector<at::Tensor> before = copiesOf(network);
                const AveragedWeights::In nothingYet{&average};
                const std::vector<at::Tensor> same = copiesOf(network);
                for (std::size_t i = 0; i < before.size(); ++i)
                    QVERIFY(at::equal(before[i], same[i]));
            }
            for (int step = 0; step < 3; ++step) {
                move(network, step);
                network.train();
                network.forward(formula({5, 3}, step));
                average.update();
            }
            const std::vector<at::Tensor> before = copiesOf(network);
            const at::Tensor held = network.parameters().front(); // as an optimizer has it
            {
                const AveragedWeights::In in{&average};
                QVERIFY(!at::equal(held, before.front()));
                if (kind == Kind::equal)
                    remeasureBatchNorms(network, at::detail::createCPUGenerator(1), batchesOf({5, 8}));
            }
            QVERIFY(at::equal(held, before.front()));
            const std::vector<at::Tensor> after = copiesOf(network);
            for (std::size_t i = 0; i < before.size(); ++i)
                QVERIFY(at::equal(before[i], after[i]));
        }
    }

    void goesOnFromItsState()
    {
        for (const Kind kind : {Kind::moving, Kind::equal}) {
            GraphNetwork network = referenceNetwork(), again = referenceNetwork();
            AveragedWeights average{network, {.kind = kind, .decay = 0.7}}, restored{again, {.kind = kind, .decay = 0.7}};
            for (int step = 0; step < 6; ++step) {
                move(network, step);
                average.update();
                if (step == 3) {
                    const auto from = average.state(), to = restored.state();
                    for (std::size_t i = 0; i < from.size(); ++i)
                        to[i].second.copy_(from[i].second);
                    restored.setCount(average.count());
                } else if (step > 3) {
                    move(again, step);
                    restored.update();
                }
            }
            const auto wanted = average.state(), got = restored.state();
            for (std::size_t i = 0; i < wanted.size(); ++i)
                QVERIFY2(at::equal(got[i].second, wanted[i].second), wanted[i].first.c_str());
        }
    }

    void anInterruptedMeasurementChangesNothing()
    {
        GraphNetwork network = referenceNetwork();
        const std::vector<at::Tensor> before = copiesOf(network);
        int asked = 0;
        remeasureBatchNorms(network, at::detail::createCPUGenerator(1), batchesOf({5, 8, 3}), [&] { return ++asked == 2; });
        QCOMPARE(asked, 2);
        const auto buffers = network.named_buffers();
        QVERIFY(at::equal(buffers["norm.running_mean"], at::zeros({4})));
        QVERIFY(at::equal(buffers["norm.running_var"], at::ones({4})));
    }

    void whatIsKeptAndJudgedIsTheAverage_data() { averagesAreThoseOfPythonTorch_data(); }
    void whatIsKeptAndJudgedIsTheAverage()
    {
        QFETCH(QString, name);
        Recipe recipe = findRecipeTemplate("drawn-digits")->recipe;
        for (const auto& [path, value] : {std::pair{"dataset.samples", "300"}, {"architecture.width", "2"}, {"training.epochs", "1"}, {"training.averageDecay", "0.9"}})
            QVERIFY(setByPath(recipe, path, value).empty());
        QVERIFY(setByPath(recipe, "training.averaging", name == "moving" ? "ema" : "swa").empty());
        TorchBackend backend;
        const auto training = prepareTraining(recipe, backend, {});
        QVERIFY(training);
        QTemporaryDir folder;
        const TrainingRequest request = requestOf(*training.value, folder.path().toStdString(), 1);
        struct : RunObserver {
            std::map<std::string, double> epoch;
            void onEvent(const RunEvent& event) override
            {
                if (const auto* finished = std::get_if<EpochFinished>(&event))
                    epoch = finished->metrics;
            }
        } witness;
        RunControl control;
        backend.train(request, control, witness);

        const Result<ResumePoint> point = newestCheckpoint(folder.path().toStdString());
        QVERIFY(point);
        const Result<WeightsFile> end = readWeights(point->tensors), best = readWeights(std::filesystem::path{folder.path().toStdString()} / "best.safetensors");
        const auto tensor = [](const WeightsFile& file, const std::string& wanted) {
            const auto found = std::find_if(file.view.tensors.begin(), file.view.tensors.end(), [&](const StoredTensor& one) { return one.name == wanted; });
            return found == file.view.tensors.end() ? at::Tensor{} : tensorOf(*found);
        };
        GraphNetwork network{training->network, at::detail::createCPUGenerator(99)};
        for (const auto& parameter : network.named_parameters()) {
            QVERIFY2(at::equal(tensor(*best, parameter.key()), tensor(*end, "average/" + parameter.key())), parameter.key().c_str());
            QVERIFY2(!at::equal(tensor(*best, parameter.key()), tensor(*end, parameter.key())), parameter.key().c_str());
        }
        QVERIFY(loadWeights(std::filesystem::path{folder.path().toStdString()} / "best.safetensors", network).empty());
        const DeviceSamples samples{request.data, DeviceSamples::Part::train, at::kCPU};
        const auto program = makeTaskProgram({request, samples, at::kCPU});
        const auto figures = evaluate(network, samples, request.data->split.validation, *program);
        QVERIFY(std::abs(figures.at("loss") - witness.epoch.at("loss/validation")) < 1e-5);
    }

    void frozenBatchNormsKeepTheirStatistics()
    {
        GraphNetwork network = referenceNetwork();
        network.freeze({true, true, true, false});
        const std::vector<at::Tensor> before = copiesOf(network);
        remeasureBatchNorms(network, at::detail::createCPUGenerator(1), batchesOf({5, 8}));
        const std::vector<at::Tensor> after = copiesOf(network);
        for (std::size_t i = 0; i < before.size(); ++i)
            QVERIFY(at::equal(before[i], after[i]));
    }
};

QTEST_GUILESS_MAIN(TestAveragedWeights)
#include "tst_averaged_weights.moc"
