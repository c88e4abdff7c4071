// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/base/files.h"
#include "engine/core/network/architecture.h"
#include "engine/torch/nn/graph_network.h"
#include "engine/torch/task/face_losses.h"
#include "engine/torch/task/matching_loss.h"
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
    static const json values = json::parse(readFile(SOURCE_DIR "/tests/torch/references/comparing.json", 1 << 24));
    return values;
}

at::Tensor unit(const at::Tensor& x)
{
    return x / x.norm(2, {-1}, true);
}

NetworkBrief briefOf(const json& reference)
{
    using enum NetworkBrief::Output;
    NetworkBrief brief{.inputs = {numericInput(reference["shape"].get<Shape>())},
                       .output = reference["output"] == "identities" ? identities : reference["output"] == "matches" ? matches : numbers,
                       .outputs = reference["outputs"].get<std::int64_t>()};
    for (const json& other : reference["others"])
        if (other == "row")
            brief.inputs.push_back(numericInput({references()["row"].get<std::int64_t>()}));
        else
            brief.inputs.push_back({.kind = NetworkInput::Kind::tokens,
                                    .shape = {references()["steps"].get<std::int64_t>()},
                                    .vocabulary = references()["vocabulary"].get<std::int64_t>(),
                                    .padded = true});
    return brief;
}

std::vector<at::Tensor> inputsOf(const json& reference)
{
    const auto batch = references()["batch"].get<std::int64_t>();
    std::vector<std::int64_t> sizes{batch};
    for (const std::int64_t size : reference["shape"].get<Shape>())
        sizes.push_back(size);
    std::vector<at::Tensor> inputs{drawn(sizes, 9999)};
    for (const json& other : reference["others"])
        if (other == "row") {
            inputs.push_back(drawn({batch, references()["row"].get<std::int64_t>()}, 9998));
        } else {
            at::Tensor ids = at::empty({batch, references()["steps"].get<std::int64_t>()}, at::kLong);
            for (std::int64_t i = 0; i < batch; ++i)
                for (std::int64_t k = 0; k < ids.size(1); ++k)
                    ids[i][k] = references()["ids"][static_cast<std::size_t>(i)][static_cast<std::size_t>(k)].get<std::int64_t>();
            inputs.push_back(ids);
        }
    return inputs;
}

void addRows(const char* list)
{
    QTest::addColumn<int>("index");
    for (std::size_t i = 0; i < references()[list].size(); ++i)
        QTest::addRow("%s %zu", list, i) << static_cast<int>(i);
}

}

class TestComparing : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void networksAreThoseOfPython_data() { addRows("networks"); }
    void networksAreThoseOfPython()
    {
        QFETCH(int, index);
        const json& reference = references()["networks"][static_cast<std::size_t>(index)];
        const Architecture* architecture = findArchitecture(reference["architecture"].get<std::string>());
        Parameters parameters;
        for (const auto& [name, value] : reference["parameters"].items())
            parameters[name] = *parse(*findParameter(architecture->schema, name), value.get<std::string>(), name);
        const NetworkBrief brief = briefOf(reference);
        QVERIFY(architecture->fits(brief));
        const auto spec = architecture->build(parameters, brief);
        QVERIFY(spec);
        GraphNetwork network{*spec, at::make_generator<at::CPUGeneratorImpl>(1)};
        network.to(at::kDouble);
        fill(network);
        std::int64_t count = 0;
        std::size_t at = 0;
        for (const auto& item : network.named_parameters()) {
            QCOMPARE(item.key(), reference["names"][at++].get<std::string>());
            count += item.value().numel();
        }
        QCOMPARE(at, reference["names"].size());
        QCOMPARE(spec->parameterCount(), count);

        const std::vector<at::Tensor> inputs = inputsOf(reference);
        const at::Tensor outputs = network.forward(inputs);
        Shape expected = spec->outputShape();
        expected.insert(expected.begin(), references()["batch"].get<std::int64_t>());
        QCOMPARE(outputs.sizes().vec(), expected);
        QVERIFY2(distance(reference["training"], outputs) < float64Tolerance, qPrintable(QString::number(distance(reference["training"], outputs))));
        (outputs * drawn(outputs.sizes(), 9997)).sum().backward();
        std::vector<double> norms;
        for (const at::Tensor& parameter : network.parameters())
            norms.push_back(parameter.grad().norm().item<double>());
        QVERIFY(distance(reference["gradientNorms"], at::tensor(norms, at::kDouble)) < float64Tolerance);
        const torch::NoGradGuard guard;
        network.eval();
        QVERIFY(distance(reference["evaluation"], network.forward(inputs)) < float64Tolerance);
    }

    void aCaptionIsReadTheSameInAnyCompany()
    {
        const json& reference = references()["networks"].back(); // matches
        const auto spec = findArchitecture("two-trunks")->build({}, briefOf(reference));
        GraphNetwork network{*spec, at::make_generator<at::CPUGeneratorImpl>(1)};
        network.eval();
        const torch::NoGradGuard guard;
        const at::Tensor alone = network.valueOf("text", {at::Tensor{}, at::tensor({4, 5}, at::kLong).unsqueeze(0)});
        const at::Tensor padded = network.valueOf("text", {at::Tensor{}, at::tensor({4, 5, 0, 0}, at::kLong).unsqueeze(0)});
        QVERIFY((alone - padded).abs().max().item<double>() < 1e-6);
        QVERIFY(std::abs(alone.norm().item<double>() - 1) < 1e-6);
    }

    void arcFaceIsThatOfPython_data() { addRows("arcface"); }
    void arcFaceIsThatOfPython()
    {
        QFETCH(int, index);
        const json& reference = references()["arcface"][static_cast<std::size_t>(index)];
        const at::Tensor embeddings = drawn({8, 4}, 1).requires_grad_();
        const at::Tensor cosines = unit(embeddings).mm(unit(drawn({5, 4}, 2)).t());
        const at::Tensor loss = arcFaceLoss(cosines, at::arange(8, at::kLong).remainder(5), reference["margin"], reference["scale"]);
        QVERIFY(std::abs(loss.item<double>() - reference["loss"].get<double>()) < 1e-9 * std::abs(reference["loss"].get<double>()));
        loss.backward();
        QVERIFY(distance(reference["gradient"], embeddings.grad()) < 1e-8);
    }

    void tripletsAreThoseOfPython_data() { addRows("triplet"); }
    void tripletsAreThoseOfPython()
    {
        QFETCH(int, index);
        const json& reference = references()["triplet"][static_cast<std::size_t>(index)];
        const at::Tensor embeddings = drawn({8, 4}, 3).requires_grad_();
        const at::Tensor people = at::tensor({0, 0, 1, 1, 1, 2, 2, 3}, at::kLong);
        const at::Tensor loss = hardestTripletLoss(unit(embeddings), people, reference["margin"]);
        QVERIFY(std::abs(loss.item<double>() - reference["loss"].get<double>()) < 1e-9);
        loss.backward();
        QVERIFY(distance(reference["gradient"], embeddings.grad()) < 1e-8);
    }

    void aBatchWithoutMatesHasNoTripletLoss()
    {
        const at::Tensor embeddings = unit(drawn({4, 4}, 3)).requires_grad_();
        const at::Tensor loss = hardestTripletLoss(embeddings, at::arange(4, at::kLong), 0.2);
        QCOMPARE(loss.item<double>(), 0.0);
        loss.backward();
        QVERIFY(embeddings.grad().isfinite().all().item<bool>());
    }

    void theContrastiveLossIsThatOfPython_data() { addRows("contrastive"); }
    void theContrastiveLossIsThatOfPython()
    {
        QFETCH(int, index);
        const json& reference = references()["contrastive"][static_cast<std::size_t>(index)];
        const at::Tensor pictures = drawn({6, 4}, 4).requires_grad_();
        const at::Tensor captions = at::tensor({0, 1, 2, 1, 3, 4}, at::kLong);
        const at::Tensor loss = contrastiveLoss(unit(pictures), unit(drawn({6, 4}, 5)), captions, reference["temperature"]);
        QVERIFY(std::abs(loss.item<double>() - reference["loss"].get<double>()) < 1e-9);
        loss.backward();
        QVERIFY(distance(reference["gradient"], pictures.grad()) < 1e-8);
    }

    void equalCaptionsAreNoneThatIsNearer()
    {
        const at::Tensor pictures = at::tensor({1.0, 0.0, 0.0, 1.0, 0.6, 0.8}).view({3, 2});
        const at::Tensor texts = at::tensor({0.8, 0.6, 0.0, 1.0, 1.0, 0.0}).view({3, 2});
        // The third text is nearest to the first picture, and the second text to the third picture.
        QVERIFY(at::equal(ranksOfOwn(pictures, texts, at::tensor({0, 1, 2}, at::kLong)), at::tensor({1, 0, 2}, at::kLong)));
        QVERIFY(at::equal(ranksOfOwn(pictures, texts, at::tensor({0, 1, 0}, at::kLong)), at::tensor({0, 0, 1}, at::kLong)));
    }
};

QTEST_GUILESS_MAIN(TestComparing)
#include "tst_comparing.moc"
