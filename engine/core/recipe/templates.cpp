// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/network/custom/custom.h"
#include "engine/core/network/custom/layer_list.h"
#include "engine/core/recipe/catalog.h"

#include <algorithm>

namespace descent {

namespace {

using namespace std::string_literals;

Recipe spirals()
{
    return {.name = "Spirals",
            .dataset = {"spirals", {{"samples", std::int64_t{1000}}, {"noise", 0.15}, {"turns", 2.5}}},
            .split = {{"validation", 0.2}, {"test", 0.2}},
            .architecture = {"mlp", {{"hidden", "64, 64"s}, {"activation", "tanh"s}}},
            .training = {{"epochs", std::int64_t{800}},
                         {"batchSize", std::int64_t{16}},
                         {"optimizer", "adamw"s},
                         {"learningRate", 0.01},
                         {"schedule", "cosine"s}}};
}

Recipe drawnDigits()
{
    return {.name = "Drawn digits",
            .dataset = {"drawn-digits", {{"samples", std::int64_t{6000}}}},
            .architecture = {"small-cnn", {}},
            .training = {{"epochs", std::int64_t{5}},
                         {"batchSize", std::int64_t{64}},
                         {"optimizer", "adamw"s},
                         {"learningRate", 0.003},
                         {"schedule", "one-cycle"s}}};
}

/// Small enough to be seen at a glance, with two shortcuts: one straight, one with a convolution on it.
Recipe customResidual()
{
    return {.name = "Custom residual",
            .dataset = {"drawn-digits", {{"samples", std::int64_t{6000}}}},
            .architecture = {customArchitecture,
                             {{layersParameter, canonicalLayers(R"([
                                 {"name": "conv1", "kind": "conv2d", "channels": 16, "padding": 1, "bias": false},
                                 {"name": "bn1", "kind": "batch-norm"},
                                 {"name": "relu1", "kind": "activation"},
                                 {"name": "pool1", "kind": "max-pool"},
                                 {"name": "block1.conv1", "kind": "conv2d", "channels": 16, "padding": 1, "bias": false},
                                 {"name": "block1.bn1", "kind": "batch-norm"},
                                 {"name": "block1.relu1", "kind": "activation"},
                                 {"name": "block1.conv2", "kind": "conv2d", "channels": 16, "padding": 1, "bias": false},
                                 {"name": "block1.bn2", "kind": "batch-norm"},
                                 {"name": "block1.add", "kind": "add", "from": ["previous", "pool1"]},
                                 {"name": "block1.relu2", "kind": "activation"},
                                 {"name": "block2.conv1", "kind": "conv2d", "channels": 32, "stride": 2, "padding": 1, "bias": false},
                                 {"name": "block2.bn1", "kind": "batch-norm"},
                                 {"name": "block2.relu1", "kind": "activation"},
                                 {"name": "block2.conv2", "kind": "conv2d", "channels": 32, "padding": 1, "bias": false},
                                 {"name": "block2.bn2", "kind": "batch-norm"},
                                 {"name": "block2.shortcut", "kind": "conv2d", "from": ["block1.relu2"], "channels": 32, "kernel": 1, "stride": 2},
                                 {"name": "block2.add", "kind": "add", "from": ["block2.bn2", "previous"]},
                                 {"name": "block2.relu2", "kind": "activation"},
                                 {"name": "avgpool", "kind": "adaptive-pool"},
                                 {"name": "flatten", "kind": "flatten"},
                                 {"name": "fc", "kind": "dense", "size": "outputs"}])")},
                              {"initialization", "residual"s}}},
            .training = {{"epochs", std::int64_t{5}},
                         {"batchSize", std::int64_t{64}},
                         {"optimizer", "adamw"s},
                         {"learningRate", 0.003},
                         {"schedule", "one-cycle"s}}};
}

Recipe mnist()
{
    return {.name = "MNIST",
            .dataset = {"idx", {{"path", ""s}}},
            .architecture = {"small-cnn", {}},
            .training = {{"epochs", std::int64_t{1}},
                         {"batchSize", std::int64_t{64}},
                         {"optimizer", "adamw"s},
                         {"learningRate", 0.004},
                         {"schedule", "one-cycle"s}}};
}

/// The recipe the project began with.
Recipe cifar10Classic()
{
    return {.name = "CIFAR-10 classic",
            .dataset = {"image-folder", {{"path", ""s}}},
            .preprocessing = {{"resize", std::int64_t{224}}},
            .architecture = {"resnet18", {{"stem", "large"s}}},
            .training = {{"epochs", std::int64_t{10}},
                         {"batchSize", std::int64_t{32}},
                         {"optimizer", "sgd"s},
                         {"learningRate", 0.01},
                         {"momentum", 0.9},
                         {"schedule", "constant"s}}};
}

/// Ten minutes of two cores that compute in bfloat16.
Recipe cifar10Fast()
{
    return {.name = "CIFAR-10 fast",
            .dataset = {"image-folder", {{"path", ""s}}},
            .preprocessing = {{"flip", true}, {"crop", std::int64_t{2}}},
            .architecture = {"airbench", {{"width", std::int64_t{48}}}},
            .training = {{"epochs", std::int64_t{9}},
                         {"batchSize", std::int64_t{250}},
                         {"optimizer", "muon"s},
                         {"learningRate", 0.01},
                         {"weightDecay", 0.02},
                         {"schedule", "one-cycle"s},
                         {"labelSmoothing", 0.1},
                         {"precision", "bfloat16"s}}};
}

Recipe table()
{
    return {.name = "Loans",
            .dataset = {"synthetic-table", {}},
            .split = {{"validation", 0.15}, {"test", 0.15}},
            .architecture = {"mlp", {{"hidden", "64, 32"s}, {"dropout", 0.1}}},
            .training = {{"epochs", std::int64_t{100}},
                         {"batchSize", std::int64_t{32}},
                         {"optimizer", "adamw"s},
                         {"learningRate", 0.002},
                         {"weightDecay", 0.01},
                         {"schedule", "cosine"s}}};
}

Recipe risk()
{
    return {.name = "Credit risk",
            .dataset = {"synthetic-table", {{"samples", std::int64_t{20000}}, {"unpaid", 0.03}}},
            .split = {{"validation", 0.2}, {"test", 0.2}},
            .architecture = {"tabular-resnet", {{"width", std::int64_t{64}}}},
            .training = {{"epochs", std::int64_t{20}},
                         {"batchSize", std::int64_t{128}},
                         {"optimizer", "adamw"s},
                         {"learningRate", 0.001},
                         {"weightDecay", 0.01},
                         {"schedule", "cosine"s},
                         {"threshold", "least-cost"s},
                         {"falseAlarmCost", 1.0},
                         {"missCost", 20.0}}};
}

Recipe fraud()
{
    return {.name = "Fraud",
            .dataset = {"csv", {{"path", ""s}}},
            .split = {{"validation", 0.2}, {"test", 0.2}},
            .architecture = {"mlp", {{"hidden", "64, 32"s}, {"dropout", 0.1}}},
            .training = {{"epochs", std::int64_t{60}},
                         {"batchSize", std::int64_t{64}},
                         {"optimizer", "adamw"s},
                         {"learningRate", 0.002},
                         {"weightDecay", 0.01},
                         {"schedule", "cosine"s}}};
}

/// For a first look: made-up hours, forecast a day ahead.
Recipe waves()
{
    return {.name = "Waves",
            .task = {"forecasting", {{"inputLength", std::int64_t{96}}, {"horizon", std::int64_t{24}}, {"season", std::int64_t{24}}}},
            .dataset = {"waves", {}},
            .split = {{"validation", 0.2}, {"test", 0.2}},
            .architecture = {"dlinear", {}},
            .training = {{"epochs", std::int64_t{20}},
                         {"batchSize", std::int64_t{32}},
                         {"optimizer", "adam"s},
                         {"learningRate", 0.002},
                         {"schedule", "cosine"s}}};
}

/// The published protocol of the ETT data: 12, 4 and 4 months of 30 days, and the training of DLinear's authors.
Recipe load()
{
    constexpr std::int64_t month = 30 * 24;
    return {.name = "Load",
            .task = {"forecasting",
                     {{"inputLength", std::int64_t{336}},
                      {"horizon", std::int64_t{96}},
                      {"season", std::int64_t{24}},
                      {"trainSteps", 12 * month},
                      {"validationSteps", 4 * month},
                      {"testSteps", 4 * month}}},
            .dataset = {"series", {{"path", ""s}}},
            .architecture = {"dlinear", {}},
            .training = {{"epochs", std::int64_t{10}},
                         {"batchSize", std::int64_t{32}},
                         {"optimizer", "adam"s},
                         {"learningRate", 0.005},
                         {"schedule", "step"s},
                         {"stepEpochs", std::int64_t{1}},
                         {"stepFactor", 0.5},
                         {"earlyStopping", std::int64_t{3}}}};
}

/// Daily rates are near a random walk: whoever does not draw the naive forecast beside the network's is fooled.
Recipe exchangeRate()
{
    return {.name = "Exchange rate",
            .task = {"forecasting", {{"inputLength", std::int64_t{96}}, {"horizon", std::int64_t{96}}}},
            .dataset = {"series", {{"path", ""s}}},
            .split = {{"validation", 0.1}, {"test", 0.2}},
            .architecture = {"dlinear", {{"windowNorm", true}}},
            .training = {{"epochs", std::int64_t{10}},
                         {"batchSize", std::int64_t{32}},
                         {"optimizer", "adam"s},
                         {"learningRate", 0.0005},
                         {"schedule", "step"s},
                         {"stepEpochs", std::int64_t{1}},
                         {"stepFactor", 0.5},
                         {"earlyStopping", std::int64_t{3}}}};
}

Recipe prices()
{
    return {.name = "Prices",
            .task = {"regression", {}},
            .dataset = {"csv", {{"path", ""s}, {"targetType", "number"s}}},
            .split = {{"validation", 0.2}, {"test", 0.2}},
            .architecture = {"mlp", {{"hidden", "64, 64"s}, {"dropout", 0.1}}},
            .training = {{"epochs", std::int64_t{100}},
                         {"batchSize", std::int64_t{32}},
                         {"optimizer", "adamw"s},
                         {"learningRate", 0.002},
                         {"weightDecay", 0.01},
                         {"schedule", "cosine"s}}};
}

Recipe records()
{
    return {.name = "Patients",
            .task = {"record-classification", {}},
            .dataset = {"synthetic-records", {}},
            .split = {{"validation", 0.15}, {"test", 0.2}},
            .architecture = {"record-rnn", {}},
            .training = {{"epochs", std::int64_t{20}},
                         {"batchSize", std::int64_t{64}},
                         {"optimizer", "adamw"s},
                         {"learningRate", 0.003},
                         {"weightDecay", 0.01},
                         {"schedule", "one-cycle"s},
                         // Steps of a small memory are short: threads would wait for each other.
                         {"threads", std::int64_t{1}}}};
}

Recipe faces()
{
    return {.name = "Faces",
            .task = {"face-recognition", {{"margin", 0.3}, {"scale", 20.0}}},
            .dataset = {"drawn-faces", {{"people", std::int64_t{1000}}, {"picturesEach", std::int64_t{8}}}},
            .split = {{"validation", 0.1}, {"test", 0.1}},
            .preprocessing = {{"flip", true}, {"crop", std::int64_t{3}}},
            .architecture = {"face-embedding", {}},
            .training = {{"epochs", std::int64_t{14}},
                         {"batchSize", std::int64_t{64}},
                         {"optimizer", "adamw"s},
                         {"learningRate", 0.003},
                         {"weightDecay", 0.05},
                         {"schedule", "one-cycle"s}}};
}

Recipe questions()
{
    return {.name = "Questions about pictures",
            .task = {"joint-classification", {}},
            .dataset = {"drawn-captions", {{"captions", "questions"s}, {"samples", std::int64_t{12000}}}},
            .architecture = {"two-trunks", {}},
            .training = {{"epochs", std::int64_t{15}},
                         {"batchSize", std::int64_t{64}},
                         {"optimizer", "adamw"s},
                         {"learningRate", 0.002},
                         {"weightDecay", 0.01},
                         {"schedule", "one-cycle"s}}};
}

/// Sentences and whether they are good or bad, such as SST-2.
Recipe sentiment()
{
    return {.name = "Sentiment",
            .task = {"text-classification", {}},
            .dataset = {"text-table", {{"path", ""s}}},
            .architecture = {"embedding-bag", {}},
            .training = {{"epochs", std::int64_t{8}},
                         {"batchSize", std::int64_t{64}},
                         {"optimizer", "adamw"s},
                         {"learningRate", 0.003},
                         {"schedule", "cosine"s}}};
}

/// nanoGPT's small preset, 2,000 steps: github.com/karpathy/nanoGPT, config/train_shakespeare_char.py as its README runs it
/// on a CPU.
Recipe shakespeare()
{
    return {.name = "Shakespeare",
            .task = {"language-modelling",
                     {{"tokenizer", "character"s}, {"context", std::int64_t{64}}, {"windowsPerEpoch", std::int64_t{6000}}}},
            .dataset = {"corpus", {{"path", ""s}}},
            .split = {{"validation", 0.1}, {"test", 0.0}},
            .architecture = {"gpt", {}},
            .training = {{"epochs", std::int64_t{4}},
                         {"batchSize", std::int64_t{12}},
                         {"optimizer", "adamw"s},
                         {"learningRate", 0.001},
                         {"beta2", 0.99},
                         {"weightDecay", 0.1},
                         {"decay", "matrices"s},
                         {"clipNorm", 1.0},
                         {"schedule", "cosine"s},
                         {"finalRate", 0.1},
                         {"warmupEpochs", 0.2}}};
}

Recipe dates()
{
    return {.name = "Dates",
            .task = {"translation", {{"tokenizer", "character"s},
                                     {"vocabularySize", std::int64_t{100}},
                                     {"maximumLength", std::int64_t{40}},
                                     {"beamWidth", std::int64_t{1}}}},
            .dataset = {"date-pairs", {}},
            .split = {{"validation", 0.05}},
            .architecture = {"transformer",
                             {{"width", std::int64_t{64}}, {"depth", std::int64_t{2}}, {"dropout", 0.0}}},
            .training = {{"epochs", std::int64_t{10}},
                         {"batchSize", std::int64_t{64}},
                         {"optimizer", "adamw"s},
                         {"learningRate", 0.003},
                         {"clipNorm", 1.0},
                         {"schedule", "one-cycle"s}}};
}

/// For Multi30k: 29,000 captions of pictures, as a folder of train.de, train.en and so on.
Recipe translation()
{
    return {.name = "Translation",
            .task = {"translation", {{"vocabularySize", std::int64_t{6000}}, {"maximumLength", std::int64_t{48}}}},
            .dataset = {"sentence-pairs", {{"path", ""s}}},
            .architecture = {"transformer", {{"width", std::int64_t{256}}, {"dropout", 0.15}}},
            .training = {{"epochs", std::int64_t{12}},
                         {"batchSize", std::int64_t{96}},
                         {"optimizer", "adamw"s},
                         {"learningRate", 0.001},
                         {"beta2", 0.98},
                         {"clipNorm", 1.0},
                         {"labelSmoothing", 0.1},
                         {"schedule", "cosine"s},
                         {"warmupEpochs", 1.0}}};
}

Recipe captions()
{
    return {.name = "Pictures and captions",
            .task = {"picture-text-matching", {{"prompt", "a big {}"s}}},
            .dataset = {"drawn-captions", {{"captions", "descriptions"s}, {"samples", std::int64_t{8000}}}},
            .architecture = {"two-trunks", {}},
            .training = {{"epochs", std::int64_t{15}},
                         {"batchSize", std::int64_t{128}},
                         {"optimizer", "adamw"s},
                         {"learningRate", 0.002},
                         {"weightDecay", 0.01},
                         {"schedule", "one-cycle"s}}};
}

Recipe street()
{
    return {.name = "Street",
            .task = {"detection", {}},
            .dataset = {"drawn-street", {{"samples", std::int64_t{400}}, {"width", std::int64_t{160}}}},
            .preprocessing = {{"flip", true}},
            .architecture = {"detector", {{"width", 0.25}, {"stride", "4"s}, {"pyramid", std::int64_t{32}}}},
            .training = {{"epochs", std::int64_t{30}},
                         {"batchSize", std::int64_t{16}},
                         {"optimizer", "adamw"s},
                         {"learningRate", 0.004},
                         {"weightDecay", 0.01},
                         {"schedule", "one-cycle"s},
                         {"clipNorm", 10.0}}};
}

Recipe bloodCells()
{
    return {.name = "Blood cells",
            .task = {"detection", {{"zoom", 0.25}, {"turnOver", true}}},
            .dataset = {"voc", {{"path", ""s}, {"size", std::int64_t{320}}}},
            .preprocessing = {{"flip", true}},
            .architecture = {"detector", {{"width", 0.5}, {"stride", "4"s}}},
            .training = {{"epochs", std::int64_t{30}},
                         {"batchSize", std::int64_t{8}},
                         {"optimizer", "adamw"s},
                         {"learningRate", 0.001},
                         {"weightDecay", 0.05},
                         {"schedule", "one-cycle"s},
                         {"clipNorm", 10.0}}};
}

/// Five new digits from five samples each, by what a run has learnt of the other digits. The run is to be chosen.
Recipe transfer()
{
    return {.name = "New digits from five of each",
            .dataset = {"drawn-digits", {{"samples", std::int64_t{6000}}, {"digits", "high"s}}},
            .split = {{"perClass", std::int64_t{5}}},
            .architecture = {"small-cnn", {}},
            .start = {{"from", "run"s}, {"run", std::int64_t{0}}, {"head", "prototypes"s}, {"trunkRate", 0.1}},
            .training = {{"epochs", std::int64_t{30}},
                         {"batchSize", std::int64_t{25}},
                         {"optimizer", "adamw"s},
                         {"learningRate", 0.002},
                         {"schedule", "cosine"s}}};
}

/// The loans as such tables come, and what puts them right.
Recipe untidyLoans()
{
    Recipe recipe = table();
    recipe.name = "Untidy loans";
    recipe.dataset.parameters["untidy"] = true;
    recipe.cleaning = {.samples = {{"duplicates", "set-aside"s}, {"conflicting", "set-aside"s}},
                       .columns = {{"bank", {{"role", "ignore"s}}},
                                   {"income", {{"scaling", "log"s}, {"missing", "own"s}}},
                                   {"reminders", {{"role", "ignore"s}}}}};
    return recipe;
}

}

const std::vector<RecipeTemplate>& recipeTemplates()
{
    static const std::vector<RecipeTemplate> templates{
        {"spirals", "Spirals", "Two arms that wind around each other; watch the border bend. Ready in seconds.", spirals()},
        {"drawn-digits", "Drawn digits", "A small network learns to read digits, drawn on the spot.", drawnDigits()},
        {"table", "Loans", "Who will repay? A table with numbers, categories and gaps.", table(), {"csv"}},
        {"risk", "Credit risk", "One loan in thirty fails: score them, and choose the threshold by what mistakes cost.", risk()},
        {"street", "Street", "Cars, trucks, people, signs and lights found on drawn streets, in a minute or two.", street(), {"coco"}},
        {"blood-cells", "Blood cells", "Cells counted and told apart on pictures from a microscope, with your Pascal VOC folder.",
         bloodCells()},
        {"fraud", "Fraud", "A table of yours with two classes, one of them rare.", fraud()},
        {"faces", "Faces", "Tell people apart whom the network has never seen; they are drawn on the spot.", faces()},
        {"questions", "Questions about pictures", "What colour is the star? Neither the picture nor the question says it alone.", questions()},
        {"captions", "Pictures and captions", "Which words belong to which picture; and then classes that were never shown.", captions()},
        {"mnist", "MNIST", "The classic handwritten digits, from your IDX files: one epoch is enough.", mnist()},
        {"cifar10-fast", "CIFAR-10 fast", "Small pictures at their own size, in bfloat16 and with Muon: the most for ten minutes.", cifar10Fast(), {"cifar-binary"}},
        {"cifar10-classic", "CIFAR-10 classic", "ResNet-18 on pictures scaled to 224, plain SGD: thorough and slow.",
         cifar10Classic()},
        {"waves", "Waves", "Made-up hours with a day and a week in them: how do they go on? Ready in seconds.", waves()},
        {"load", "Load", "ETTh1: a transformer's load and oil temperature, four days ahead, by the published protocol.", load()},
        {"exchange-rate", "Exchange rate", "Daily rates of eight currencies: hard to beat by more than saying they stay as they are.",
         exchangeRate()},
        {"prices", "Prices", "A table of yours with a number to predict: prices, scores, amounts.", prices()},
        {"records", "Patients", "Diagnoses, drugs and measurements over years: who will have a complication?", records()},
        {"sentiment", "Sentiment", "Good or bad? Sentences of yours with a label each, read in seconds.", sentiment()},
        {"shakespeare", "Shakespeare", "A small GPT learns to write on from a text of yours, letter by letter.", shakespeare()},
        {"dates", "Dates", "Dates as people write them become 2016-11-05: a small Transformer, and where it looks. A minute.", dates()},
        {"translation", "Translation", "Sentences of yours and their translations teach a Transformer to translate.", translation()},
        {"transfer", "New digits from five of each", "Five pictures of each new digit are enough for a run that has learnt others: choose that run.",
         transfer()},
        {"untidy-loans", "Untidy loans", "The loans as such tables come, with repeats, slips and a column that gives the outcome away: prepared.",
         untidyLoans()},
        {"custom-residual", "Layers of one's own", "A small residual network on drawn digits, written down layer by layer: open it and change it.",
         customResidual()},
    };
    return templates;
}

const RecipeTemplate* findRecipeTemplate(std::string_view id)
{
    const auto& templates = recipeTemplates();
    const auto found = std::find_if(templates.begin(), templates.end(), [&](const RecipeTemplate& one) { return one.id == id; });
    return found == templates.end() ? nullptr : &*found;
}

const RecipeTemplate& templateFor(std::string_view datasetKind)
{
    const auto& templates = recipeTemplates();
    const auto suiting = std::find_if(templates.begin(), templates.end(), [&](const RecipeTemplate& one) {
        return std::find(one.suits.begin(), one.suits.end(), datasetKind) != one.suits.end();
    });
    if (suiting != templates.end())
        return *suiting;
    const auto same = std::find_if(templates.begin(), templates.end(),
                                   [&](const RecipeTemplate& one) { return one.recipe.dataset.kind == datasetKind; });
    return same == templates.end() ? templates.front() : *same;
}

}
