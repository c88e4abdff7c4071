// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/torch/nn/graph_network.h"

#include "engine/core/base/files.h"
#include "engine/core/network/custom/custom.h"
#include "engine/core/network/architecture.h"
#include "tests/torch/drawn_weights.h"

#include <torch/torch.h>

#include <QTest>

#include <fmt/ranges.h>
#include <nlohmann/json.hpp>

#include <cmath>
#include <fstream>
#include <map>
#include <sstream>

using namespace descent;
using json = nlohmann::json;

namespace {

// Relative to the largest value compared, which Python worked out in float64. What float32 loses grows with depth, since
// each batch norm divides by a standard deviation that was itself rounded: measured 4e-6 for ResNet-34, 2e-4 for ResNet-50.
constexpr double float64Tolerance = 1e-9;
constexpr double float32Tolerance = 5e-5;
constexpr double float32FiftyLayersTolerance = 2e-3;

const json& references()
{
    static const json values = json::parse(readFile(SOURCE_DIR "/tests/torch/references/networks.json", 1 << 24));
    return values;
}

NetworkSpec specOf(const std::string& architecture, const std::map<std::string, std::string>& written, const Shape& inputShape,
                   std::int64_t outputs)
{
    const Architecture* found = findArchitecture(architecture);
    if (!found)
        throw std::invalid_argument{architecture};
    Parameters parameters;
    for (const auto& [name, value] : written)
        parameters[name] = *parse(*findParameter(found->schema, name), value, name);
    const Result<NetworkSpec> spec = found->build(parameters, numbersFrom(inputShape, outputs));
    if (!spec)
        throw std::invalid_argument{english(spec.problems.front())};
    return *spec;
}

NetworkSpec specOf(const json& reference)
{
    return specOf(reference["architecture"], reference["parameters"], reference["inputShape"], references()["outputs"]);
}

std::vector<std::int64_t> batched(std::int64_t batch, const Shape& shape)
{
    std::vector<std::int64_t> sizes{batch};
    sizes.insert(sizes.end(), shape.begin(), shape.end());
    return sizes;
}

at::Tensor inputsOf(const json& reference)
{
    return drawn(batched(references()["batch"], reference["inputShape"]), 9999);
}

std::string written(at::IntArrayRef sizes)
{
    return sizes.empty() ? "scalar" : fmt::format("{}", fmt::join(sizes.begin(), sizes.end(), "x"));
}

void addReferenceRows()
{
    QTest::addColumn<int>("index");
    for (std::size_t i = 0; i < references()["cases"].size(); ++i) {
        const json& reference = references()["cases"][i];
        QTest::newRow((reference["architecture"].get<std::string>() + " " + reference["inputShape"].dump() + " "
                       + reference["parameters"].dump())
                          .c_str())
            << static_cast<int>(i);
    }
}

const json& reference(int index)
{
    return references()["cases"][static_cast<std::size_t>(index)];
}

}

class TestGraphNetwork : public QObject {
    Q_OBJECT
private Q_SLOTS:
    /// Small networks gain nothing from threads, and OpenMP's spin at each barrier: beside other tests that costs minutes.
    void initTestCase() { at::set_num_threads(1); }

    void parametersCarryTheNamesOfPython_data() { addReferenceRows(); }
    void parametersCarryTheNamesOfPython()
    {
        QFETCH(int, index);
        GraphNetwork network{specOf(reference(index)), seeded(1)};
        QCOMPARE(network.named_parameters().keys(), reference(index)["names"].get<std::vector<std::string>>());
    }

    /// Forward in training, loss, norm of every gradient, running statistics, then forward in evaluation.
    void aStepIsThatOfPythonInFloat64_data() { addReferenceRows(); }
    void aStepIsThatOfPythonInFloat64()
    {
        QFETCH(int, index);
        const json& expected = reference(index);
        GraphNetwork network{specOf(expected), seeded(1)};
        network.to(at::kDouble);
        fill(network);
        network.train();
        const at::Tensor outputs = network.forward(inputsOf(expected));
        QCOMPARE_LE(distance(expected["training"], outputs), float64Tolerance);
        const at::Tensor targets = torch::arange(outputs.size(0)) % outputs.size(1);
        const at::Tensor loss = at::cross_entropy_loss(outputs, targets);
        QCOMPARE_LE(distance({expected["loss"].get<double>()}, loss), float64Tolerance);

        loss.backward();
        std::vector<at::Tensor> gradientNorms, runningNorms;
        for (const at::Tensor& parameter : network.parameters())
            gradientNorms.push_back(parameter.grad().norm());
        QCOMPARE_LE(distance(expected["gradientNorms"], at::stack(gradientNorms)), float64Tolerance);
        for (const auto& item : network.named_buffers())
            if (item.key().ends_with("num_batches_tracked"))
                QCOMPARE(item.value().item<double>(), 1.0);
            else
                runningNorms.push_back(item.value().norm());
        QCOMPARE_LE(distance(expected["runningNorms"], runningNorms.empty() ? at::empty({0}) : at::stack(runningNorms)),
                    float64Tolerance);

        network.eval();
        const torch::NoGradGuard guard;
        QCOMPARE_LE(distance(expected["evaluation"], network.forward(inputsOf(expected))), float64Tolerance);
    }

    void float32AndChannelsLastStayNearPython_data() { addReferenceRows(); }
    void float32AndChannelsLastStayNearPython()
    {
        QFETCH(int, index);
        const json& expected = reference(index);
        const at::Tensor inputs = inputsOf(expected).to(at::kFloat);
        const double tolerance = expected["architecture"] == "resnet50" ? float32FiftyLayersTolerance : float32Tolerance;
        for (const bool channelsLast : {false, true}) {
            GraphNetwork network{specOf(expected), seeded(1)};
            fill(network);
            if (channelsLast) {
                toChannelsLast(network);
                for (const at::Tensor& parameter : network.parameters())
                    QVERIFY(parameter.dim() != 4 || parameter.is_contiguous(at::MemoryFormat::ChannelsLast));
            }
            network.train();
            QCOMPARE_LE(distance(expected["training"], network.forward(inputs)), tolerance);
            network.eval();
            QCOMPARE_LE(distance(expected["evaluation"], network.forward(inputs)), tolerance);
        }
    }

    /// The list is written by references/networks.py from plain torch.nn modules that follow torchvision's ResNet.
    void namesAndShapesOfResNetsAreThoseOfTorchvision()
    {
        std::map<std::string, std::vector<std::string>> expected, actual;
        std::istringstream lines{readFile(SOURCE_DIR "/tests/torch/references/resnet_parameters.txt", 1 << 20)};
        for (std::string line; std::getline(lines, line);)
            expected[line.substr(0, line.find(' '))].push_back(line.substr(line.find(' ') + 1));
        for (const std::string id : {"resnet18", "resnet34", "resnet50"}) {
            GraphNetwork network{specOf(id, {}, {3, 224, 224}, 1000), seeded(1)};
            for (const auto& item : network.named_parameters())
                actual[id].push_back("parameter " + item.key() + " " + written(item.value().sizes()));
            for (const auto& item : network.named_buffers())
                actual[id].push_back("buffer " + item.key() + " " + written(item.value().sizes()));
            std::sort(actual[id].begin(), actual[id].end());
            std::sort(expected[id].begin(), expected[id].end());
            QCOMPARE(actual[id], expected[id]);
        }
        QCOMPARE(expected["resnet18"].size(), std::size_t{122});
        QCOMPARE(expected["resnet34"].size(), std::size_t{218});
        QCOMPARE(expected["resnet50"].size(), std::size_t{320});
    }

    void shapesAndCountsAreThoseTheWindowShows_data()
    {
        QTest::addColumn<QString>("architecture");
        QTest::addColumn<QString>("options");
        QTest::addColumn<QList<int>>("input");
        const auto row = [](const char* architecture, const char* options, const QList<int>& input) {
            QStringList sides;
            for (const int side : input)
                sides << QString::number(side);
            QTest::newRow(qPrintable(QString{"%1 %2 on %3"}.arg(architecture, options, sides.join('x'))))
                << QString{architecture} << QString{options} << input;
        };
        row("mlp", "", {2});
        row("mlp", "hidden=128,64,32;batchNorm=true;dropout=0.3;activation=gelu", {30});
        row("mlp", "hidden=", {3, 8, 9});
        for (const QList<int>& shape : {QList<int>{1, 28, 28}, {3, 32, 32}, {3, 45, 61}, {4, 64, 100}}) {
            row("small-cnn", "", shape);
            row("small-cnn", "width=7;blocks=4;dropout=0.2", shape);
            row("airbench", "width=6", shape);
            row("lenet5", "", shape);
            row("lenet5", "pooling=max;activation=silu", shape);
            row("alexnet", "denseWidth=32", shape);
            row("resnet18", "width=8", shape);
            row("resnet18", "width=8;stem=large", shape);
            row("resnet34", "width=4;stem=small", shape);
            row("resnet50", "width=4", shape);
        }
        row("alexnet", "denseWidth=64", {3, 224, 224});
        row("resnet50", "width=4", {3, 224, 224});
    }
    void shapesAndCountsAreThoseTheWindowShows()
    {
        QFETCH(QString, architecture);
        QFETCH(QString, options);
        QFETCH(QList<int>, input);
        std::map<std::string, std::string> parameters;
        for (const QString& option : options.split(';', Qt::SkipEmptyParts))
            parameters[option.section('=', 0, 0).toStdString()] = option.section('=', 1).toStdString();
        const NetworkSpec whole = specOf(architecture.toStdString(), parameters, Shape(input.begin(), input.end()), 7);

        GraphNetwork network{whole, seeded(1)};
        std::map<std::string, std::int64_t> counts; // by layer
        for (const auto& item : network.named_parameters())
            counts[item.key().substr(0, item.key().rfind('.'))] += item.value().numel();
        for (const LayerNode& node : whole.layers)
            QCOMPARE(node.parameterCount, counts[node.name]);

        // The first layers of a network are a network, so each layer's shape can be asked of torch.
        const torch::NoGradGuard guard;
        const at::Tensor inputs = at::zeros(batched(2, whole.inputs.front().shape));
        for (std::size_t layers = 1; layers <= whole.layers.size(); layers += layers < 12 ? 1 : 7) {
            NetworkSpec first = whole;
            first.layers.resize(layers);
            GraphNetwork beginning{first, seeded(1)};
            QCOMPARE(beginning.forward(inputs).sizes().vec(), batched(2, first.outputShape()));
        }
        QCOMPARE(network.forward(inputs).sizes().vec(), batched(2, whole.outputShape()));
    }

    void theSeedDecidesTheWeights()
    {
        const NetworkSpec spec = specOf("small-cnn", {}, {1, 28, 28}, 10);
        GraphNetwork one{spec, seeded(7)}, same{spec, seeded(7)}, other{spec, seeded(8)};
        for (const auto& item : one.named_parameters())
            QVERIFY(at::equal(item.value(), same.named_parameters()[item.key()]));
        QVERIFY(!at::equal(one.named_parameters()["head.weight"], other.named_parameters()["head.weight"]));
    }

    /// Kaiming uniform with a = sqrt(5): a variance of 1 / (3 fan in). Kaiming normal, fan out: 2 / fan out.
    void freshWeightsHaveTheVarianceOfTheirRule()
    {
        GraphNetwork plain{specOf("mlp", {{"hidden", "400"}}, {300}, 10), seeded(3)};
        const at::Tensor uniform = plain.named_parameters()["fc1.weight"];
        QCOMPARE_LT(std::abs(uniform.var().item<double>() * 3 * 300 - 1), 0.02);
        QCOMPARE_LE(uniform.abs().max().item<double>(), 1 / std::sqrt(300.0));
        GraphNetwork residual{specOf("resnet18", {}, {3, 32, 32}, 10), seeded(3)};
        const at::Tensor normal = residual.named_parameters()["layer2.0.conv1.weight"];
        QCOMPARE_LT(std::abs(normal.var().item<double>() * 128 * 9 / 2 - 1), 0.02);
    }

    /// With every branch silent, a block of one width hands its input on.
    void silentBranchesLeaveTheShortcutAlone()
    {
        NetworkSpec spec = specOf("resnet18", {{"zeroInit", "true"}, {"width", "4"}}, {3, 16, 16}, 10);
        GraphNetwork network{spec, seeded(1)};
        const auto parameters = network.named_parameters();
        QVERIFY((parameters["layer4.1.bn2.weight"] == 0).all().item<bool>());
        QVERIFY((parameters["layer4.1.bn1.weight"] == 1).all().item<bool>());
        QVERIFY((parameters["layer4.0.downsample.1.weight"] == 1).all().item<bool>());
        const auto upTo = [&](const std::string& name) {
            NetworkSpec part = spec;
            while (part.layers.back().name != name)
                part.layers.pop_back();
            GraphNetwork first{part, seeded(1)};
            return first.forward(drawn({2, 3, 16, 16}, 1).to(at::kFloat));
        };
        QVERIFY(at::equal(upTo("relu"), upTo("layer1.1.relu")));
    }

    void dropoutScalesWhatItKeepsAndOnlyWhileTraining()
    {
        NetworkSpec spec{.inputs = {numericInput({20'000})}};
        spec.layers.push_back({"drop", layer::Dropout{0.25}, {NetworkSpec::input}, {20'000}});
        GraphNetwork network{spec, seeded(5)}, same{spec, seeded(5)};
        const at::Tensor ones = at::ones({4, 20'000});
        const at::Tensor dropped = network.forward(ones);
        QVERIFY(at::equal(dropped, same.forward(ones)));
        QVERIFY(!at::equal(dropped, network.forward(ones)));
        QVERIFY(((dropped == 0) | ((dropped - 1 / 0.75).abs() < 1e-6)).all().item<bool>());
        // 80,000 draws: six standard deviations of the share are 0.0092.
        QCOMPARE_LT(std::abs((dropped == 0).to(at::kDouble).mean().item<double>() - 0.25), 0.0092);
        network.eval();
        QVERIFY(at::equal(network.forward(ones), ones));
    }

    void theInputIsNeverOverwritten_data()
    {
        QTest::addColumn<QString>("architecture");
        for (const Architecture& architecture : architectures())
            if (architecture.id != customArchitecture && architecture.fits(numbersFrom({1, 28, 28}, 10)))
                QTest::newRow(architecture.id.c_str()) << QString::fromStdString(architecture.id);
    }
    void theInputIsNeverOverwritten()
    {
        QFETCH(QString, architecture);
        GraphNetwork network{specOf(architecture.toStdString(), {}, {1, 28, 28}, 10), seeded(1)};
        const at::Tensor inputs = drawn({2, 1, 28, 28}, 1).to(at::kFloat);
        const at::Tensor before = inputs.clone();
        for (const bool training : {true, false}) {
            network.train(training);
            network.forward(inputs);
            QVERIFY(at::equal(inputs, before));
        }
    }

    /// Activations run in place where they may; none of these is such a place.
    void activationsOverwriteNothingThatIsStillNeeded()
    {
        using enum layer::Activation::Function;
        const auto node = [](const char* name, Layer layer, std::vector<std::int32_t> inputs) {
            return LayerNode{name, layer, std::move(inputs), {6}};
        };
        const at::Tensor inputs = drawn({3, 6}, 2);

        // Dropout hands its input on while evaluating: the caller's own tensor.
        GraphNetwork behindDropout{{{numericInput({6})}, {node("drop", layer::Dropout{}, {-1}), node("relu", layer::Activation{relu}, {0})}},
                                   seeded(1)};
        behindDropout.eval();
        const at::Tensor before = inputs.clone();
        QVERIFY(at::equal(behindDropout.forward(inputs), at::relu(inputs)));
        QVERIFY(at::equal(inputs, before));

        // The backward pass of tanh looks at what tanh gave.
        GraphNetwork behindTanh{
            {{numericInput({6})}, {node("tanh", layer::Activation{tanh}, {-1}), node("sigmoid", layer::Activation{sigmoid}, {0})}}, seeded(1)};
        const at::Tensor leaf = inputs.clone().requires_grad_(), same = inputs.clone().requires_grad_();
        behindTanh.forward(leaf).sum().backward();
        at::sigmoid(at::tanh(same)).sum().backward();
        QVERIFY(at::equal(leaf.grad(), same.grad()));

        // A value that a later layer reads as well.
        GraphNetwork readTwice{{{numericInput({6})},
                                {node("sum", layer::Add{}, {-1, -1}), node("relu", layer::Activation{relu}, {0}),
                                 node("both", layer::Add{}, {0, 1})}},
                               seeded(1)};
        QVERIFY(at::equal(readTwice.forward(inputs), inputs * 2 + at::relu(inputs * 2)));
    }

    /// One value a channel has no variance: torch.nn refuses it, and its kernels would write infinities into the running
    /// statistics, silently.
    void aBatchOfOneSampleLeavesTheRunningStatisticsFinite()
    {
        GraphNetwork network{specOf("mlp", {{"batchNorm", "true"}}, {3}, 2), seeded(1)};
        network.train();
        QVERIFY(network.forward(at::ones({1, 3})).isfinite().all().item<bool>());
        for (const at::Tensor& buffer : network.buffers())
            QVERIFY(buffer.isfinite().all().item<bool>());
    }
};

QTEST_GUILESS_MAIN(TestGraphNetwork)
#include "tst_graph_network.moc"
