// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/base/files.h"
#include "engine/core/checkpoint/safetensors.h"
#include "engine/core/job/find_start.h"
#include "engine/core/job/training_job.h"
#include "engine/core/network/network_builder.h"
#include "engine/core/network/stages.h"
#include "engine/torch/checkpoint/checkpoint.h"
#include "engine/torch/checkpoint/take_over.h"
#include "engine/torch/torch_backend.h"
#include "engine/torch/train/prototypes.h"

#include <ATen/CPUGeneratorImpl.h>
#include <QTemporaryDir>
#include <QTest>
#include <torch/torch.h>

#include <algorithm>
#include <limits>
#include <map>
#include <set>
#include <sstream>

using namespace descent;

namespace {

at::Generator seeded(std::uint64_t seed)
{
    return at::detail::createCPUGenerator(seed);
}

NetworkSpec resnet18(std::int64_t classes)
{
    return *findArchitecture("resnet18")->build({{"stem", std::string{"large"}}}, numbersFrom({3, 64, 64}, classes)).value;
}

std::map<std::string, at::Tensor> stateByName(const torch::nn::Module& network)
{
    std::map<std::string, at::Tensor> state;
    for (const auto& [name, tensor] : stateOf(network))
        state.emplace(name, tensor.detach().clone());
    return state;
}

/// The names and shapes of torchvision's ResNet-18 (references/resnet_parameters.txt), values drawn.
NamedTensors torchvisionsResnet18(at::ScalarType type)
{
    NamedTensors tensors;
    at::Generator generator = seeded(7);
    std::istringstream lines{readFile(SOURCE_DIR "/tests/torch/references/resnet_parameters.txt", 1 << 20)};
    for (std::string id, kind, name, shape; lines >> id >> kind >> name >> shape;) {
        if (id != "resnet18")
            continue;
        std::vector<std::int64_t> sizes;
        if (shape != "scalar") {
            std::istringstream parts{shape};
            for (std::string one; std::getline(parts, one, 'x');)
                sizes.push_back(std::stoll(one));
        }
        tensors.emplace_back(name, name.ends_with("num_batches_tracked") ? at::full({}, 5, at::kLong)
                                                                         : at::empty(sizes).uniform_(0.01, 1, generator).to(type));
    }
    return tensors;
}

StartOptions fromFile()
{
    StartOptions options;
    options.from = StartOptions::From::file;
    return options;
}

QStringList pathsOf(const Problems& problems)
{
    QStringList paths;
    for (const Problem& problem : problems)
        paths << QString::fromStdString(problem.path);
    return paths;
}

struct Ending : RunObserver {
    std::vector<RunEvent> events;
    void onEvent(const RunEvent& event) override { events.push_back(event); }
    template <typename Event>
    std::vector<Event> all() const
    {
        std::vector<Event> found;
        for (const RunEvent& event : events)
            if (const auto* one = std::get_if<Event>(&event))
                found.push_back(*one);
        return found;
    }
};

Recipe digits(const char* which)
{
    Recipe recipe = findRecipeTemplate("drawn-digits")->recipe;
    setByPath(recipe, "dataset.digits", which);
    setByPath(recipe, "dataset.samples", "400");
    setByPath(recipe, "architecture.width", "4");
    setByPath(recipe, "training.epochs", "1");
    setByPath(recipe, "training.threads", "1");
    return recipe;
}

}

class TestTransfer : public QObject {
    Q_OBJECT
    TorchBackend m_backend;
    std::unique_ptr<QTemporaryDir> m_folder;
    std::filesystem::path path(const char* name) const { return m_folder->filePath(name).toStdString(); }

    std::filesystem::path written(const NamedTensors& tensors, const std::map<std::string, std::string>& metadata = {}) const
    {
        writeCheckpoint(m_folder->path().toStdString(), "weights.safetensors", tensors, metadata, 0, false);
        return path("weights.safetensors");
    }

    Result<TakeOver> taken(const std::filesystem::path& file, const NetworkSpec& spec, const StartOptions& options, GraphNetwork& network,
                           const std::vector<std::string>& classes = {}) const
    {
        return takeOver(file, options, spec, {classes, {}}, network);
    }

    Ending train(const Recipe& recipe, const std::filesystem::path& folder)
    {
        std::filesystem::create_directories(folder);
        auto training = prepareTraining(recipe, m_backend, {}, nullptr, m_folder->path().toStdString());
        if (!training)
            throw std::runtime_error{english(training.problems.front())};
        Ending ending;
        RunControl control;
        m_backend.train({training->recipe, training->task, training->data, training->network, folder, 1, training->start}, control, ending);
        return ending;
    }

    std::map<std::string, at::Tensor> stored(const std::filesystem::path& file) const
    {
        const auto weights = readWeights(file);
        std::map<std::string, at::Tensor> tensors;
        for (const StoredTensor& tensor : weights->view.tensors)
            tensors.emplace(tensor.name, tensorOf(tensor));
        return tensors;
    }

private Q_SLOTS:
    void initTestCase() { at::set_num_threads(1); }
    void init() { m_folder = std::make_unique<QTemporaryDir>(); }

    void torchvisionsResnetIsTakenOverAndItsHeadLeft_data()
    {
        QTest::addColumn<int>("type");
        QTest::newRow("float32") << static_cast<int>(at::kFloat);
        QTest::newRow("float16") << static_cast<int>(at::kHalf);
        QTest::newRow("bfloat16") << static_cast<int>(at::kBFloat16);
        QTest::newRow("float64") << static_cast<int>(at::kDouble);
    }
    void torchvisionsResnetIsTakenOverAndItsHeadLeft()
    {
        QFETCH(int, type);
        const NamedTensors tensors = torchvisionsResnet18(static_cast<at::ScalarType>(type));
        QCOMPARE(tensors.size(), std::size_t{122});
        const NetworkSpec spec = resnet18(10);
        GraphNetwork network{spec, seeded(1)};
        const auto before = stateByName(network);
        const auto takeOver = taken(written(tensors), spec, fromFile(), network);
        QVERIFY2(takeOver.value.has_value(), takeOver ? "" : english(takeOver.problems.front()).c_str());
        QCOMPARE(takeOver->taken.size(), std::size_t{120});
        QCOMPARE(takeOver->fresh, (std::vector<std::string>{"fc.weight", "fc.bias"}));
        const auto after = stateByName(network);
        for (const auto& [name, value] : tensors)
            QVERIFY2(at::equal(after.at(name), name.starts_with("fc.") ? before.at(name) : value.to(after.at(name).scalar_type())), name.c_str());
    }

    void theWholeHeadIsTakenWhereItFitsAndNotWhereItShallBeFresh()
    {
        const auto file = written(torchvisionsResnet18(at::kFloat));
        const NetworkSpec spec = resnet18(1000);
        GraphNetwork network{spec, seeded(1)};
        QCOMPARE(taken(file, spec, fromFile(), network)->taken.size(), std::size_t{122});
        StartOptions fresh = fromFile();
        fresh.head = StartOptions::Head::fresh;
        QCOMPARE(taken(file, spec, fresh, network)->fresh.size(), std::size_t{2});
    }

    void countsOfBatchesMayBeMissing()
    {
        NamedTensors tensors = torchvisionsResnet18(at::kFloat);
        std::erase_if(tensors, [](const auto& one) { return one.first.ends_with("num_batches_tracked"); });
        const NetworkSpec spec = resnet18(10);
        GraphNetwork network{spec, seeded(1)};
        QCOMPARE(taken(written(tensors), spec, fromFile(), network)->taken.size(), std::size_t{100});
    }

    void allThatDoesNotFitIsListedAndNothingIsTaken()
    {
        NamedTensors tensors = torchvisionsResnet18(at::kFloat);
        std::erase_if(tensors, [](const auto& one) { return one.first == "bn1.weight" || one.first == "layer2.0.conv1.weight"; });
        for (auto& [name, tensor] : tensors)
            if (name == "conv1.weight")
                tensor = at::ones({64, 1, 7, 7});
        tensors.emplace_back("layer5.0.conv1.weight", at::ones({2, 2}));
        const auto file = written(tensors);
        const NetworkSpec spec = resnet18(10);
        GraphNetwork network{spec, seeded(1)};
        const auto before = stateByName(network);
        const auto takeOver = taken(file, spec, fromFile(), network);
        QVERIFY(!takeOver);
        QStringList paths = pathsOf(takeOver.problems);
        QCOMPARE(paths.takeFirst(), QString{"start.file"});
        std::sort(paths.begin(), paths.end());
        QCOMPARE(paths, (QStringList{"bn1.weight", "conv1.weight", "layer2.0.conv1.weight", "layer5.0.conv1.weight"}));
        const std::string first = english(takeOver.problems.front());
        QVERIFY2(first.find("2 missing, 1 of another size, 1 too many") != std::string::npos, first.c_str());
        QVERIFY(std::any_of(takeOver.problems.begin(), takeOver.problems.end(),
                            [](const Problem& p) { return english(p).find("64x1x7x7") != std::string::npos && english(p).find("64x3x7x7") != std::string::npos; }));
        for (const auto& [name, value] : stateByName(network))
            QVERIFY(at::equal(value, before.at(name)));

        StartOptions fitting = fromFile();
        fitting.takeWhatFits = true;
        const auto some = taken(file, spec, fitting, network);
        QVERIFY(some);
        QCOMPARE(some->taken.size(), std::size_t{117});
        QCOMPARE(some->fresh.size(), std::size_t{5});
    }

    void anotherNetworksFileDoesNotPassForFitting()
    {
        StartOptions fitting = fromFile();
        fitting.takeWhatFits = true;
        const NetworkSpec spec = resnet18(10);
        GraphNetwork network{spec, seeded(1)};
        const auto takeOver = taken(written({{"encoder.weight", at::ones({3})}}), spec, fitting, network);
        QVERIFY(!takeOver);
        QCOMPARE(takeOver.problems.front().path, std::string{"start.take"});
    }

    void hostileValuesAreRefused_data()
    {
        QTest::addColumn<int>("kind");
        QTest::newRow("not a number") << 0;
        QTest::newRow("infinite") << 1;
        QTest::newRow("too large for float32") << 2;
        QTest::newRow("whole numbers") << 3;
        QTest::newRow("bytes") << 4;
    }
    void hostileValuesAreRefused()
    {
        QFETCH(int, kind);
        NetworkBuilder net{Shape{4}};
        net.linear("fc1", 3);
        net.linear("head", 2);
        const NetworkSpec spec = *std::move(net).build().value;
        const at::Tensor values[] = {at::full({3, 4}, std::numeric_limits<float>::quiet_NaN()), at::full({3, 4}, std::numeric_limits<float>::infinity()),
                                     at::full({3, 4}, 1e300, at::kDouble), at::ones({3, 4}, at::kLong), at::ones({3, 4}, at::kByte)};
        GraphNetwork network{spec, seeded(1)};
        for (const bool whatFits : {false, true}) {
            StartOptions options = fromFile();
            options.takeWhatFits = whatFits;
            const auto takeOver = taken(written({{"fc1.weight", values[kind]}, {"fc1.bias", at::ones({3})}}), spec, options, network);
            QVERIFY(!takeOver);
            QVERIFY(pathsOf(takeOver.problems).contains("fc1.weight"));
        }
    }

    void aDamagedFileIsAProblem()
    {
        const NetworkSpec spec = resnet18(10);
        GraphNetwork network{spec, seeded(1)};
        const std::string whole = readFile(written(torchvisionsResnet18(at::kHalf)), std::size_t{1} << 30);
        for (const std::size_t size : {std::size_t{0}, std::size_t{7}, std::size_t{1000}, whole.size() - 1}) {
            writeFileAtomically(path("cut.safetensors"), std::string_view{whole}.substr(0, size));
            QVERIFY(!taken(path("cut.safetensors"), spec, fromFile(), network));
        }
        QVERIFY(!taken(path("none.safetensors"), spec, fromFile(), network));
        QVERIFY(!findStart({.from = StartOptions::From::file, .file = path("none.safetensors").string()}, m_folder->path().toStdString()));
    }

    void theHeadIsKeptForTheSameClassesAlone()
    {
        NetworkBuilder net{Shape{4}};
        net.linear("fc1", 3);
        net.linear("head", 2);
        const NetworkSpec spec = *std::move(net).build().value;
        GraphNetwork network{spec, seeded(1)};
        const auto file = written(stateOf(network), writtenMeanings({{"cat", "dog"}, {}}));
        QVERIFY(taken(file, spec, fromFile(), network, {"cat", "dog"})->fresh.empty());
        QCOMPARE(taken(file, spec, fromFile(), network, {"dog", "cat"})->fresh, (std::vector<std::string>{"head.weight", "head.bias"}));
    }

    void vectorsOfOtherWordsBeginFresh()
    {
        NetworkInput tokens{.kind = NetworkInput::Kind::tokens, .shape = {6}, .vocabulary = 9};
        NetworkBuilder net{std::vector<NetworkInput>{tokens}};
        net.embedding("words", 9, 4);
        net.sequencePool("pool");
        net.linear("head", 2);
        const NetworkSpec spec = *std::move(net).build().value;
        GraphNetwork network{spec, seeded(1)};
        const auto file = written(stateOf(network), writtenMeanings({{"good", "bad"}, "these words"}));
        const auto fresh = [&](const Meanings& meanings) {
            GraphNetwork other{spec, seeded(2)};
            return takeOver(file, fromFile(), spec, meanings, other)->fresh;
        };
        QVERIFY(fresh({{"good", "bad"}, "these words"}).empty());
        QCOMPARE(fresh({{"good", "bad"}, "others"}), (std::vector<std::string>{"words.weight"}));
        QCOMPARE(fresh({{"yes", "no"}, "others"}).size(), std::size_t{3});
        // A head that gives tokens gives others then.
        QCOMPARE(fresh({{}, "others"}).size(), std::size_t{3});
    }

    void frozenStagesAreBitEqualAfterTraining()
    {
        train(digits("low"), path("parent"));
        Recipe recipe = digits("high");
        setByPath(recipe, "start.from", "file");
        setByPath(recipe, "start.file", path("parent").string());
        setByPath(recipe, "start.freeze", "block2");
        setByPath(recipe, "training.epochs", "2");
        const Ending ending = train(recipe, path("child"));
        QVERIFY(ending.all<RunEnded>().front().status == RunStatus::completed);
        const auto parent = stored(path("parent") / "best.safetensors"), child = stored(newestCheckpoint(path("child"))->tensors);
        std::set<std::string> equal, changed;
        for (const auto& [name, value] : parent)
            (at::equal(value, child.at(name)) ? equal : changed).insert(name.substr(0, name.find('.')));
        // Weights, running statistics and counts of batches: all of the frozen blocks, nothing of what learns.
        QCOMPARE(equal, (std::set<std::string>{"block1", "block2"}));
        QVERIFY(changed.contains("block3") && changed.contains("head") && changed.size() == 2);
        QVERIFY(!child.contains("optimizer/block1.conv.weight.mean") && child.contains("optimizer/block3.conv.weight.mean"));
    }

    void withoutFreezingAllChanges()
    {
        train(digits("low"), path("parent"));
        Recipe recipe = digits("high");
        setByPath(recipe, "start.from", "file");
        setByPath(recipe, "start.file", path("parent").string());
        train(recipe, path("child"));
        const auto parent = stored(path("parent") / "best.safetensors"), child = stored(newestCheckpoint(path("child"))->tensors);
        for (const auto& [name, value] : parent)
            QVERIFY2(!at::equal(value, child.at(name)), name.c_str());
    }

    void aNetworkIsJudgedBeforeItsFirstStep()
    {
        train(digits("low"), path("parent"));
        Recipe recipe = digits("low");
        setByPath(recipe, "start.from", "file");
        setByPath(recipe, "start.file", path("parent").string());
        setByPath(recipe, "training.epochs", "0");
        const Ending ending = train(recipe, path("child"));
        QCOMPARE(ending.all<EpochFinished>().size(), std::size_t{1});
        QCOMPARE(ending.all<EpochFinished>().front().epoch, std::int64_t{0});
        const auto parent = stored(path("parent") / "best.safetensors"), child = stored(path("child") / "best.safetensors");
        for (const auto& [name, value] : parent)
            QVERIFY(at::equal(value, child.at(name)));
        QVERIFY(!ending.all<RunEnded>().front().test.empty());
    }

    void nothingLearnsInNoEpochFromNothing()
    {
        Recipe recipe = digits("low");
        setByPath(recipe, "training.epochs", "0");
        const auto problems = validate(recipe);
        QCOMPARE(pathsOf(problems), QStringList{"training.epochs"});
    }

    void prototypesNameTheNearestMean()
    {
        Recipe recipe = digits("low");
        setByPath(recipe, "split.perClass", "3");
        setByPath(recipe, "training.batchSize", "15");
        const auto training = prepareTraining(recipe, m_backend, {});
        QVERIFY2(training, training.problems.empty() ? "" : english(training.problems.front()).c_str());
        QCOMPARE(training->data->split.train.size(), std::size_t{15});
        GraphNetwork network{training->network, seeded(3)};
        const DeviceSamples samples{training->data, DeviceSamples::Part::train, at::kCPU};
        fillPrototypes(network, training->network, samples, training->data->split.train);
        network.eval();
        const torch::NoGradGuard guard;
        const std::string embedding = training->network.layers[static_cast<std::size_t>(embeddingLayer(training->network))].name;
        const Batch shots = samples.gather(training->data->split.train), others = samples.gather(training->data->split.validation);
        const at::Tensor features = network.valueOf(embedding, shots.inputs).to(at::kDouble);
        std::vector<at::Tensor> means;
        for (std::int64_t c = 0; c < 5; ++c)
            means.push_back(features.index({shots.targets == c}).mean(0));
        const at::Tensor distances = at::cdist(network.valueOf(embedding, others.inputs).to(at::kDouble), at::stack(means));
        QVERIFY(at::equal(network.forward(others.inputs).argmax(1), distances.argmin(1)));
    }

    void aClassWithoutSamplesHasNoPrototype()
    {
        Recipe recipe = digits("low");
        const auto training = prepareTraining(recipe, m_backend, {});
        PreparedData data = *training->data;
        const auto& classes = data.dataset->train.targets.classes;
        std::erase_if(data.split.train, [&](std::int64_t row) { return classes[static_cast<std::size_t>(row)] == 2; });
        StartOptions options = fromFile();
        options.head = StartOptions::Head::prototypes;
        train(recipe, path("parent"));
        const Problems problems = checkStart({.file = path("parent") / "best.safetensors"}, options, training->network, data, m_backend);
        QCOMPARE(pathsOf(problems), QStringList{"start.head"});
        QVERIFY(english(problems.front()).find("\"2\"") != std::string::npos);
    }

    void theSameStartGivesTheSameNumbers()
    {
        train(digits("low"), path("parent"));
        Recipe recipe = digits("high");
        setByPath(recipe, "start.from", "file");
        setByPath(recipe, "start.file", path("parent").string());
        setByPath(recipe, "start.head", "prototypes");
        setByPath(recipe, "start.trunkRate", "0.1");
        const Ending first = train(recipe, path("a")), second = train(recipe, path("b"));
        QCOMPARE(first.all<EpochFinished>().back().metrics, second.all<EpochFinished>().back().metrics);
    }
};

QTEST_GUILESS_MAIN(TestTransfer)
#include "tst_transfer.moc"
