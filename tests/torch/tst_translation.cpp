// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/base/files.h"
#include "engine/core/network/architecture.h"
#include "engine/core/network/sequence_pairs.h"
#include "engine/torch/nn/graph_network.h"
#include "engine/torch/nn/operation.h"

#include <ATen/ATen.h>
#include <ATen/CPUGeneratorImpl.h>
#include <torch/utils.h>

#include <QTest>
#include <nlohmann/json.hpp>

using namespace descent;
using nlohmann::json;

namespace {

const json& references()
{
    static const json values = json::parse(readFile(SOURCE_DIR "/tests/torch/references/translation.json", 1 << 22));
    return values;
}

/// The formula of references/networks.py.
at::Tensor drawn(at::IntArrayRef shape, std::uint32_t stream)
{
    const at::Tensor values = at::empty(shape, at::kDouble);
    for (std::int64_t i = 0; i < values.numel(); ++i) {
        auto x = static_cast<std::uint32_t>(i) + stream * 1000003u;
        x ^= x >> 16;
        x *= 0x7feb352du;
        x ^= x >> 15;
        x *= 0x846ca68bu;
        x ^= x >> 16;
        values.data_ptr<double>()[i] = static_cast<double>(x) / 2147483648.0 - 1;
    }
    return values;
}

void fill(GraphNetwork& network)
{
    const torch::NoGradGuard guard;
    std::uint32_t stream = 0;
    for (const auto& item : network.named_parameters()) {
        at::Tensor parameter = item.value();
        at::Tensor values = drawn(parameter.sizes(), stream++);
        values *= parameter.dim() > 1 ? std::sqrt(6.0 / static_cast<double>(parameter.numel() / parameter.size(0))) : 0.1;
        if (parameter.dim() == 1 && item.key().ends_with("weight"))
            values += 1;
        parameter.copy_(values);
    }
}

NetworkSpec specOf(const std::string& kind, const std::map<std::string, std::string>& written)
{
    const Architecture* architecture = findArchitecture(kind);
    Parameters parameters;
    for (const auto& [name, value] : written)
        parameters[name] = *parse(*findParameter(architecture->schema, name), value, name);
    using enum NetworkInput::Kind;
    const std::int64_t length = references()["length"];
    const NetworkBrief brief{.inputs = {{.kind = tokens, .shape = {length}, .vocabulary = references()["sourceVocabulary"], .padded = true},
                                        {.kind = tokens, .shape = {length}, .vocabulary = references()["targetVocabulary"], .padded = true}},
                             .output = NetworkBrief::Output::nextTokens,
                             .outputs = references()["targetVocabulary"]};
    const Result<NetworkSpec> spec = architecture->build(parameters, brief);
    if (!spec)
        throw std::invalid_argument{english(spec.problems.front())};
    return *spec;
}

at::Tensor ids(const char* name)
{
    std::vector<std::int64_t> flat;
    for (const auto& row : references()[name])
        for (const auto& id : row)
            flat.push_back(id);
    return at::tensor(flat, at::kLong).view({static_cast<std::int64_t>(references()[name].size()), -1});
}

double difference(const at::Tensor& a, const std::vector<double>& b)
{
    return (a.flatten() - at::tensor(b, at::kDouble)).abs().max().item<double>();
}

constexpr double tolerance = 1e-9; // of float64

}

class TestTranslation : public QObject
{
    Q_OBJECT

    static void addArchitectures()
    {
        QTest::addColumn<int>("place");
        for (int i = 0; i < static_cast<int>(references()["cases"].size()); ++i)
            QTest::addRow("%s %d", references()["cases"][static_cast<std::size_t>(i)]["architecture"].get<std::string>().c_str(), i) << i;
    }

private Q_SLOTS:
    void networksEqualTheirPythonTwins_data() { addArchitectures(); }
    void networksEqualTheirPythonTwins()
    {
        QFETCH(int, place);
        const json& reference = references()["cases"][static_cast<std::size_t>(place)];
        const NetworkSpec spec = specOf(reference["architecture"], reference["parameters"]);
        GraphNetwork network{spec, at::detail::createCPUGenerator(1)};
        network.to(at::kDouble);
        fill(network);
        std::vector<std::string> names;
        std::int64_t count = 0;
        for (const auto& item : network.named_parameters()) {
            names.push_back(item.key());
            count += item.value().numel();
        }
        QCOMPARE(names, reference["names"].get<std::vector<std::string>>());
        QCOMPARE(spec.parameterCount(), count);

        const at::Tensor written = ids("written");
        const at::Tensor logits = network.forward({ids("source"), ids("read")});
        QVERIFY(difference(logits.index({written != 0}), reference["logits"]) < tolerance);
        const auto loss = [&](double smoothing) {
            return at::cross_entropy_loss(logits.flatten(0, 1), written.flatten(), {}, at::Reduction::Mean, 0, smoothing);
        };
        QVERIFY(std::abs(loss(0.1).item<double>() - reference["smoothedLoss"].get<double>()) < tolerance);
        loss(0).backward();
        std::vector<double> norms;
        for (const at::Tensor& parameter : network.parameters())
            norms.push_back(parameter.grad().norm().item<double>());
        QVERIFY(difference(at::tensor(norms, at::kDouble), reference["gradientNorms"]) < tolerance);
    }

    void aTextWrittenTokenByTokenIsScoredAsAWhole_data() { addArchitectures(); }
    void aTextWrittenTokenByTokenIsScoredAsAWhole()
    {
        QFETCH(int, place);
        const json& reference = references()["cases"][static_cast<std::size_t>(place)];
        const NetworkSpec spec = specOf(reference["architecture"], reference["parameters"]);
        GraphNetwork network{spec, at::detail::createCPUGenerator(1)};
        network.to(at::kDouble);
        fill(network);
        network.eval();
        const torch::NoGradGuard guard;
        // Rows change places and one is doubled on the way, as a beam does.
        const at::Tensor order = at::tensor(std::vector<std::int64_t>{2, 0, 1, 0}, at::kLong);
        const at::Tensor source = ids("source"), read = at::tensor(std::vector<std::int64_t>{2, 5, 8, 4, 2, 7, 4, 4, 2, 6, 6, 3}, at::kLong).view({3, 4});
        const at::Tensor whole = network.forward({source, read});

        std::map<std::string, at::Tensor, std::less<>> known;
        for (const std::string& layer : encodedLayers(spec))
            known.emplace(layer, network.valueOf(layer, {source, read.narrow(1, 0, 1)}, known));
        QVERIFY(!known.empty());
        DecodingState state;
        at::Tensor shownSource = source, shownRead = read, expected = whole;
        for (std::int64_t step = 0; step < 4; ++step) {
            if (step == 2) {
                state.select(order);
                for (auto& [layer, value] : known)
                    value = value.index_select(0, order);
                shownSource = shownSource.index_select(0, order);
                shownRead = shownRead.index_select(0, order);
                expected = expected.index_select(0, order);
            }
            const at::Tensor logits = network.valueOf(spec.layers.back().name, {shownSource, shownRead.narrow(1, step, 1)}, known, &state);
            QCOMPARE(logits.size(1), 1);
            QVERIFY((logits.select(1, 0) - expected.select(1, step)).abs().max().item<double>() < tolerance);
        }
        QCOMPARE(state.written, 4);
    }

    void attentionIsKeptWhereItIsWanted()
    {
        const NetworkSpec spec = specOf("transformer", references()["cases"][0]["parameters"]);
        GraphNetwork network{spec, at::detail::createCPUGenerator(1)};
        network.eval();
        const torch::NoGradGuard guard;
        DecodingState state;
        state.keepsAttention = true;
        network.valueOf(spec.layers.back().name, {ids("source"), ids("read")}, {}, &state);
        QCOMPARE(state.attention.sizes(), (at::IntArrayRef{3, 4, 5}));
        QVERIFY((state.attention.sum(2) - 1).abs().max().item<double>() < 1e-5);
        // The second source has two tokens: nobody looks at its padding.
        QCOMPARE(state.attention[1].narrow(1, 2, 3).abs().max().item<double>(), 0.0);
    }

    void paddingChangesNothing()
    {
        for (const char* kind : {"transformer"}) { // an LSTM that reads backwards begins in the padding
            const NetworkSpec spec = specOf(kind, references()["cases"][0]["parameters"]);
            GraphNetwork network{spec, at::detail::createCPUGenerator(1)};
            network.eval();
            const torch::NoGradGuard guard;
            const at::Tensor source = ids("source")[1].unsqueeze(0), read = ids("read")[1].unsqueeze(0);
            const at::Tensor padded = network.forward({source, read}).narrow(1, 0, 2);
            const at::Tensor plain = network.forward({source.narrow(1, 0, 2), read.narrow(1, 0, 2)});
            QVERIFY((padded - plain).abs().max().item<double>() < 1e-5);
        }
    }
};

QTEST_GUILESS_MAIN(TestTranslation)
#include "tst_translation.moc"
