// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/network/architecture.h"
#include "engine/core/network/custom/custom.h"
#include "engine/core/network/network_builder.h"

#include <QTest>

#include <algorithm>
#include <set>
#include <stdexcept>

using namespace descent;

namespace {

Result<NetworkSpec> built(const std::string& id, const Shape& inputShape, std::int64_t outputs, const Parameters& parameters = {})
{
    return findArchitecture(id)->build(parameters, numbersFrom(inputShape, outputs));
}

/// One and more of every kind of brief that some task gives: an architecture is tried on those that it fits.
std::vector<NetworkBrief> briefs()
{
    std::vector<NetworkBrief> list;
    for (const Shape& shape : std::vector<Shape>{{1, 28, 28}, {3, 32, 32}, {3, 64, 64}, {3, 28, 200}, {3, 200, 28}, {4, 224, 160}, {7}, {24, 3}})
        list.push_back(numbersFrom(shape, 3));
    const NetworkInput tokens{.kind = NetworkInput::Kind::tokens, .shape = {16}, .vocabulary = 30, .padded = true};
    list.push_back({.inputs = {tokens}, .outputs = 3});
    list.push_back({.inputs = {{.kind = NetworkInput::Kind::tokens, .shape = {16}, .vocabulary = 30}},
                    .output = NetworkBrief::Output::nextTokens,
                    .outputs = 30});
    using Output = NetworkBrief::Output;
    const NetworkInput picture = numericInput({3, 48, 64}), events = numericInput({16, 4});
    list.push_back({.inputs = {tokens, tokens}, .output = Output::nextTokens, .outputs = 30});
    list.push_back({.inputs = {tokens, events}, .outputs = 3});
    list.push_back({.inputs = {numericInput({48, 3})}, .output = Output::future, .outputs = 3, .horizon = 12});
    list.push_back({.inputs = {picture}, .output = Output::boxes, .outputs = 3});
    list.push_back({.inputs = {picture}, .output = Output::identities, .outputs = 3});
    list.push_back({.inputs = {picture, numericInput({7})}, .outputs = 3});
    list.push_back({.inputs = {picture, tokens}, .outputs = 3});
    list.push_back({.inputs = {picture, tokens}, .output = Output::matches, .outputs = 3});
    return list;
}

const LayerNode& layerNamed(const NetworkSpec& spec, const std::string& name)
{
    for (const LayerNode& node : spec.layers)
        if (node.name == name)
            return node;
    throw std::invalid_argument{name};
}

}

class TestNetwork : public QObject {
    Q_OBJECT
private Q_SLOTS:
    /// torchvision's counts for the ResNets and AlexNet, 61,706 for LeNet-5 with plain pooling; multiply-adds as published
    /// with torchvision's weights (1.81, 3.66, 4.09 and 0.71 G).
    void countsAreThoseOfTheLiterature_data()
    {
        QTest::addColumn<QString>("id");
        QTest::addColumn<QList<int>>("input");
        QTest::addColumn<int>("outputs");
        QTest::addColumn<qint64>("parameters");
        QTest::addColumn<double>("gigaMultiplyAdds");
        QTest::newRow("ResNet-18") << "resnet18" << QList<int>{3, 224, 224} << 1000 << qint64{11'689'512} << 1.81;
        QTest::newRow("ResNet-34") << "resnet34" << QList<int>{3, 224, 224} << 1000 << qint64{21'797'672} << 3.66;
        QTest::newRow("ResNet-50") << "resnet50" << QList<int>{3, 224, 224} << 1000 << qint64{25'557'032} << 4.09;
        QTest::newRow("AlexNet") << "alexnet" << QList<int>{3, 224, 224} << 1000 << qint64{61'100'840} << 0.71;
        QTest::newRow("MobileNetV2") << "mobilenet-v2" << QList<int>{3, 224, 224} << 1000 << qint64{3'504'872} << 0.3075;   // torchvision counts 0.3008 without batch norm
        QTest::newRow("LeNet-5") << "lenet5" << QList<int>{1, 28, 28} << 10 << qint64{61'706} << 0.0004;
    }
    /// As published with torchvision's weights of vgg11_bn, vgg16_bn and convnext_tiny.
    void largeNetworksHaveTheCountsOfTheLiterature_data()
    {
        QTest::addColumn<QString>("id");
        QTest::addColumn<Parameters>("parameters");
        QTest::addColumn<qint64>("count");
        QTest::newRow("VGG-11") << "vgg11" << Parameters{{"head", std::string{"dense"}}} << qint64{132'868'840};
        QTest::newRow("VGG-16") << "vgg16" << Parameters{{"head", std::string{"dense"}}} << qint64{138'365'992};
        QTest::newRow("ConvNeXt-T") << "convnext" << Parameters{{"width", std::int64_t{96}}, {"depths", std::string{"3, 3, 9, 3"}}} << qint64{28'589'128};
    }
    void largeNetworksHaveTheCountsOfTheLiterature()
    {
        QFETCH(QString, id);
        QFETCH(Parameters, parameters);
        QFETCH(qint64, count);
        QCOMPARE(findArchitecture(id.toStdString())->build(parameters, numbersFrom({3, 224, 224}, 1000))->parameterCount(), count);
    }
    void headsMustDivideTheWidth()
    {
        const auto network = findArchitecture("vision-transformer")->build({{"width", std::int64_t{10}}, {"heads", std::int64_t{4}}}, numbersFrom({3, 32, 32}, 10));
        QVERIFY(!network);
        QCOMPARE(network.problems.front().path, std::string{"architecture.heads"});
    }
    void countsAreThoseOfTheLiterature()
    {
        QFETCH(QString, id);
        QFETCH(QList<int>, input);
        QFETCH(int, outputs);
        QFETCH(qint64, parameters);
        QFETCH(double, gigaMultiplyAdds);
        const auto spec = built(id.toStdString(), Shape(input.begin(), input.end()), outputs);
        QVERIFY(spec);
        QCOMPARE(spec->parameterCount(), parameters);
        QCOMPARE(spec->outputShape(), Shape{outputs});
        const double measured = static_cast<double>(spec->multiplyAdds()) / 1e9;
        QVERIFY2(std::abs(measured - gigaMultiplyAdds) < 0.02 * gigaMultiplyAdds + 0.0001, qPrintable(QString::number(measured)));
    }

    void everyArchitectureIsBuiltForAllThatItFits_data()
    {
        QTest::addColumn<QString>("id");
        for (const Architecture& architecture : architectures())
            if (architecture.id != customArchitecture) // its layers are the recipe's: tst_custom_network
                QTest::newRow(architecture.id.c_str()) << QString::fromStdString(architecture.id);
    }
    void everyArchitectureIsBuiltForAllThatItFits()
    {
        QFETCH(QString, id);
        const Architecture& architecture = *findArchitecture(id.toStdString());
        int fitted = 0;
        for (const NetworkBrief& brief : briefs()) {
            if (!architecture.fits(brief))
                continue;
            ++fitted;
            const auto spec = architecture.build({}, brief);
            QVERIFY2(spec, spec.problems.empty() ? "" : english(spec.problems.front()).c_str());
            if (brief.output == NetworkBrief::Output::numbers)
                QCOMPARE(spec->outputShape(), Shape{3});
            QVERIFY(spec->parameterCount() > 0);
        }
        QVERIFY2(fitted > 0, "no brief here fits it: add one to briefs()");
    }

    /// What the window, the trainer and a checkpoint rest on, for every architecture.
    void namesAreUniqueAndLayersReadWhatStandsBefore_data() { everyArchitectureIsBuiltForAllThatItFits_data(); }
    void namesAreUniqueAndLayersReadWhatStandsBefore()
    {
        QFETCH(QString, id);
        const Architecture& architecture = *findArchitecture(id.toStdString());
        const std::vector<NetworkBrief> all = briefs();
        const auto brief = std::find_if(all.begin(), all.end(), [&](const NetworkBrief& one) { return architecture.fits(one); });
        const auto spec = architecture.build({}, *brief);
        std::set<std::string> names;
        std::vector<bool> read(spec->layers.size());
        for (std::size_t i = 0; i < spec->layers.size(); ++i) {
            const LayerNode& node = spec->layers[i];
            QVERIFY(names.insert(node.name).second);
            QVERIFY(!node.inputs.empty());
            for (const std::int32_t input : node.inputs) {
                QVERIFY(input >= NetworkSpec::inputAt(spec->inputs.size() - 1) && input < static_cast<std::int32_t>(i));
                if (input >= 0)
                    read[static_cast<std::size_t>(input)] = true;
            }
        }
        for (std::size_t i = 0; i + 1 < read.size(); ++i)
            QVERIFY2(read[i], spec->layers[i].name.c_str());
    }

    void defaultsOfASchemaAreValid_data() { everyArchitectureIsBuiltForAllThatItFits_data(); }
    void defaultsOfASchemaAreValid()
    {
        QFETCH(QString, id);
        const Architecture* architecture = findArchitecture(id.toStdString());
        Parameters defaults;
        bool anyCommon = false;
        for (const ParameterSchema& parameter : architecture->schema) {
            defaults[parameter.name] = parameter.defaultValue;
            anyCommon |= parameter.common;
            QVERIFY(!parameter.label.empty()
                    && parameter.help.ends_with('.') | (parameter.help.find("arXiv:") != std::string::npos));
        }
        QVERIFY(anyCommon); // a card without one open setting shows nothing
        QCOMPARE(validate(architecture->schema, defaults, "architecture"), Problems{});
        for (const NetworkBrief& brief : briefs())
            if (architecture->fits(brief))
                QCOMPARE(*architecture->build(defaults, brief), *architecture->build({}, brief));
    }

    void theStemOfAResNetFollowsTheShorterSide()
    {
        const auto firstKernel = [](const Shape& shape, const char* stem) {
            const auto spec = built("resnet18", shape, 10, {{"stem", std::string{stem}}});
            return std::get<layer::Conv2d>(spec->layers.front().layer).kernel;
        };
        QCOMPARE(firstKernel({3, 63, 300}, "auto"), 3);
        QCOMPARE(firstKernel({3, 300, 63}, "auto"), 3);
        QCOMPARE(firstKernel({3, 64, 64}, "auto"), 7);
        QCOMPARE(firstKernel({3, 32, 32}, "large"), 7);
        QCOMPARE(firstKernel({3, 224, 224}, "small"), 3);
    }

    void theStrideOfABottleneckSitsOnItsWideConvolution()
    {
        const auto spec = built("resnet50", {3, 224, 224}, 1000);
        QCOMPARE(std::get<layer::Conv2d>(layerNamed(*spec, "layer2.0.conv1").layer).stride, 1);
        QCOMPARE(std::get<layer::Conv2d>(layerNamed(*spec, "layer2.0.conv2").layer).stride, 2);
        QCOMPARE(layerNamed(*spec, "layer4.2.relu").outputShape, (Shape{2048, 7, 7}));
    }

    void hiddenLayersAreReadAsAPersonWritesThem()
    {
        const auto widths = [](const std::string& hidden) {
            std::vector<std::int64_t> result;
            const auto spec = built("mlp", {4}, 3, {{"hidden", hidden}});
            if (!spec)
                return std::vector<std::int64_t>{-1};
            for (const LayerNode& node : spec->layers)
                if (const auto* linear = std::get_if<layer::Linear>(&node.layer))
                    result.push_back(linear->outFeatures);
            return result;
        };
        using Widths = std::vector<std::int64_t>;
        QCOMPARE(widths("64, 32"), (Widths{64, 32, 3}));
        QCOMPARE(widths("64 32,16 "), (Widths{64, 32, 16, 3}));
        QCOMPARE(widths(""), Widths{3});
        for (const char* bad : {"64, many", "0", "-4", "64.5", "99999999999999999999", "70000", "64; 32"})
            QVERIFY2(widths(bad) == Widths{-1}, bad);
        std::string tooMany;
        for (int i = 0; i < 65; ++i)
            tooMany += "2 ";
        QCOMPARE(widths(tooMany), Widths{-1});
    }

    void aBadListOfWidthsIsAProblemAtItsField()
    {
        const auto spec = built("mlp", {4}, 3, {{"hidden", std::string{"64, many"}}});
        QCOMPARE(spec.problems.size(), std::size_t{1});
        QCOMPARE(spec.problems.front().path, std::string{"architecture.hidden"});
        QVERIFY(english(spec.problems.front()).find("64, many") != std::string::npos);
    }

    void aPictureThatShrinksToNothingIsOneProblemNamingTheLayer()
    {
        const auto spec = built("small-cnn", {1, 28, 28}, 10, {{"blocks", std::int64_t{6}}});
        QVERIFY(!spec);
        QCOMPARE(spec.problems.size(), std::size_t{1});
        QCOMPARE(spec.problems.front().path, std::string{"architecture"});
        const std::string sentence = english(spec.problems.front());
        QVERIFY2(sentence.find("block5.pool") != std::string::npos && sentence.find("256x1x1") != std::string::npos,
                 sentence.c_str());
        QVERIFY(!spec.problems.front().hint.empty());
    }

    /// Sizes that would overflow 64 bits if they were multiplied out.
    void anAbsurdNetworkIsAProblemAndNotAnOverflow()
    {
        QVERIFY(!built("mlp", {65'536}, 3, {{"hidden", std::string{"65536"}}}));
        QVERIFY(!built("small-cnn", {3, 2048, 2048}, 10, {{"blocks", std::int64_t{6}}, {"width", std::int64_t{1024}}}));
        QVERIFY(!built("mlp", {3, std::int64_t{1} << 31, std::int64_t{1} << 31}, std::int64_t{1} << 40));
        QVERIFY(!built("mlp", {std::int64_t{1} << 40, std::int64_t{1} << 40}, 2));
    }

    void costsOfEachLayerFollowFromItsSizes()
    {
        NetworkBuilder net{Shape{3, 11, 9}};
        net.conv2d("conv", 8, {.kernel = 3, .stride = 2, .padding = 1, .groups = 1});
        net.maxPool2d("pool", {.kernel = 3, .stride = 2, .padding = 1});
        net.batchNorm("bn");
        net.flatten("flatten");
        net.linear("fc", 5);
        const auto spec = std::move(net).build();
        QVERIFY(spec);
        QCOMPARE(layerNamed(*spec, "conv").outputShape, (Shape{8, 6, 5}));
        QCOMPARE(layerNamed(*spec, "conv").parameterCount, 8 * 3 * 9 + 8);
        QCOMPARE(layerNamed(*spec, "conv").multiplyAdds, 8 * 3 * 9 * 6 * 5);
        QCOMPARE(layerNamed(*spec, "pool").outputShape, (Shape{8, 3, 3}));
        QCOMPARE(layerNamed(*spec, "bn").parameterCount, 16);
        QCOMPARE(layerNamed(*spec, "fc").parameterCount, 72 * 5 + 5);
        QCOMPARE(layerDetail(layerNamed(*spec, "conv").layer), std::string{"8, 3x3, /2"});
        QCOMPARE(layerName(layerNamed(*spec, "bn").layer), std::string{"BatchNorm"});
    }

    void ourOwnMistakesThrow()
    {
        NetworkBuilder net{Shape{3, 8, 8}};
        const auto first = net.conv2d("conv", 4, {.padding = 1});
        QVERIFY_EXCEPTION_THROWN(net.conv2d("conv", 4), std::logic_error);
        const auto pooled = net.maxPool2d("pool");
        QVERIFY_EXCEPTION_THROWN(net.add("sum", first, pooled), std::logic_error);
        QVERIFY_EXCEPTION_THROWN(shorterSide({30}), std::invalid_argument);
        QVERIFY(!findArchitecture("resnet-18"));
    }
};

QTEST_GUILESS_MAIN(TestNetwork)
#include "tst_network.moc"
