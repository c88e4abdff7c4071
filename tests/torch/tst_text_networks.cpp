// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/base/files.h"
#include "engine/core/network/architecture.h"
#include "engine/torch/nn/graph_network.h"

#include <torch/torch.h>

#include <QTest>

#include <cmath>
#include <nlohmann/json.hpp>

using namespace descent;
using json = nlohmann::json;

namespace {

constexpr double float64Tolerance = 1e-9; // in parts of the largest value
constexpr double float32Tolerance = 1e-5;

const json& references()
{
    static const json values = json::parse(readFile(SOURCE_DIR "/tests/torch/references/text_networks.json", 1 << 24));
    return values;
}

/// The formula of references/networks.py: an integer hash (lowbias32) as numbers in [-1, 1), exact in any language.
at::Tensor drawn(at::IntArrayRef shape, std::uint32_t stream)
{
    const at::Tensor values = at::empty(shape, at::kDouble);
    auto* at = values.data_ptr<double>();
    for (std::int64_t i = 0; i < values.numel(); ++i) {
        auto x = static_cast<std::uint32_t>(i) + stream * 1000003u;
        x = (x ^ x >> 16) * 0x7feb352du;
        x = (x ^ x >> 15) * 0x846ca68bu;
        at[i] = static_cast<double>(x ^ x >> 16) / 2147483648.0 - 1;
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

NetworkSpec specOf(const std::string& architecture, const json& written, bool language)
{
    const Architecture& found = *findArchitecture(architecture);
    Parameters parameters;
    for (const auto& [name, value] : written.items())
        parameters[name] = *parse(*findParameter(found.schema, name), value.get<std::string>(), name);
    const std::int64_t vocabulary = references()["vocabulary"];
    const NetworkBrief brief{
        .inputs = {{.kind = NetworkInput::Kind::tokens, .shape = {references()["steps"]}, .vocabulary = vocabulary, .padded = !language}},
        .output = language ? NetworkBrief::Output::nextTokens : NetworkBrief::Output::numbers,
        .outputs = language ? vocabulary : references()["classes"].get<std::int64_t>()};
    if (!found.fits(brief))
        throw std::invalid_argument{architecture};
    return *found.build(parameters, brief);
}

NetworkSpec specOf(const json& reference)
{
    return specOf(reference["architecture"], reference["parameters"], reference["language"]);
}

at::Tensor tokensOf(const json& reference)
{
    const auto ids = reference["tokens"].get<std::vector<std::int64_t>>();
    return at::tensor(ids, at::kLong).view({references()["batch"], references()["steps"]});
}

double distance(const json& expected, const at::Tensor& actual)
{
    const at::Tensor wanted = at::tensor(expected.get<std::vector<double>>(), at::kDouble);
    const at::Tensor given = actual.detach().to(at::kDouble).reshape(-1);
    if (wanted.numel() != given.numel())
        return INFINITY;
    const double difference = (wanted - given).abs().max().item<double>() / wanted.abs().max().item<double>();
    return std::isnan(difference) ? INFINITY : difference;
}

at::Generator seeded(std::uint64_t seed)
{
    return at::make_generator<at::CPUGeneratorImpl>(seed);
}

void addReferenceRows()
{
    QTest::addColumn<int>("index");
    for (std::size_t i = 0; i < references()["cases"].size(); ++i) {
        const json& one = references()["cases"][i];
        QTest::newRow((one["architecture"].get<std::string>() + " " + one["parameters"].dump()).c_str()) << static_cast<int>(i);
    }
}

const json& reference(int index)
{
    return references()["cases"][static_cast<std::size_t>(index)];
}

}

class TestTextNetworks : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase() { at::set_num_threads(1); }

    void aStepIsThatOfPythonInFloat64_data() { addReferenceRows(); }
    void aStepIsThatOfPythonInFloat64()
    {
        QFETCH(int, index);
        const json& expected = reference(index);
        GraphNetwork network{specOf(expected), seeded(1)};
        QCOMPARE(network.named_parameters().keys(), expected["names"].get<std::vector<std::string>>());
        network.to(at::kDouble);
        fill(network);
        at::Tensor outputs = network.forward(tokensOf(expected));
        outputs = outputs.reshape({-1, outputs.size(-1)});
        QCOMPARE_LE(distance(expected["outputs"], outputs), float64Tolerance);
        const at::Tensor loss = at::cross_entropy_loss(outputs, torch::arange(outputs.size(0)) % outputs.size(1));
        QCOMPARE_LE(distance({expected["loss"].get<double>()}, loss), float64Tolerance);
        loss.backward();
        std::vector<at::Tensor> norms;
        for (const at::Tensor& parameter : network.parameters())
            norms.push_back(parameter.grad().norm());
        QCOMPARE_LE(distance(expected["gradientNorms"], at::stack(norms)), float64Tolerance);
    }

    void shapesAndCountsAreThoseTheWindowShows_data() { addReferenceRows(); }
    void shapesAndCountsAreThoseTheWindowShows()
    {
        QFETCH(int, index);
        const NetworkSpec spec = specOf(reference(index));
        GraphNetwork network{spec, seeded(1)};
        std::int64_t count = 0;
        for (const at::Tensor& parameter : network.parameters())
            count += parameter.numel();
        QCOMPARE(count, spec.parameterCount());
        std::vector<std::int64_t> sizes{references()["batch"]};
        sizes.insert(sizes.end(), spec.outputShape().begin(), spec.outputShape().end());
        QCOMPARE(network.forward(tokensOf(reference(index))).sizes().vec(), sizes);
    }

    /// What makes writing quick must change nothing of what is written.
    void readingInPiecesIsReadingAtOnce_data()
    {
        QTest::addColumn<QString>("architecture");
        QTest::addColumn<QList<int>>("pieces");
        for (const char* architecture : {"gpt", "lstm-language-model"})
            for (const QList<int>& pieces : {QList<int>{9}, {1, 1, 1, 1, 1, 1, 1, 1, 1}, {4, 1, 3, 1}}) {
                QStringList names;
                for (const int piece : pieces)
                    names << QString::number(piece);
                QTest::newRow(qPrintable(QString{"%1 by %2"}.arg(architecture, names.join('+')))) << QString{architecture} << pieces;
            }
    }
    void readingInPiecesIsReadingAtOnce()
    {
        QFETCH(QString, architecture);
        QFETCH(QList<int>, pieces);
        const json parameters = architecture == "gpt" ? json{{"width", "12"}, {"depth", "2"}, {"heads", "3"}}
                                                      : json{{"width", "7"}, {"hidden", "5"}, {"layers", "2"}};
        GraphNetwork network{specOf(architecture.toStdString(), parameters, true), seeded(1)};
        network.to(at::kDouble);
        fill(network);
        network.eval();
        const torch::NoGradGuard guard;
        const at::Tensor tokens = (drawn({2, 9}, 5) + 1).mul(5).to(at::kLong);
        const at::Tensor whole = network.forward(tokens);
        QVERIFY(network.readsPieces());
        DecodingState memory;
        std::vector<at::Tensor> outputs;
        for (const int piece : pieces)
            outputs.push_back(network.forward(tokens.narrow(1, memory.written, piece), memory));
        QCOMPARE(memory.written, 9);
        QCOMPARE_LE((at::cat(outputs, 1) - whole).abs().max().item<double>(), 1e-12);
    }

    void aNetworkThatLooksAheadReadsNoPieces()
    {
        GraphNetwork network{specOf("lstm", {{"width", "4"}}, false), seeded(1)};
        QVERIFY(!network.readsPieces());
        DecodingState memory;
        QVERIFY_THROWS_EXCEPTION(std::logic_error, network.forward(at::ones({1, 2}, at::kLong), memory));
    }

    void noTokenSeesALaterOne()
    {
        for (const char* architecture : {"gpt", "lstm-language-model"}) {
            GraphNetwork network{specOf(architecture, json::object(), true), seeded(1)};
            network.eval();
            const at::Tensor tokens = at::full({1, 9}, 5, at::kLong), changed = tokens.clone();
            changed[0][6] = 7;
            const at::Tensor difference = (network.forward(tokens) - network.forward(changed)).abs().amax(2)[0];
            QCOMPARE(difference.narrow(0, 0, 6).max().item<double>(), 0.0);
            QVERIFY(difference[6].item<double>() > 0);
        }
    }

    void paddingChangesNothing()
    {
        for (const char* architecture : {"embedding-bag", "text-cnn", "transformer-encoder"}) {
            GraphNetwork network{specOf(architecture, json::object(), false), seeded(1)};
            network.eval();
            const at::Tensor tokens = (drawn({3, 5}, 2) + 1).mul(5).to(at::kLong).clamp_min(1);
            const at::Tensor padded = at::constant_pad_nd(tokens, {0, 4}, 0);
            QCOMPARE_LE((network.forward(tokens) - network.forward(padded)).abs().max().item<double>(), float32Tolerance);
        }
    }
};

QTEST_GUILESS_MAIN(TestTextNetworks)
#include "tst_text_networks.moc"
