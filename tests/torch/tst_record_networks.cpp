// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/base/files.h"
#include "engine/core/network/architecture.h"
#include "engine/torch/nn/graph_network.h"
#include "tests/torch/drawn_weights.h"

#include <torch/torch.h>

#include <QTest>

#include <nlohmann/json.hpp>

#include <cmath>

using namespace descent;
using json = nlohmann::json;

namespace {

constexpr double float64Tolerance = 1e-9;

const json& references()
{
    static const json values = json::parse(readFile(SOURCE_DIR "/tests/torch/references/records.json", 1 << 20));
    return values;
}

NetworkBrief recordBrief()
{
    const std::int64_t steps = references()["steps"];
    return {.inputs = {{.kind = NetworkInput::Kind::tokens, .shape = {steps}, .vocabulary = references()["vocabulary"], .padded = true},
                       {.kind = NetworkInput::Kind::series, .shape = {steps, references()["features"]}}},
            .outputs = references()["outputs"]};
}

NetworkSpec specOf(const std::string& kind, const std::map<std::string, std::string>& written = {})
{
    const Architecture& architecture = *findArchitecture(kind);
    Parameters parameters;
    for (const auto& [name, value] : written)
        parameters[name] = *parse(*findParameter(architecture.schema, name), value, name);
    return *architecture.build(parameters, recordBrief()).value;
}

at::Generator seeded()
{
    return at::make_generator<at::CPUGeneratorImpl>(7);
}

/// Codes and numbers of the references.
std::vector<at::Tensor> inputs()
{
    const std::int64_t batch = references()["lengths"].size(), steps = references()["steps"], features = references()["features"];
    return {at::tensor(references()["codes"].get<std::vector<std::int64_t>>(), at::kLong).view({batch, steps}),
            at::tensor(references()["numbers"].get<std::vector<double>>(), at::kDouble).view({batch, steps, features})};
}

}

class TestRecordNetworks : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase() { at::set_num_threads(1); }

    void aStepEqualsThatOfPlainTorch_data()
    {
        QTest::addColumn<int>("index");
        for (std::size_t i = 0; i < references()["cases"].size(); ++i)
            QTest::newRow((references()["cases"][i]["architecture"].get<std::string>() + " " + references()["cases"][i]["parameters"].dump()).c_str())
                << static_cast<int>(i);
    }
    void aStepEqualsThatOfPlainTorch()
    {
        QFETCH(int, index);
        const json& expected = references()["cases"][static_cast<std::size_t>(index)];
        GraphNetwork network{specOf(expected["architecture"], expected["parameters"]), seeded()};
        network.to(at::kDouble);
        auto parameters = network.named_parameters();
        const auto names = expected["names"].get<std::vector<std::string>>();
        QCOMPARE(parameters.size(), names.size());
        for (std::size_t i = 0; i < names.size(); ++i) {
            const torch::NoGradGuard guard;
            at::Tensor& parameter = parameters[names[i]];
            at::Tensor values = drawn(parameter.sizes(), static_cast<std::uint32_t>(i));
            values *= parameter.dim() > 1 ? std::sqrt(6.0 / static_cast<double>(parameter.numel() / parameter.size(0))) : 0.1;
            parameter.copy_(parameter.dim() == 1 && names[i].ends_with("weight") ? values + 1 : values);
        }
        const at::Tensor outputs = network.forward(inputs());
        QVERIFY2(distance(expected["outputs"], outputs) < float64Tolerance, qPrintable(QString::number(distance(expected["outputs"], outputs))));
        const at::Tensor loss = at::cross_entropy_loss(outputs, at::arange(outputs.size(0)) % outputs.size(1));
        QVERIFY(std::abs(loss.item<double>() - expected["loss"].get<double>()) < float64Tolerance);
        loss.backward();
        std::vector<at::Tensor> norms;
        for (const std::string& name : names)
            norms.push_back(parameters[name].grad().norm());
        QVERIFY(distance(expected["gradientNorms"], at::stack(norms)) < float64Tolerance);
    }

    void paddingChangesNothing_data()
    {
        QTest::addColumn<QString>("kind");
        for (const char* kind : {"record-rnn", "record-transformer", "record-bag"})
            QTest::newRow(kind) << kind;
    }
    void paddingChangesNothing()
    {
        QFETCH(QString, kind);
        GraphNetwork network{specOf(kind.toStdString()), seeded()};
        network.to(at::kDouble);
        network.eval();
        const auto all = inputs();
        const at::Tensor together = network.forward(all);
        for (std::int64_t i = 0; i < together.size(0); ++i) {
            const std::int64_t length = references()["lengths"][static_cast<std::size_t>(i)];
            const at::Tensor alone = network.forward({all[0].narrow(0, i, 1).narrow(1, 0, length), all[1].narrow(0, i, 1).narrow(1, 0, length)});
            QVERIFY((alone[0] - together[i]).abs().max().item<double>() < float64Tolerance);
        }
    }

    void onlyTheBagIsBlindToOrderTimeAndValues_data() { paddingChangesNothing_data(); }
    void onlyTheBagIsBlindToOrderTimeAndValues()
    {
        QFETCH(QString, kind);
        GraphNetwork network{specOf(kind.toStdString()), seeded()};
        network.to(at::kDouble);
        network.eval();
        const at::Tensor codes = inputs()[0].narrow(0, 0, 1), numbers = inputs()[1].narrow(0, 0, 1);
        const auto moved = [&](const std::vector<at::Tensor>& other) {
            return (network.forward(other) - network.forward({codes, numbers})).abs().max().item<double>() > 1e-6;
        };
        const bool blind = kind == "record-bag";
        QCOMPARE(moved({codes, numbers.flip(1)}), !blind);
        QCOMPARE(moved({codes.flip(1), numbers}), !blind);
        QVERIFY(moved({codes.clamp_max(2), numbers}));
    }

    void recordNetworksReadRecordsAlone()
    {
        const NetworkBrief records = recordBrief(), row = numbersFrom({5}, 2), picture = numbersFrom({3, 8, 8}, 2);
        NetworkBrief texts = records;
        texts.inputs.pop_back();
        for (const char* kind : {"record-rnn", "record-transformer", "record-bag"}) {
            const auto fits = findArchitecture(kind)->fits;
            QVERIFY(fits(records) && !fits(row) && !fits(picture) && !fits(texts));
        }
        for (const char* kind : {"mlp", "ft-transformer", "resnet18"})
            QVERIFY(!findArchitecture(kind)->fits(records));
    }
};

QTEST_GUILESS_MAIN(TestRecordNetworks)
#include "tst_record_networks.moc"
