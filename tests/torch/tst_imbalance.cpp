// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/base/files.h"
#include "engine/core/job/training_job.h"
#include "engine/core/network/network_builder.h"
#include "engine/torch/data/training_batches.h"
#include "engine/torch/task/classification.h"
#include "engine/torch/torch_backend.h"
#include "tests/torch/drawn_weights.h"

#include <torch/torch.h>

#include <QTest>

#include <nlohmann/json.hpp>

#include <cmath>
#include <map>
#include <numeric>

using namespace descent;
using json = nlohmann::json;

namespace {

constexpr double float64Tolerance = 1e-10;
constexpr double float32Tolerance = 2e-6; // scores pass a softmax in float32

const json& references()
{
    static const json values = json::parse(readFile(SOURCE_DIR "/tests/torch/references/imbalance.json", 1 << 20));
    return values;
}

/// A table of one number, with so many rows of each class, one class after the other.
std::shared_ptr<const Dataset> tableOf(const std::vector<std::int64_t>& counts)
{
    Dataset dataset{.name = "made up"};
    Table table{.columns = {{.name = "x"}}};
    for (std::size_t one = 0; one < counts.size(); ++one) {
        dataset.train.targets.classNames.push_back(std::to_string(one));
        for (std::int64_t i = 0; i < counts[one]; ++i) {
            dataset.train.targets.classes.push_back(static_cast<std::int64_t>(one));
            table.columns[0].numbers.push_back(static_cast<float>(table.count++));
        }
    }
    dataset.train.inputs = std::move(table);
    return std::make_shared<const Dataset>(std::move(dataset));
}

/// Prepared with all rows in the training part.
std::shared_ptr<const PreparedData> preparedAll(std::shared_ptr<const Dataset> dataset)
{
    PreparedData data = *prepareData(std::move(dataset), {}).value;
    data.split.train.resize(static_cast<std::size_t>(data.dataset->train.count()));
    std::iota(data.split.train.begin(), data.split.train.end(), std::int64_t{0});
    return std::make_shared<const PreparedData>(std::move(data));
}

/// Two logits whose softmax is (1 - s, s) for an input of log(s / (1 - s)).
std::unique_ptr<GraphNetwork> sigmoidNetwork()
{
    NetworkBuilder builder{Shape{1}};
    builder.linear("head", 2, false);
    auto network = std::make_unique<GraphNetwork>(*std::move(builder).build().value, at::make_generator<at::CPUGeneratorImpl>(1));
    const torch::NoGradGuard guard;
    network->named_parameters()["head.weight"].copy_(at::tensor({0.0F, 1.0F}).view({2, 1}));
    return network;
}

Batch batchOf(const json& samples)
{
    const at::Tensor score = at::tensor(samples[1].get<std::vector<double>>(), at::kDouble);
    return {.inputs = {at::logit(score).to(at::kFloat).unsqueeze(1)}, .targets = at::tensor(samples[0].get<std::vector<std::int64_t>>(), at::kLong)};
}

}

class TestImbalance : public QObject
{
    Q_OBJECT
    TorchBackend m_backend;

private Q_SLOTS:
    void initTestCase() { at::set_num_threads(1); }

    void lossesAndGradientsAreTorchs_data()
    {
        QTest::addColumn<int>("index");
        for (std::size_t i = 0; i < references()["losses"].size(); ++i) {
            const json& one = references()["losses"][i];
            QTest::addRow("focus %s, smoothing %s%s", one["gamma"].dump().c_str(), one["smoothing"].dump().c_str(), one["weight"].empty() ? "" : ", weighted")
                << static_cast<int>(i);
        }
    }
    void lossesAndGradientsAreTorchs()
    {
        QFETCH(int, index);
        const json& expected = references()["losses"][static_cast<std::size_t>(index)];
        const at::Tensor truth = at::tensor(expected["truth"].get<std::vector<std::int64_t>>(), at::kLong);
        const at::Tensor logits = (drawn({truth.size(0), 3}, 31) * 3).requires_grad_();
        const auto weight = expected["weight"].get<std::vector<double>>();
        const at::Tensor weights = weight.empty() ? at::Tensor{} : at::tensor(weight, at::kDouble);
        const double gamma = expected["gamma"], smoothing = expected["smoothing"];
        const auto check = [&](const at::Tensor& loss) {
            const at::Tensor gradient = torch::autograd::grad({loss}, {logits})[0];
            QVERIFY2(std::abs(loss.item<double>() - expected["loss"].get<double>()) < float64Tolerance, qPrintable(QString::number(loss.item<double>(), 'g', 15)));
            const at::Tensor wanted = at::tensor(expected["gradient"].get<std::vector<double>>(), at::kDouble).view_as(gradient);
            QVERIFY((gradient - wanted).abs().max().item<double>() < float64Tolerance);
        };
        check(focalLoss(logits, truth, gamma, smoothing, weights));
        if (gamma == 0)
            check(crossEntropy(logits, truth, smoothing, weights));
    }

    void aFocusedLossOfACertainAnswerHasAGradient()
    {
        const at::Tensor logits = at::tensor({80.0F, -80.0F}).view({1, 2}).requires_grad_();
        const at::Tensor gradient = torch::autograd::grad({focalLoss(logits, at::zeros({1}, at::kLong), 0.5)}, {logits})[0];
        QVERIFY(at::isfinite(gradient).all().item<bool>());
    }

    void balancedClassWeightsAreScikitLearns()
    {
        const auto data = preparedAll(tableOf(references()["classCounts"].get<std::vector<std::int64_t>>()));
        const std::vector<float> weights = balancedClassWeights(*data);
        const auto expected = references()["classWeights"].get<std::vector<double>>();
        QCOMPARE(weights.size(), expected.size());
        for (std::size_t i = 0; i < weights.size(); ++i)
            QVERIFY(std::abs(weights[i] - expected[i]) < 1e-5);
        PreparedData without = *data; // of a class that does not occur in the training part
        without.split.train.resize(95);
        QCOMPARE(balancedClassWeights(without).back(), 0.0F);
    }

    void balancedSamplingShowsEveryClassEquallyOften()
    {
        const auto data = preparedAll(tableOf({70, 25, 5}));
        const DeviceSamples samples{data, DeviceSamples::Part::train, at::kCPU};
        TrainingBatches batches{data, samples, 10, 3, true};
        QCOMPARE(batches.stepsPerEpoch(), 10);
        for (std::int64_t epoch = 0; epoch < 2; ++epoch) {
            std::map<std::int64_t, int> seen;
            std::map<float, int> rare, common;
            batches.startEpoch(epoch);
            for (std::int64_t step = 0; step < batches.stepsPerEpoch(); ++step) {
                const Batch batch = batches.next();
                for (std::int64_t i = 0; i < batch.size(); ++i) {
                    const auto label = batch.targets[i].item<std::int64_t>();
                    ++seen[label];
                    if (label != 1)
                        ++(label == 2 ? rare : common)[batch.inputs[0][i].item<float>()];
                }
            }
            QCOMPARE(seen, (std::map<std::int64_t, int>{{0, 34}, {1, 33}, {2, 33}}));
            // 33 draws of 5 rows: each comes 6 or 7 times; 34 of 70: none twice.
            QCOMPARE(rare.size(), 5U);
            for (const auto& [value, times] : rare)
                QVERIFY(times == 6 || times == 7);
            QCOMPARE(common.size(), 34U);
        }
        TrainingBatches plain{data, samples, 10, 3, false};
        plain.startEpoch(0);
        std::map<std::int64_t, int> seen;
        for (std::int64_t step = 0; step < plain.stepsPerEpoch(); ++step)
            for (const Batch batch = plain.next(); const auto label : std::vector<std::int64_t>(batch.targets.const_data_ptr<std::int64_t>(), batch.targets.const_data_ptr<std::int64_t>() + batch.size()))
                ++seen[label];
        QCOMPARE(seen, (std::map<std::int64_t, int>{{0, 70}, {1, 25}, {2, 5}}));
    }

    void theThresholdOfValidationIsKeptForTest_data()
    {
        QTest::addColumn<int>("index");
        for (std::size_t i = 0; i < references()["rules"].size(); ++i)
            QTest::addRow("%s", references()["rules"][i]["rule"].get<std::string>().c_str()) << static_cast<int>(i);
    }
    void theThresholdOfValidationIsKeptForTest()
    {
        QFETCH(int, index);
        const json& expected = references()["rules"][static_cast<std::size_t>(index)];
        Recipe recipe = findRecipeTemplate("risk")->recipe;
        recipe.training["threshold"] = expected["rule"].get<std::string>();
        recipe.training["falseAlarmCost"] = expected["costs"][0].get<double>();
        recipe.training["missCost"] = expected["costs"][1].get<double>();
        const auto training = prepareTraining(recipe, m_backend, {}, tableOf({900, 100})); // class 1 is the rarer one
        QVERIFY(training.value);
        QVERIFY(training->task.primaryMetric == "average-precision");
        const TrainingRequest request = requestOf(*training.value);
        const DeviceSamples samples{training->data, DeviceSamples::Part::train, at::kCPU};
        const auto program = makeTaskProgram({request, samples, at::kCPU});
        const auto network = sigmoidNetwork();
        network->eval();
        const torch::NoGradGuard guard;
        const auto figures = [&](const char* part, const std::map<std::string, double>& chosen) {
            const auto judge = program->judge(chosen);
            const Batch batch = batchOf(references()["samples"][part]);
            // In two batches: what comes later must be joined, not replace what came before.
            judge->take(*network, {.inputs = {batch.inputs[0].narrow(0, 0, 130)}, .targets = batch.targets.narrow(0, 0, 130)});
            judge->take(*network, {.inputs = {batch.inputs[0].narrow(0, 130, batch.size() - 130)}, .targets = batch.targets.narrow(0, 130, batch.size() - 130)});
            return judge->figures();
        };
        const auto validation = figures("validation", {}), test = figures("test", validation);
        QVERIFY(std::abs(validation.at("threshold") - expected["threshold"].get<double>()) < float32Tolerance);
        QCOMPARE(test.at("threshold"), validation.at("threshold"));
        for (const auto& [part, ours] : {std::pair{"validation", validation}, std::pair{"test", test}})
            for (const auto& [name, value] : expected[part].items()) {
                if (name == "mean-cost" && expected["rule"] != "least-cost")
                    continue; // told only where costs decide
                const double difference = std::abs(ours.at(name) - value.get<double>());
                QVERIFY2(difference < float32Tolerance, qPrintable(QString{"%1 of %2 is off by %3"}.arg(QString::fromStdString(name), part).arg(difference)));
            }
    }
};

QTEST_GUILESS_MAIN(TestImbalance)
#include "tst_imbalance.moc"
