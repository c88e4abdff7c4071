// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/network/custom/custom.h"
#include "engine/core/network/stages.h"

#include "engine/core/network/architecture.h"
#include "engine/core/network/network_builder.h"

#include <QTest>

#include <cmath>
#include <set>

using namespace descent;

namespace {

NetworkSpec built(const char* architecture, const NetworkBrief& brief, const Parameters& parameters = {})
{
    return *findArchitecture(architecture)->build(parameters, brief).value;
}

QStringList namesOf(const Stages& stages)
{
    QStringList names;
    for (const Stage& stage : stages.stages)
        names << QString::fromStdString(stage.name);
    return names;
}

/// Names of the layers for which `flags` holds and that have weights.
QStringList chosen(const NetworkSpec& network, const std::vector<bool>& flags)
{
    QStringList names;
    for (std::size_t i = 0; i < flags.size(); ++i)
        if (flags[i] && network.layers[i].parameterCount > 0)
            names << QString::fromStdString(network.layers[i].name);
    return names;
}

QStringList headOf(const NetworkSpec& network)
{
    const Stages stages = stagesOf(network);
    std::vector<bool> head;
    for (const std::int32_t stage : stages.stageOf)
        head.push_back(stage == static_cast<std::int32_t>(stages.stages.size()) - 1);
    return chosen(network, head);
}

const NetworkBrief smallPicture = numbersFrom({3, 32, 32}, 10), largePicture = numbersFrom({3, 64, 64}, 10);

}

class TestStages : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void stagesBearTheNamesOfTheNetwork_data()
    {
        QTest::addColumn<QString>("architecture");
        QTest::addColumn<QStringList>("stages");
        QTest::newRow("resnet18") << "resnet18" << QStringList{"conv1", "layer1", "layer2", "layer3", "layer4", "head"};
        QTest::newRow("resnet50") << "resnet50" << QStringList{"conv1", "layer1", "layer2", "layer3", "layer4", "head"};
        QTest::newRow("small-cnn") << "small-cnn" << QStringList{"block1", "block2", "block3", "head"};
        QTest::newRow("airbench") << "airbench" << QStringList{"stem", "block1", "block2", "block3", "head"};
        QTest::newRow("alexnet") << "alexnet"
                                 << QStringList{"features.0", "features.3", "features.6", "features.8", "features.10", "classifier", "head"};
    }
    void stagesBearTheNamesOfTheNetwork()
    {
        QFETCH(QString, architecture);
        QFETCH(QStringList, stages);
        QCOMPARE(namesOf(stagesOf(built(qPrintable(architecture), largePicture))), stages);
    }

    /// Of every architecture that reads pictures or rows, so that a new one is not forgotten.
    void everyWeightIsOfOneStageAndTheHeadGivesTheAnswer()
    {
        int looked = 0;
        for (const Architecture& architecture : architectures())
            for (const NetworkBrief& brief : {largePicture, numbersFrom({12}, 10), numbersFrom({12}, 1)}) {
                if (!architecture.fits(brief) || architecture.id == customArchitecture) // whose layers are what one writes
                    continue;
                const NetworkSpec network = *architecture.build({}, brief).value;
                const Stages stages = stagesOf(network);
                std::int64_t weights = 0;
                std::set<std::string> names;
                for (const Stage& stage : stages.stages) {
                    weights += stage.parameterCount;
                    names.insert(stage.name);
                    QVERIFY2(stage.parameterCount > 0, (architecture.id + ": " + stage.name).c_str());
                }
                QCOMPARE(weights, network.parameterCount());
                QCOMPARE(names.size(), stages.stages.size());
                QVERIFY2(stages.stages.size() >= 2, architecture.id.c_str());
                // Other answers change the head alone.
                NetworkBrief other = brief;
                other.outputs += 7;
                const NetworkSpec changed = *architecture.build({}, other).value;
                QCOMPARE(changed.layers.size(), network.layers.size());
                for (std::size_t i = 0; i < network.layers.size(); ++i)
                    if (!(network.layers[i].layer == changed.layers[i].layer))
                        QVERIFY2(stages.stages[static_cast<std::size_t>(stages.stageOf[i])].isHead, network.layers[i].name.c_str());
                ++looked;
            }
        QVERIFY(looked >= 12);
    }

    void theHeadIsOnEveryWayToTheAnswer()
    {
        QCOMPARE(headOf(built("resnet18", smallPicture)), QStringList{"fc"});
        const NetworkBrief faces{.inputs = {numericInput({1, 32, 32})}, .output = NetworkBrief::Output::identities, .outputs = 5};
        QCOMPARE(headOf(built("face-embedding", faces)), QStringList{"identities"});
        const NetworkBrief series{.inputs = {numericInput({96, 3})}, .output = NetworkBrief::Output::future, .outputs = 3, .horizon = 24};
        QCOMPARE(headOf(built("dlinear", series)), (QStringList{"Linear_Seasonal", "Linear_Trend"}));
        const NetworkBrief boxes{.inputs = {numericInput({3, 96, 96})}, .output = NetworkBrief::Output::boxes, .outputs = 4};
        QCOMPARE(headOf(built("detector", boxes)).size(), 2); // what it is, and where
    }

    void wordsScoredByAnEmbeddingTakeItIntoTheHead()
    {
        NetworkBuilder net{std::vector<NetworkInput>{{.kind = NetworkInput::Kind::tokens, .shape = {8}, .vocabulary = 20}}};
        net.embedding("words", 20, 4);
        net.linear("mix", 4);
        net.tiedLinear("scores", "words");
        QCOMPARE(headOf(*std::move(net).build().value), QStringList{"words"});
    }

    void freezingHoldsAStageAndThoseBeforeIt()
    {
        const NetworkSpec network = built("small-cnn", smallPicture);
        QVERIFY(chosen(network, *frozenLayers(network, "none").value).isEmpty());
        QCOMPARE(chosen(network, *frozenLayers(network, "block1").value), (QStringList{"block1.conv", "block1.bn"}));
        QCOMPARE(chosen(network, *frozenLayers(network, "block2").value).size(), 4);
        QCOMPARE(chosen(network, *frozenLayers(network, "trunk").value).size(), 6); // all blocks
    }

    void dropoutBeforeTheHeadStaysOnAndWithinTheTrunkGoesOff()
    {
        NetworkBuilder net{Shape{6}};
        net.linear("fc1", 8);
        net.dropout("inside", 0.5);
        net.linear("fc2", 8);
        net.dropout("before", 0.5);
        net.linear("head", 3);
        const std::vector<bool> frozen = *frozenLayers(*std::move(net).build().value, "trunk").value;
        QCOMPARE(frozen, (std::vector<bool>{true, true, true, false, false}));
    }

    void aStageThatIsNotThereIsAProblemThatNamesThem()
    {
        const auto frozen = frozenLayers(built("resnet18", smallPicture), "layer9");
        QVERIFY(!frozen);
        QCOMPARE(frozen.problems.front().path, std::string{"start.freeze"});
        QVERIFY(english(frozen.problems.front()).find("layer4") != std::string::npos);
        QVERIFY(!frozenLayers(built("resnet18", smallPicture), "head"));
    }

    void ratesFallFromTheHeadDown()
    {
        const NetworkSpec network = built("small-cnn", smallPicture);
        const std::vector<double> factors = rateFactors(stagesOf(network), 0.5, 0.1);
        for (std::size_t i = 0; i < network.layers.size(); ++i) {
            const std::string& name = network.layers[i].name;
            if (network.layers[i].parameterCount == 0)
                continue;
            const double expected = name == "head" ? 1 : name.starts_with("block3") ? 0.05 : name.starts_with("block2") ? 0.005 : 0.0005;
            QVERIFY2(std::abs(factors[i] - expected) < 1e-12, name.c_str());
        }
    }

    void tensorsAreOfTheLayerThatNamesThem()
    {
        const NetworkSpec network = built("resnet18", smallPicture);
        QCOMPARE(network.layers[static_cast<std::size_t>(layerOfTensor(network, "layer2.0.downsample.1.running_var"))].name, std::string{"layer2.0.downsample.1"});
        QCOMPARE(layerOfTensor(network, "layer9.weight"), -1);
        QCOMPARE(layerOfTensor(network, "fc"), -1);
    }

    void prototypesAreForAHeadOfOneLayer()
    {
        const NetworkSpec pictures = built("resnet18", smallPicture);
        QCOMPARE(pictures.layers[static_cast<std::size_t>(embeddingLayer(pictures))].name, std::string{"flatten"});
        const NetworkBrief boxes{.inputs = {numericInput({3, 96, 96})}, .output = NetworkBrief::Output::boxes, .outputs = 4};
        QCOMPARE(embeddingLayer(built("detector", boxes)), -1);
    }
};

QTEST_GUILESS_MAIN(TestStages)
#include "tst_stages.moc"
