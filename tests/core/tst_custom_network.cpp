// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/network/custom/custom.h"
#include "engine/core/network/custom/custom_network.h"
#include "engine/core/network/custom/layer_editing.h"
#include "engine/core/network/custom/layer_kind.h"
#include "engine/core/recipe/catalog.h"
#include "engine/core/recipe/recipe_comparison.h"

#include <QTest>

#include <algorithm>
#include <set>

using namespace descent;

namespace {

using Output = NetworkBrief::Output;

/// One and more of every kind of brief that some task gives.
std::vector<NetworkBrief> briefs(std::int64_t outputs = 3)
{
    std::vector<NetworkBrief> list;
    for (const Shape& shape : std::vector<Shape>{{1, 28, 28}, {3, 32, 32}, {3, 64, 64}, {4, 224, 160}, {7}, {24, 3}})
        list.push_back(numbersFrom(shape, outputs));
    const NetworkInput tokens{.kind = NetworkInput::Kind::tokens, .shape = {16}, .vocabulary = 30, .padded = true};
    list.push_back({.inputs = {tokens}, .outputs = outputs});
    list.push_back({.inputs = {{.kind = NetworkInput::Kind::tokens, .shape = {16}, .vocabulary = 30}}, .output = Output::nextTokens, .outputs = 30});
    const NetworkInput picture = numericInput({3, 48, 64}), events = numericInput({16, 4});
    list.push_back({.inputs = {tokens, tokens}, .output = Output::nextTokens, .outputs = 30});
    list.push_back({.inputs = {tokens, events}, .outputs = outputs});
    for (const std::int64_t columns : {std::int64_t{1}, std::int64_t{2}, std::int64_t{3}})
        list.push_back({.inputs = {numericInput({48, 3})}, .output = Output::future, .outputs = columns, .horizon = 12});
    list.push_back({.inputs = {picture}, .output = Output::boxes, .outputs = outputs});
    list.push_back({.inputs = {picture}, .output = Output::boxes, .outputs = 4}); // as many as numbers of a box
    list.push_back({.inputs = {picture}, .output = Output::identities, .outputs = outputs});
    list.push_back({.inputs = {picture}, .output = Output::identities, .outputs = 0});
    list.push_back({.inputs = {picture, numericInput({7})}, .outputs = outputs});
    list.push_back({.inputs = {picture, tokens}, .outputs = outputs});
    list.push_back({.inputs = {picture, numericInput({7}), tokens}, .outputs = outputs});
    list.push_back({.inputs = {picture, tokens}, .output = Output::matches});
    return list;
}

std::string told(const Problems& problems)
{
    std::string all;
    for (const Problem& problem : problems)
        all += english(problem) + "\n";
    return all;
}

LayerList listOf(const char* json)
{
    Result<LayerList> layers = layersFromJson(json, "layers");
    if (!layers)
        qFatal("%s", told(layers.problems).c_str());
    return *layers;
}

/// Every setting away from its default, where the architecture still builds.
std::vector<Parameters> variations(const Architecture& architecture, const NetworkBrief& brief)
{
    std::vector<Parameters> list{{}};
    for (const ParameterSchema& parameter : architecture.schema) {
        std::vector<ParameterValue> values;
        if (parameter.type == ParameterType::boolean)
            values = {true, false};
        for (const Choice& choice : parameter.choices)
            values.push_back(choice.id);
        if (parameter.name == "dropout" || parameter.name == "embeddingDropout")
            values = {0.0, 0.3};
        for (const ParameterValue& value : values)
            if (architecture.build({{parameter.name, value}}, brief))
                list.push_back({{parameter.name, value}});
    }
    return list;
}

}

class TestCustomNetwork : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void everyKindOfLayerIsDescribedOnce()
    {
        std::set<std::string> ids;
        std::set<std::size_t> alternatives;
        for (const LayerKind& kind : layerKinds()) {
            QVERIFY2(ids.insert(kind.id).second, kind.id.c_str());
            QVERIFY2(alternatives.insert(kind.alternative).second, kind.id.c_str());
            QVERIFY(!kind.help.empty() && !kind.group.empty() && !kind.stem.empty());
            QVERIFY(nameProblem(kind.stem + "1").empty());
            Parameters defaults;
            for (const ParameterSchema& parameter : kind.schema)
                defaults[parameter.name] = parameter.defaultValue;
            QVERIFY2(validate(kind.schema, defaults, "").empty(), kind.id.c_str());
        }
        QCOMPARE(alternatives.size(), std::variant_size_v<Layer>);
    }

    /// The whole of it: every named architecture, every brief it fits, every choice of it. Built again, it is equal in each value.
    void anArchitectureOpenedAsLayersIsTheSameNetwork_data()
    {
        QTest::addColumn<QString>("id");
        for (const Architecture& architecture : architectures())
            if (architecture.id != customArchitecture)
                QTest::newRow(architecture.id.c_str()) << QString::fromStdString(architecture.id);
    }
    void anArchitectureOpenedAsLayersIsTheSameNetwork()
    {
        QFETCH(QString, id);
        const Architecture& architecture = *findArchitecture(id.toStdString());
        int compared = 0;
        for (const NetworkBrief& brief : briefs()) {
            if (!architecture.fits(brief) || !architecture.build({}, brief))
                continue;
            for (const Parameters& parameters : variations(architecture, brief)) {
                const Result<NetworkSpec> named = architecture.build(parameters, brief);
                const Result<Parameters> opened = openAsCustom(architecture, parameters, brief);
                QVERIFY2(opened, told(opened.problems).c_str());
                const Result<NetworkSpec> again = findArchitecture(customArchitecture)->build(*opened, brief);
                QVERIFY2(again, told(again.problems).c_str());
                QVERIFY(*again == *named);
                ++compared;
            }
        }
        QVERIFY(compared > 0);
    }

    /// Sizes that follow the data are not written, so the list is as good for other data as the architecture was.
    void whatWasOpenedFitsOtherDataAsTheArchitectureWould_data() { anArchitectureOpenedAsLayersIsTheSameNetwork_data(); }
    void whatWasOpenedFitsOtherDataAsTheArchitectureWould()
    {
        QFETCH(QString, id);
        const Architecture& architecture = *findArchitecture(id.toStdString());
        const std::vector<NetworkBrief> here = briefs(3), there = briefs(10);
        for (std::size_t i = 0; i < here.size(); ++i) {
            if (!architecture.fits(here[i]) || !architecture.build({}, here[i]))
                continue;
            const Result<Parameters> opened = openAsCustom(architecture, {}, here[i]);
            const Result<NetworkSpec> again = findArchitecture(customArchitecture)->build(*opened, there[i]);
            QVERIFY2(again, told(again.problems).c_str());
            QVERIFY(*again == *architecture.build({}, there[i]));
        }
    }

    void aListIsWrittenAndReadTheSame()
    {
        const NetworkBrief brief = numbersFrom({3, 32, 32}, 10);
        const Result<Parameters> opened = openAsCustom(*findArchitecture("resnet18"), {}, brief);
        const std::string json = std::get<std::string>(opened->at(layersParameter));
        const Result<LayerList> layers = layersFromJson(json, "layers");
        QVERIFY(layers);
        QCOMPARE(toJson(*layers), json);
        Recipe recipe = findRecipeTemplate("drawn-digits")->recipe;
        recipe.architecture = {customArchitecture, *opened};
        const Result<Recipe> again = recipeFromJson(toJson(recipe));
        QVERIFY2(again, told(again.problems).c_str());
        QVERIFY(*again == recipe);
        QVERIFY(toJson(recipe).find("{\"name\": \"layer1.0.conv1\", \"kind\": \"conv2d\"") != std::string::npos); // a layer a line
        const Result<Recipe> whole = recipeFromJson(toJson(withDefaults(recipe)));
        QVERIFY(whole && *buildNetwork(*whole, brief) == *buildNetwork(recipe, brief));
    }

    void whatIsWrongIsSaidAtItsLayer_data()
    {
        QTest::addColumn<QByteArray>("layers");
        QTest::addColumn<QString>("where");
        QTest::addColumn<QString>("what");
        const auto row = [](const char* name, const char* layers, const char* where, const char* what) {
            QTest::newRow(name) << QByteArray{layers} << QString{where} << QString{what};
        };
        const char* rest = R"(, {"name": "flat", "kind": "flatten"}, {"name": "fc", "kind": "dense", "size": "outputs"}])";
        static std::vector<std::string> kept;
        const auto with = [&](const std::string& beginning) {
            kept.reserve(100);
            kept.push_back("[" + beginning + rest);
            return kept.back().c_str();
        };
        row("kernel", with(R"({"name": "conv3", "kind": "conv2d", "kernel": 15})"), "conv3.kernel", "its input is [3, 8, 8]: a kernel of 15 does not fit (padding 4 would do, or a kernel of at most 8)");
        row("groups", with(R"({"name": "c", "kind": "conv2d", "channels": 9, "groups": 2})"), "c.groups", "3 channels in and 9 out cannot be shared out to 2 groups (1 groups can)");
        row("unknown kind", with(R"({"name": "c", "kind": "conv2"})"), "c", "there is no kind of layer \"conv2\" (did you mean \"conv2d\"?)");
        row("unknown parameter", with(R"({"name": "c", "kind": "conv2d", "kernal": 3})"), "c.kernal", "\"kernal\" is not known here (did you mean \"kernel\"?)");
        row("out of range", with(R"({"name": "c", "kind": "conv2d", "stride": 0})"), "c.stride", "0 is out of range (write a whole number from 1 to 1024)");
        row("reads nothing", with(R"({"name": "c", "kind": "conv2d", "from": ["zebra"]})"), "c", "it reads \"zebra\", which is not there (choose a layer before it)");
        row("reads itself", with(R"({"name": "c", "kind": "conv2d", "from": ["c"]})"), "c", "it reads itself (choose a layer before it)");
        row("reads what comes after", with(R"({"name": "c", "kind": "conv2d", "from": ["flat"]})"), "c", "it reads \"flat\", which stands after it (move \"flat\" before it)");
        row("one input of two", with(R"({"name": "a", "kind": "add"})"), "a", "it reads 1 of at least 2 inputs (choose where else it reads)");
        row("no second input", with(R"({"name": "a", "kind": "add", "from": ["input", "input2"]})"), "a", "it reads \"input2\", and this task has 1 inputs (choose another one)");
        row("shapes differ", with(R"({"name": "c", "kind": "conv2d", "padding": 1}, {"name": "a", "kind": "add", "from": ["c", "input"]})"), "a",
            "its inputs differ: [32, 8, 8] and [3, 8, 8] (a convolution with kernel 1 and 32 channels on the shortcut makes them equal)");
        row("twice a name", with(R"({"name": "flat", "kind": "conv2d"})"), "flat", "two layers are named \"flat\" (give one of them another name)");
        row("a reserved name", with(R"({"name": "input", "kind": "conv2d"})"), "input", "\"input\" means something else here (letters, digits, dots, dashes and underscores make a name)");
        row("nobody reads it", with(R"({"name": "c", "kind": "conv2d"}, {"name": "d", "kind": "conv2d", "from": ["input"]})"), "c", "no layer reads it (let a layer after it read it, or delete it)");
        row("a picture for a dense layer", R"([{"name": "fc", "kind": "dense", "size": "outputs"}])", "fc", "its input is [3, 8, 8]: it reads one row of numbers (\"Flatten\" before it makes one row)");
        row("the wrong end", R"([{"name": "f", "kind": "flatten"}, {"name": "fc", "kind": "dense", "features": 5}])", "fc",
            "the last layer gives [5], the task wants [10] (end with a dense layer of the size \"Outputs of the task\")");
        row("too many weights", R"([{"name": "f", "kind": "flatten"}, {"name": "a", "kind": "dense", "features": 1000000}, {"name": "b", "kind": "dense", "features": 1000000}, {"name": "fc", "kind": "dense", "size": "outputs"}])",
            "b", "this network would have more than 2 billion weights here (use fewer or narrower layers, or smaller pictures)");
    }
    void whatIsWrongIsSaidAtItsLayer()
    {
        QFETCH(QByteArray, layers);
        QFETCH(QString, where);
        QFETCH(QString, what);
        const NetworkBrief brief = numbersFrom({3, 8, 8}, 10);
        const Problems problems = workOut(listOf(layers.constData()), &brief, "layers").problems();
        const std::string wanted = "layers." + where.toStdString() + ": " + what.toStdString();
        const bool found = std::any_of(problems.begin(), problems.end(), [&](const Problem& problem) { return english(problem) == wanted; });
        QVERIFY2(found, told(problems).c_str());
        QVERIFY(!buildCustom(listOf(layers.constData()), brief, Initialization::torchDefault));
    }

    void aBrokenLayerHidesNothingBeforeOrBesideIt()
    {
        const NetworkBrief brief = numbersFrom({3, 8, 8}, 10);
        const CustomNetwork network = workOut(listOf(R"([{"name": "a", "kind": "conv2d", "channels": 4, "padding": 1},
            {"name": "b", "kind": "conv2d", "kernel": 99}, {"name": "c", "kind": "activation"},
            {"name": "d", "kind": "flatten", "from": ["a"]}, {"name": "e", "kind": "conv2d", "from": ["c"], "stride": 0}])"),
                                              &brief, "layers");
        QCOMPARE(network.layers[0].shape, (Shape{4, 8, 8}));
        QVERIFY(!network.layers[1].layer && !network.layers[1].troubles.empty());
        QVERIFY(!network.layers[2].layer && network.layers[2].troubles.empty()); // it waits, and is not at fault
        QCOMPARE(network.layers[3].shape, (Shape{256}));
        QVERIFY(!network.layers[4].troubles.empty()); // all at once
    }

    void aFixMendsWhatItSays()
    {
        const NetworkBrief brief = numbersFrom({3, 8, 8}, 10);
        LayerList layers = listOf(R"([{"name": "a", "kind": "conv2d", "kernel": 15}, {"name": "f", "kind": "flatten"}, {"name": "fc", "kind": "dense", "size": "outputs"}])");
        const CustomNetwork broken = workOut(layers, &brief, "layers");
        for (const auto& [name, value] : broken.layers[0].troubles.front().fix.set)
            layers[0].parameters[name] = value;
        QVERIFY(workOut(layers, &brief, "layers").problems().empty());
    }

    void whatIsWrittenMaySeeNothingThatComesAfter_data()
    {
        QTest::addColumn<QByteArray>("layer");
        QTest::addColumn<bool>("may");
        QTest::newRow("attention") << QByteArray{R"("self-attention")"} << false;
        QTest::newRow("causal attention") << QByteArray{R"("self-attention", "causal": true)"} << true;
        QTest::newRow("both ways") << QByteArray{R"("recurrent", "bidirectional": true)"} << false;
        QTest::newRow("one way") << QByteArray{R"("recurrent")"} << true;
        QTest::newRow("convolution") << QByteArray{R"("conv1d", "channels": 64)"} << false;
        QTest::newRow("causal convolution") << QByteArray{R"("conv1d", "channels": 64, "causal": true)"} << true;
        QTest::newRow("moving average") << QByteArray{R"("moving-average")"} << false;
        QTest::newRow("transpose") << QByteArray{R"("transpose")"} << false;
    }
    void whatIsWrittenMaySeeNothingThatComesAfter()
    {
        QFETCH(QByteArray, layer);
        QFETCH(bool, may);
        const NetworkBrief brief{.inputs = {{.kind = NetworkInput::Kind::tokens, .shape = {16}, .vocabulary = 30}}, .output = Output::nextTokens, .outputs = 30};
        const std::string json = R"([{"name": "e", "kind": "embedding"}, {"name": "x", "kind": )" + layer.toStdString() + R"(}, {"name": "fc", "kind": "dense", "size": "outputs"}])";
        const Result<NetworkSpec> network = buildCustom(listOf(json.c_str()), brief, Initialization::torchDefault);
        QVERIFY2(network.value.has_value() == may, told(network.problems).c_str());
    }

    void aComparisonShowsTheLayersThatDiffer()
    {
        Recipe left = findRecipeTemplate("custom-residual")->recipe, right = left;
        LayerList layers = *layersFromJson(std::get<std::string>(right.architecture.parameters[layersParameter]), "");
        layers[0].parameters["channels"] = std::int64_t{24};
        right.architecture.parameters[layersParameter] = toJson(layers);
        std::vector<std::string> differing;
        for (const RecipeComparisonRow& row : compareRecipes({left, right}))
            if (row.differs)
                differing.push_back(row.path);
        QCOMPARE(differing, std::vector<std::string>{"architecture.layers.conv1"});
    }

    void theTemplateFitsItsData()
    {
        const Recipe& recipe = findRecipeTemplate("custom-residual")->recipe;
        QVERIFY2(validate(recipe).empty(), told(validate(recipe)).c_str());
        for (const NetworkBrief& brief : {numbersFrom({1, 28, 28}, 10), numbersFrom({3, 64, 48}, 2)}) {
            const Result<NetworkSpec> network = buildNetwork(recipe, brief);
            QVERIFY2(network, told(network.problems).c_str());
        }
    }

    // Editing
    void removingALayerJoinsWhatItParted()
    {
        const LayerList layers = listOf(R"([{"name": "a", "kind": "conv2d"}, {"name": "b", "kind": "activation"}, {"name": "c", "kind": "dropout"},
            {"name": "d", "kind": "add", "from": ["previous", "b"]}])");
        const LayerList left = withRemoved(layers, {1, 2});
        QCOMPARE(left.size(), 2u);
        QCOMPARE(left[1].from, (std::vector<std::string>{"previous", "previous"}));
    }
    void aRenamedLayerIsStillRead()
    {
        const LayerList layers = listOf(R"([{"name": "words", "kind": "embedding"}, {"name": "b", "kind": "activation", "from": ["words"]}, {"name": "c", "kind": "tied-dense", "embedding": "words"}])");
        const LayerList renamed = withRenamed(layers, 0, "ids");
        QCOMPARE(renamed[1].from, std::vector<std::string>{"ids"});
        QVERIFY(renamed[2].parameters.at("embedding") == ParameterValue{std::string{"ids"}});
    }
    void aCopiedBlockReadsItself()
    {
        const LayerList layers = listOf(R"([{"name": "a1", "kind": "conv2d"}, {"name": "b1", "kind": "activation"}, {"name": "c1", "kind": "add", "from": ["previous", "a1"]}])");
        const LayerList doubled = withInserted(layers, 3, layers);
        QCOMPARE(doubled.size(), 6u);
        QCOMPARE(doubled[5].from, (std::vector<std::string>{"previous", doubled[3].name}));
        std::set<std::string> names;
        for (const LayerEntry& layer : doubled)
            QVERIFY(names.insert(layer.name).second);
    }
    void layersMoveTogether()
    {
        const LayerList layers = listOf(R"([{"name": "a", "kind": "flatten"}, {"name": "b", "kind": "flatten"}, {"name": "c", "kind": "flatten"}, {"name": "d", "kind": "flatten"}])");
        const MovedLayers moved = withMoved(layers, {0, 2}, 4);
        std::string order;
        for (const LayerEntry& layer : moved.layers)
            order += layer.name;
        QCOMPARE(order, std::string{"bdac"});
        QCOMPARE(moved.first, 2u);
        QVERIFY(withMoved(layers, {1}, 1).layers == layers);
    }
    void aConnectionTakesTheFreePlace()
    {
        const LayerList layers = listOf(R"([{"name": "a", "kind": "flatten"}, {"name": "b", "kind": "flatten"}, {"name": "c", "kind": "concat"}, {"name": "d", "kind": "flatten"}])");
        QCOMPARE(withConnection(layers, 2, "a")[2].from, (std::vector<std::string>{"previous", "a"}));
        QCOMPARE(withConnection(layers, 3, "a")[3].from, std::vector<std::string>{"a"});
        QVERIFY(withConnection(layers, 3, "c") == layers);
    }
};

QTEST_GUILESS_MAIN(TestCustomNetwork)
#include "tst_custom_network.moc"
