// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/network/hidden_matrices.h"

#include "engine/core/network/architecture.h"
#include "engine/core/network/custom/custom.h"
#include "engine/core/network/network_builder.h"

#include <QTest>

#include <algorithm>

using namespace descent;

namespace {

QStringList hidden(const NetworkSpec& network)
{
    const std::vector<bool> flags = hiddenMatrixLayers(network);
    QStringList names;
    for (std::size_t i = 0; i < flags.size(); ++i)
        if (flags[i])
            names << QString::fromStdString(network.layers[i].name);
    return names;
}

NetworkSpec built(const char* architecture, const NetworkBrief& brief)
{
    return *findArchitecture(architecture)->build({}, brief).value;
}

}

class TestHiddenMatrices : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void convolutionsInFrontOfTheHeadAreWithoutTheirNorms()
    {
        QCOMPARE(hidden(built("small-cnn", numbersFrom({3, 32, 32}, 10))), (QStringList{"block1.conv", "block2.conv", "block3.conv"}));
    }

    void embeddingsPositionsAndWhatScoresWordsAreNot()
    {
        NetworkBuilder net{std::vector<NetworkInput>{{.kind = NetworkInput::Kind::tokens, .shape = {8}, .vocabulary = 20}}};
        net.embedding("words", 20, 4);
        net.linear("mix", 4);
        net.linear("more", 4);
        net.tiedLinear("scores", "words");
        QCOMPARE(hidden(*std::move(net).build().value), (QStringList{"mix", "more"}));
    }

    void filtersThatReadDifferentChannelsAreNot()
    {
        const NetworkSpec network = built("mobilenet-v2", numbersFrom({3, 64, 64}, 10));
        const std::vector<bool> flags = hiddenMatrixLayers(network);
        int grouped = 0, whole = 0;
        for (std::size_t i = 0; i < flags.size(); ++i)
            if (const auto* conv = std::get_if<layer::Conv2d>(&network.layers[i].layer)) {
                QVERIFY2(flags[i] == (conv->groups == 1), network.layers[i].name.c_str());
                (conv->groups == 1 ? whole : grouped) += 1;
            }
        QVERIFY(grouped > 0 && whole > 0);
    }

    /// Of every architecture that reads pictures or rows: the head never is, and something else is.
    void everyArchitectureHasThemAndNeverInItsHead()
    {
        for (const Architecture& architecture : architectures())
            for (const NetworkBrief& brief : {numbersFrom({3, 64, 64}, 10), numbersFrom({12}, 10)}) {
                if (!architecture.fits(brief) || architecture.id == customArchitecture)
                    continue;
                const NetworkSpec network = *architecture.build({}, brief).value;
                const std::vector<bool> flags = hiddenMatrixLayers(network);
                QCOMPARE(flags.size(), network.layers.size());
                QVERIFY2(std::find(flags.begin(), flags.end(), true) != flags.end(), architecture.id.c_str());
                NetworkBrief other = brief;
                other.outputs += 7;
                const NetworkSpec changed = *architecture.build({}, other).value;
                for (std::size_t i = 0; i < flags.size(); ++i)
                    QVERIFY2(!flags[i] || network.layers[i].layer == changed.layers[i].layer, network.layers[i].name.c_str());
            }
    }
};

QTEST_GUILESS_MAIN(TestHiddenMatrices)
#include "tst_hidden_matrices.moc"
