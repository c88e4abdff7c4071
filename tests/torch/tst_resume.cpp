// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/base/files.h"
#include "engine/core/base/random.h"
#include "engine/core/checkpoint/checkpoint_folder.h"
#include "engine/core/job/resume.h"
#include "engine/torch/checkpoint/checkpoint.h"
#include "engine/torch/torch_backend.h"

#include <ATen/ATen.h>
#include <QTemporaryDir>
#include <QTest>

#include <array>
#include <functional>
#include <map>

using namespace descent;

namespace {

namespace fs = std::filesystem;
using Values = std::map<std::pair<std::string, std::int64_t>, double>; // by series and step

/// What a run says that must be the same again: losses of every step and the figures of epochs. Accuracy on batches and the
/// rate are told by the clock.
struct Witness : RunObserver {
    Values values;
    std::vector<Message> messages;
    std::optional<RunEnded> ended;
    std::int64_t stepsPerEpoch = 0;
    std::function<void(const CheckpointWritten&)> onCheckpoint;

    void onEvent(const RunEvent& event) override
    {
        if (const auto* logged = std::get_if<MetricsLogged>(&event))
            for (const MetricPoint& point : logged->points)
                if (point.series == "loss/train" || point.series.ends_with("/validation"))
                    values[{point.series, point.step}] = point.value;
        if (const auto* started = std::get_if<RunStarted>(&event))
            stepsPerEpoch = started->stepsPerEpoch;
        if (const auto* message = std::get_if<Message>(&event))
            messages.push_back(*message);
        if (const auto* end = std::get_if<RunEnded>(&event))
            ended = *end;
        if (const auto* written = std::get_if<CheckpointWritten>(&event); written && !written->best && onCheckpoint)
            onCheckpoint(*written);
    }
};

/// Sentences of made-up words, good where they hold more a's than o's.
std::string sentences()
{
    Random random{7};
    std::string csv = "text,label\n";
    for (int i = 0; i < 534; ++i) {
        int balance = 0;
        for (std::uint64_t word = 0, words = 3 + random.below(8); word < words; ++word) {
            const bool good = random.below(2) == 0;
            balance += good ? 1 : -1;
            csv += word ? " " : "";
            csv += good ? "ga" : "go";
            csv += static_cast<char>('b' + random.below(8));
        }
        csv += balance > 0 ? ",good\n" : ",bad\n";
    }
    return csv;
}

std::map<std::string, at::Tensor> tensorsOf(const fs::path& file)
{
    const Result<WeightsFile> weights = readWeights(file);
    if (!weights)
        throw std::runtime_error{english(weights.problems.front())};
    std::map<std::string, at::Tensor> tensors;
    for (const StoredTensor& one : weights->view.tensors)
        tensors.emplace(one.name, tensorOf(one));
    return tensors;
}

fs::path pointAt(const fs::path& run, std::int64_t step)
{
    return checkpointFolder(run) / ("step-" + std::to_string(step) + ".json");
}

/// What must be equal of two checkpoints: everything but the time they took.
TrainingState withoutTime(TrainingState state)
{
    state.seconds = 0;
    return state;
}

}

class TestResume : public QObject {
    Q_OBJECT
    TorchBackend m_backend;
    QTemporaryDir m_folder;

    fs::path path(const std::string& name) { return fs::path{m_folder.path().toStdString()} / name; }

    /// A recipe of 60 steps in three epochs, in which the schedule changes the rate.
    Recipe sixtySteps(const std::string& network)
    {
        Recipe recipe = findRecipeTemplate(network == "small-cnn" ? "drawn-digits" : "spirals")->recipe;
        const auto set = [&](const std::string& name, const std::string& value) {
            const Problems problems = setByPath(recipe, name, value);
            if (!problems.empty())
                throw std::runtime_error{english(problems.front())};
        };
        if (network == "mlp") {
            set("dataset.samples", "534");
            set("architecture.hidden", "8");
            set("architecture.dropout", "0.3");
        } else if (network == "small-cnn") {
            set("dataset.samples", "360");
            set("architecture.width", "2");
            set("architecture.blocks", "2");
            set("architecture.dropout", "0.2");
            set("preprocessing.crop", "2");
        } else {
            set("dataset.kind", network == "gpt" ? "corpus" : "text-table");
            set("dataset.path", path(network == "gpt" ? "corpus.txt" : "texts.csv").string());
            if (network != "gpt") {
                set("dataset.target", "label");
                set("dataset.text", "text");
            }
            set("architecture.kind", network);
            if (network == "gpt")
                set("task.kind", "language-modelling");
        }
        set("training.batchSize", "16");
        set("training.epochs", "3");
        set("training.schedule", "step");
        set("training.stepEpochs", "2");
        set("training.threads", "2");
        return recipe;
    }

    PreparedTraining prepared(const Recipe& recipe)
    {
        Result<PreparedTraining> training = prepareTraining(recipe, m_backend, {});
        if (!training)
            throw std::runtime_error{english(training.problems.front())};
        return std::move(*training.value);
    }

    TrainingRequest request(const PreparedTraining& training, const fs::path& folder, std::optional<ResumePoint> point = {})
    {
        fs::create_directories(folder);
        return {training.recipe, training.task, training.data, training.network, folder, 1, {}, std::move(point)};
    }

private Q_SLOTS:
    void initTestCase()
    {
        writeFileAtomically(path("texts.csv"), sentences());
        writeFileAtomically(path("corpus.txt"), sentences());
    }

    void goesOnAtEveryStepAsIfItHadNeverStopped_data()
    {
        QTest::addColumn<QString>("network");
        QTest::addColumn<QString>("optimizer");
        QTest::addColumn<QStringList>("settings");
        const auto row = [](const char* network, const char* optimizer, const QStringList& settings = {}) {
            QTest::addRow("%s, %s %s", network, optimizer, qPrintable(settings.join(' '))) << QString{network} << QString{optimizer} << settings;
        };
        const ParameterSchema* optimizer = findParameter(trainingSchema(), "optimizer");
        for (const auto& choice : optimizer->choices)
            row("mlp", choice.id.c_str());
        row("small-cnn", "sgd");
        row("small-cnn", "adamw");
        for (const char* network : {"lstm", "transformer-encoder"})
            row(network, "adamw");
        row("mlp", "sgd", {"schedule=plateau", "plateauPatience=0", "plateauThreshold=0.5"}); // falls after every epoch but the first
        row("small-cnn", "adamw", {"mixup=0.4", "cutmix=1", "erasing=0.5"});
        row("small-cnn", "adamw", {"precision=bfloat16"});
        row("mlp", "adamw", {"averaging=ema", "averageDecay=0.9", "averageFrom=1"});
        row("small-cnn", "sgd", {"averaging=swa", "averageFrom=1"});
        row("mlp", "adamw", {"batchSize=5", "accumulation=3"}); // which does not divide the batches of an epoch
    }
    /// A kill after every step, and a learning rate that a person typed in the middle.
    void goesOnAtEveryStepAsIfItHadNeverStopped()
    {
        QFETCH(QString, network);
        QFETCH(QString, optimizer);
        Recipe recipe = sixtySteps(network.toStdString());
        setByPath(recipe, "training.optimizer", optimizer.toStdString());
        QFETCH(QStringList, settings);
        for (const QString& setting : settings) {
            const QStringList parts = setting.split('=');
            QVERIFY(setByPath(recipe, "training." + parts[0].toStdString(), parts[1].toStdString()).empty());
        }
        setByPath(recipe, "training.checkpointEvery", "0");
        setByPath(recipe, "training.keptCheckpoints", "1000");
        const PreparedTraining training = prepared(recipe);
        const fs::path whole = path((network + optimizer + settings.join('-')).toStdString());
        constexpr std::int64_t typedAt = 33;
        constexpr double typedRate = 3e-4;

        RunControl control;
        Witness uninterrupted;
        uninterrupted.onCheckpoint = [&](const CheckpointWritten& written) {
            if (written.step == typedAt)
                control.requestLearningRate(typedRate);
        };
        m_backend.train(request(training, whole), control, uninterrupted);
        QVERIFY(uninterrupted.ended->status == RunStatus::completed);
        const std::int64_t steps = 3 * uninterrupted.stepsPerEpoch;
        QVERIFY2(steps >= 57 && steps <= 66, qPrintable(QString::number(steps)));
        const auto wanted = tensorsOf(whole / "checkpoints" / ("step-" + std::to_string(steps) + ".safetensors"));
        const Result<ResumePoint> wantedPoint = readCheckpoint(pointAt(whole, steps));
        QVERIFY(wantedPoint);
        const auto wantedBest = tensorsOf(whole / "best.safetensors");

        Recipe quietly = recipe; // what was written before is what counts here
        setByPath(quietly, "training.checkpointEvery", "1000");
        PreparedTraining again = training;
        again.recipe = quietly;
        for (std::int64_t step = 1; step < steps; ++step) {
            const Result<ResumePoint> point = readCheckpoint(pointAt(whole, step));
            QVERIFY2(point, point.problems.empty() ? "" : english(point.problems.front()).c_str());
            const fs::path folder = path("resumed");
            fs::remove_all(folder);
            RunControl again_;
            Witness resumed;
            if (step == typedAt)
                again_.requestLearningRate(typedRate);
            if (step < typedAt) { // as often as it is asked for, but for once
                PreparedTraining noisy = training;
                resumed.onCheckpoint = [&](const CheckpointWritten& written) {
                    if (written.step == typedAt)
                        again_.requestLearningRate(typedRate);
                };
                m_backend.train(request(noisy, folder, *point), again_, resumed);
            } else {
                m_backend.train(request(again, folder, *point), again_, resumed);
            }
            QVERIFY2(resumed.ended->status == RunStatus::completed, english(resumed.ended->reason).c_str());
            const auto message = [&](const std::string& what) { return QStringLiteral("step %1: %2").arg(step).arg(QString::fromStdString(what)).toUtf8(); };
            for (const auto& [key, value] : uninterrupted.values)
                if (key.second > step) {
                    const auto found = resumed.values.find(key);
                    QVERIFY2(found != resumed.values.end(), message(key.first).constData());
                    QVERIFY2(found->second == value, message(key.first + " at " + std::to_string(key.second)).constData());
                }
            const Result<ResumePoint> end = newestCheckpoint(folder);
            QVERIFY(end);
            QVERIFY2(withoutTime(end->state) == withoutTime(wantedPoint->state), message("state").constData());
            const auto got = tensorsOf(end->tensors), best = tensorsOf(folder / "best.safetensors");
            QCOMPARE(got.size(), wanted.size());
            for (const auto& [name, value] : wanted)
                QVERIFY2(at::equal(got.at(name), value), message(name).constData());
            for (const auto& [name, value] : wantedBest)
                QVERIFY2(at::equal(best.at(name), value), message("best " + name).constData());
            QCOMPARE(resumed.ended->test, uninterrupted.ended->test);
        }
    }

    /// Batches that threads share out, and windows drawn from a corpus.
    void goesOnWhereThreadsShareABatch()
    {
        Recipe recipe = sixtySteps("gpt");
        setByPath(recipe, "training.checkpointEvery", "0");
        setByPath(recipe, "training.keptCheckpoints", "1000");
        setByPath(recipe, "architecture.dropout", "0.1");
        setByPath(recipe, "training.epochs", "2");
        const PreparedTraining training = prepared(recipe);
        RunControl control;
        Witness uninterrupted;
        m_backend.train(request(training, path("gpt")), control, uninterrupted);
        QVERIFY2(uninterrupted.ended->status == RunStatus::completed, english(uninterrupted.ended->reason).c_str());
        const std::int64_t steps = 2 * uninterrupted.stepsPerEpoch;
        const auto wanted = tensorsOf(newestCheckpoint(path("gpt"))->tensors);
        for (const std::int64_t step : {std::int64_t{1}, steps / 2, steps - 1}) {
            RunControl again;
            Witness resumed;
            fs::remove_all(path("gpt-resumed"));
            m_backend.train(request(training, path("gpt-resumed"), *readCheckpoint(pointAt(path("gpt"), step))), again, resumed);
            for (const auto& [name, value] : tensorsOf(newestCheckpoint(path("gpt-resumed"))->tensors))
                QVERIFY2(at::equal(wanted.at(name), value), name.c_str());
        }
    }

    void aStopIsAPlaceToGoOnFrom()
    {
        Recipe recipe = sixtySteps("small-cnn");
        const PreparedTraining training = prepared(recipe);
        RunControl control;
        Witness uninterrupted;
        m_backend.train(request(training, path("never-stopped")), control, uninterrupted);
        const auto wanted = tensorsOf(newestCheckpoint(path("never-stopped"))->tensors);
        Recipe stepwise = recipe;
        setByPath(stepwise, "training.checkpointEvery", "0");
        PreparedTraining watched = training;
        watched.recipe = stepwise;
        std::optional<ResumePoint> point;
        for (const std::int64_t stopAt : {7, 20, 21, 40, 55, 1000}) { // one run, stopped again and again
            RunControl control_;
            Witness witness;
            witness.onCheckpoint = [&](const CheckpointWritten& written) {
                if (written.step == stopAt)
                    control_.requestStop();
            };
            m_backend.train(request(watched, path("stopped"), point), control_, witness);
            QVERIFY(witness.ended->status == (stopAt == 1000 ? RunStatus::completed : RunStatus::stopped));
            point = *newestCheckpoint(path("stopped"));
            if (stopAt < 1000)
                QCOMPARE(point->state.step, stopAt);
        }
        for (const auto& [name, value] : tensorsOf(point->tensors))
            QVERIFY2(at::equal(wanted.at(name), value), name.c_str());
    }

    void aDamagedNewestGivesWayToTheOneBefore()
    {
        Recipe recipe = sixtySteps("mlp");
        setByPath(recipe, "training.checkpointEvery", "0");
        setByPath(recipe, "training.keptCheckpoints", "3");
        RunControl control;
        Witness witness;
        const fs::path run = path("damaged");
        m_backend.train(request(prepared(recipe), run), control, witness);
        const std::int64_t last = newestCheckpoint(run)->state.step;
        QVERIFY(readCheckpoint(pointAt(run, last - 2)));
        QVERIFY(!fs::exists(pointAt(run, last - 3)));
        fs::path tensors = pointAt(run, last);
        tensors.replace_extension(".safetensors");
        std::string content = readFile(tensors, 1 << 24);
        content[content.size() - 9] = static_cast<char>(content[content.size() - 9] ^ 1); // one bit of one weight
        writeFileAtomically(tensors, content);
        Result<ResumePoint> found = newestCheckpoint(run);
        QVERIFY(found);
        QCOMPARE(found->state.step, last - 1);
        QCOMPARE(found.problems.size(), std::size_t{1});
        QVERIFY(found.problems.front().path.find(tensors.filename().string()) != std::string::npos);
        // And a number in the JSON.
        std::string json = readFile(pointAt(run, last - 1), 1 << 20);
        const std::size_t at = json.find("\"samples\": ") + 11;
        json[at] = json[at] == '9' ? '8' : '9';
        writeFileAtomically(pointAt(run, last - 1), json);
        found = newestCheckpoint(run);
        QVERIFY(found);
        QCOMPARE(found->state.step, last - 2);
        fs::remove(pointAt(run, last - 2));
        found = newestCheckpoint(run);
        QVERIFY(!found);
        QCOMPARE(found.problems.size(), std::size_t{3});
    }

    void statesComeBackFromJsonAsTheyWere()
    {
        TrainingState state{.step = 12, .epoch = 3, .batch = 4, .judgedEpoch = 2, .seconds = 0.1 + 0.2, .requestedRate = 1e-300};
        state.bestValidation = {{"loss", std::numeric_limits<double>::quiet_NaN()}, {"a \"b\"", -std::numeric_limits<double>::infinity()}};
        state.taken = {"层.weight"};
        state.stepsPerEpoch = 4;
        const Result<TrainingState> back = trainingStateFromJson(toJson(state));
        QVERIFY(back);
        QVERIFY(std::isnan(back->bestValidation.at("loss")));
        QCOMPARE(back->seconds, state.seconds);
        QCOMPARE(toJson(*back), toJson(state));
        QVERIFY(!trainingStateFromJson("{}"));
        QVERIFY(!trainingStateFromJson("[1"));
    }

    /// What a person does: stop, go on, learn for longer, branch off; in one history.
    void aRunOfTheHistoryGoesOn()
    {
        const fs::path store = path("store");
        Recipe recipe = sixtySteps("mlp");
        setByPath(recipe, "training.schedule", "constant");
        setByPath(recipe, "training.epochs", "6");
        setByPath(recipe, "training.checkpointEvery", "0");
        const auto finish = [&](PreparedTraining training, std::int64_t stopAt = 0) {
            TrainingJob job{std::move(training), m_backend, {.folder = store}};
            if (stopAt > 0) {
                QTest::qWait(0);
                while (!job.finished()) {
                    for (const MetricPoint& point : job.feed().take().points)
                        if (point.step >= stopAt)
                            job.control().requestStop();
                    std::this_thread::yield();
                }
            }
            job.wait();
            return job.run();
        };
        const RunId whole = finish(prepared(recipe));
        const RunId stopped = finish(prepared(recipe), 5);
        RunStore history{store};
        QVERIFY(history.run(stopped)->summary.status == RunStatus::stopped);
        const Result<PreparedTraining> onward = prepareResume(store, stopped, {}, m_backend, {});
        QVERIFY2(onward, onward.problems.empty() ? "" : english(onward.problems.front()).c_str());
        QCOMPARE(finish(*onward), stopped);
        const auto same = [&](RunId a, RunId b, const std::string& series) {
            const auto x = history.points(a, series), y = history.points(b, series);
            return !x.empty() && std::equal(x.begin(), x.end(), y.begin(), y.end(), [](const SeriesPoint& p, const SeriesPoint& q) {
                return p.step == q.step && p.value == q.value;
            });
        };
        for (const char* series : {"loss/train", "loss/validation", "accuracy/validation"})
            QVERIFY2(same(whole, stopped, series), series);
        const RunSummary first = history.run(whole)->summary, second = history.run(stopped)->summary;
        QVERIFY(second.status == RunStatus::completed);
        QCOMPARE(second.test, first.test);
        QCOMPARE(second.best, first.best);
        QCOMPARE(history.thumbnails(std::array{stopped}).at(stopped), history.thumbnails(std::array{whole}).at(whole));
        QCOMPARE(second.step, first.step);

        // For longer: as a run that was to learn for so long from its beginning.
        QVERIFY(!prepareResume(store, stopped, {}, m_backend, {}));
        const Result<PreparedTraining> longer = prepareResume(store, stopped, 8, m_backend, {});
        QVERIFY(longer);
        finish(*longer);
        setByPath(recipe, "training.epochs", "8");
        const RunId eight = finish(prepared(recipe));
        QVERIFY(same(eight, stopped, "loss/train"));
        QVERIFY(same(eight, stopped, "loss/validation"));
        QCOMPARE(history.run(stopped)->summary.test, history.run(eight)->summary.test);

        // A branch keeps weights, optimizer and place, and begins a run of its own.
        Recipe branch = recipe;
        branch.start = {{"from", std::string{"branch"}}, {"run", whole}};
        const Result<PreparedTraining> branched = prepareTraining(branch, m_backend, {}, nullptr, store);
        QVERIFY2(branched, branched.problems.empty() ? "" : english(branched.problems.front()).c_str());
        const RunId child = finish(*branched);
        const auto continued = history.points(child, "loss/train"), reference = history.points(eight, "loss/train");
        QCOMPARE(continued.back().step, reference.back().step);
        QCOMPARE(continued.back().value, reference.back().value); // no option differs, so no number does
        QVERIFY(continued.front().step == first.step + 1);
        QCOMPARE(*history.run(child)->summary.parent, whole);
        setByPath(branch, "training.optimizer", "sgd");
        setByPath(branch, "training.batchSize", "8");
        const RunId other = finish(*prepareTraining(branch, m_backend, {}, nullptr, store));
        QVERIFY(history.run(other)->summary.status == RunStatus::completed);
        setByPath(branch, "architecture.hidden", "9");
        const Result<PreparedTraining> unfit = prepareTraining(branch, m_backend, {}, nullptr, store);
        QVERIFY(!unfit);
        QCOMPARE(unfit.problems.front().path, std::string{"start.run"});
        // Other data is no resume.
        QVERIFY(!prepareResume(store, 999, {}, m_backend, {}));
    }
};

QTEST_GUILESS_MAIN(TestResume)
#include "tst_resume.moc"
