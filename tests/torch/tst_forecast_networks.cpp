// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/base/files.h"
#include "engine/core/network/custom/custom.h"
#include "engine/core/network/architecture.h"
#include "tests/torch/drawn_weights.h"

#include <torch/torch.h>

#include <QTest>

#include <fmt/ranges.h>
#include <nlohmann/json.hpp>

#include <map>

using namespace descent;
using json = nlohmann::json;

namespace {

constexpr double float64Tolerance = 1e-9;

const json& references()
{
    static const json values = json::parse(readFile(SOURCE_DIR "/tests/torch/references/forecast_networks.json", 1 << 24));
    return values;
}

NetworkBrief briefOf(std::int64_t features, std::int64_t targets, std::int64_t steps, std::int64_t horizon)
{
    return {.inputs = {numericInput({steps, features})}, .output = NetworkBrief::Output::future, .outputs = targets, .horizon = horizon};
}

Result<NetworkSpec> build(const std::string& kind, const NetworkBrief& brief, const std::map<std::string, std::string>& written = {})
{
    const Architecture* architecture = findArchitecture(kind);
    Parameters parameters;
    for (const auto& [name, value] : written)
        parameters[name] = *parse(*findParameter(architecture->schema, name), value, name);
    return architecture->build(parameters, brief);
}

}

class TestForecastNetworks : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase() { at::set_num_threads(1); }

    void aStepOfEachIsItsTwinsInPython_data()
    {
        QTest::addColumn<int>("index");
        for (std::size_t i = 0; i < references()["cases"].size(); ++i)
            QTest::newRow(fmt::format("{} {}", i, references()["cases"][i]["architecture"].get<std::string>()).c_str()) << static_cast<int>(i);
    }
    void aStepOfEachIsItsTwinsInPython()
    {
        QFETCH(int, index);
        const json& reference = references()["cases"][static_cast<std::size_t>(index)];
        const std::int64_t batch = references()["batch"], steps = references()["steps"], horizon = references()["horizon"];
        const std::int64_t features = reference["features"], targets = reference["targets"];
        const Result<NetworkSpec> spec = build(reference["architecture"], briefOf(features, targets, steps, horizon), reference["parameters"]);
        QVERIFY(spec.value);
        QCOMPARE(spec->outputShape(), (Shape{horizon, targets}));
        GraphNetwork network{*spec, seeded(1)};
        network.to(at::kDouble);
        fill(network);
        std::vector<std::string> names;
        for (const auto& item : network.named_parameters())
            names.push_back(item.key());
        QCOMPARE(names, reference["names"].get<std::vector<std::string>>());
        const at::Tensor outputs = network.forward(drawn({batch, steps, features}, 9999));
        QVERIFY(distance(reference["outputs"], outputs) < float64Tolerance);
        const at::Tensor loss = at::mse_loss(outputs, drawn({batch, horizon, targets}, 8888));
        QVERIFY(std::abs(loss.item<double>() - reference["loss"].get<double>()) < float64Tolerance);
        loss.backward();
        std::vector<double> norms;
        for (const at::Tensor& parameter : network.parameters())
            norms.push_back(parameter.grad().norm().item<double>());
        QVERIFY(distance(reference["gradientNorms"], at::tensor(norms, at::kDouble)) < float64Tolerance);
    }

    void everyArchitectureThatFitsForecastsThreeColumns_data()
    {
        QTest::addColumn<QString>("id");
        for (const Architecture& architecture : architectures())
            if (architecture.id != customArchitecture && architecture.fits(briefOf(5, 3, 48, 12)))
                QTest::newRow(architecture.id.c_str()) << QString::fromStdString(architecture.id);
    }
    void everyArchitectureThatFitsForecastsThreeColumns()
    {
        QFETCH(QString, id);
        const Result<NetworkSpec> spec = build(id.toStdString(), briefOf(5, 3, 48, 12));
        QVERIFY(spec.value);
        GraphNetwork network{*spec, seeded(1)};
        const at::Tensor outputs = network.forward(at::randn({4, 48, 5}));
        QCOMPARE(outputs.sizes().vec(), (std::vector<std::int64_t>{4, 12, 3}));
        std::int64_t parameters = 0;
        for (const at::Tensor& parameter : network.parameters())
            parameters += parameter.numel();
        QCOMPARE(parameters, spec->parameterCount());
    }

    void windowNormMakesForecastsFollowLevelAndSpread_data()
    {
        QTest::addColumn<QString>("id");
        for (const char* id : {"dlinear", "rnn-forecaster", "temporal-convolution", "patch-transformer"})
            QTest::newRow(id) << id;
    }
    void windowNormMakesForecastsFollowLevelAndSpread()
    {
        QFETCH(QString, id);
        GraphNetwork network{*build(id.toStdString(), briefOf(2, 2, 40, 8), {{"windowNorm", "true"}}), seeded(1)};
        network.to(at::kDouble);
        network.eval();
        const at::Tensor window = drawn({2, 40, 2}, 5);
        const at::Tensor moved = network.forward(window * 300 + 1000), still = network.forward(window) * 300 + 1000;
        QVERIFY(((moved - still).abs().max() / still.abs().max()).item<double>() < 1e-4); // the variance has 1e-5 added
    }

    void temporalConvolutionsSeeTheWholeWindowAndNoMore()
    {
        GraphNetwork network{*build("temporal-convolution", briefOf(1, 1, 200, 1), {{"dropout", "0"}, {"windowNorm", "false"}}), seeded(1)};
        network.to(at::kDouble);
        at::Tensor window = drawn({1, 200, 1}, 3).requires_grad_();
        network.forward(window).sum().backward();
        QVERIFY(window.grad()[0][0][0].item<double>() != 0);
    }

    void columnsOfAPatchTransformerDoNotSeeEachOther()
    {
        GraphNetwork network{*build("patch-transformer", briefOf(3, 3, 64, 4), {{"dropout", "0"}}), seeded(1)};
        at::Tensor window = at::randn({2, 64, 3}).requires_grad_();
        network.forward(window).select(2, 0).sum().backward();
        const at::Tensor seen = window.grad().abs().sum(at::IntArrayRef{0, 1});
        QVERIFY(seen[0].item<float>() > 0 && seen[1].item<float>() == 0 && seen[2].item<float>() == 0);
    }

    void aPatchLongerThanTheWindowIsAProblem()
    {
        const Result<NetworkSpec> spec = build("patch-transformer", briefOf(1, 1, 10, 4));
        QVERIFY(!spec);
        QCOMPARE(spec.problems.front().path, std::string{"architecture.patch"});
    }
};

QTEST_GUILESS_MAIN(TestForecastNetworks)
#include "tst_forecast_networks.moc"
