// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/base/checksum.h"
#include "engine/core/backend/backend.h"
#include "engine/core/base/files.h"
#include "engine/core/checkpoint/safetensors.h"
#include "engine/core/job/training_job.h"
#include "engine/core/network/custom/custom.h"
#include "engine/torch/checkpoint/checkpoint.h"
#include "engine/torch/torch_backend.h"
#include "engine/torch/train/evaluation.h"

#include <QTemporaryDir>
#include <QTest>
#include <cmath>
#include <ATen/CPUGeneratorImpl.h>
#include <functional>
#include <numeric>
#include <thread>

using namespace descent;

namespace {

/// Keeps every event, and may act on one as it comes.
class Collector : public RunObserver
{
public:
    std::function<void(const RunEvent&)> reaction;
    std::vector<MetricPoint> points;
    std::vector<EpochFinished> epochs;
    std::vector<CheckpointWritten> checkpoints;
    std::vector<PredictionPreview> previews;
    std::vector<DecisionSurface> surfaces;
    std::vector<ScoreHistogram> histograms;
    std::vector<Message> messages;
    std::optional<RunStarted> started;
    std::optional<RunEnded> ended;
    Progress progress;

    void onEvent(const RunEvent& event) override
    {
        if (const auto* e = std::get_if<MetricsLogged>(&event))
            points.insert(points.end(), e->points.begin(), e->points.end());
        else if (const auto* one = std::get_if<EpochFinished>(&event))
            epochs.push_back(*one);
        else if (const auto* written = std::get_if<CheckpointWritten>(&event))
            checkpoints.push_back(*written);
        else if (const auto* preview = std::get_if<Preview>(&event)) {
            if (const auto* samples = std::get_if<PredictionPreview>(preview))
                previews.push_back(*samples);
            else if (const auto* surface = std::get_if<DecisionSurface>(preview))
                surfaces.push_back(*surface);
            else if (const auto* histogram = std::get_if<ScoreHistogram>(preview))
                histograms.push_back(*histogram);
        }
        else if (const auto* message = std::get_if<Message>(&event))
            messages.push_back(*message);
        else if (const auto* first = std::get_if<RunStarted>(&event))
            started = *first;
        else if (const auto* last = std::get_if<RunEnded>(&event))
            ended = *last;
        else if (const auto* now = std::get_if<Progress>(&event))
            progress = *now;
        if (reaction)
            reaction(event);
    }

    std::vector<std::pair<std::int64_t, double>> series(const std::string& name) const
    {
        std::vector<std::pair<std::int64_t, double>> values;
        for (const MetricPoint& point : points)
            if (point.series == name)
                values.emplace_back(point.step, point.value);
        return values;
    }
};

Recipe smallRecipe()
{
    Recipe recipe = findRecipeTemplate("spirals")->recipe;
    setByPath(recipe, "dataset.kind", "moons");
    setByPath(recipe, "dataset.samples", "400");
    setByPath(recipe, "training.epochs", "5");
    return recipe;
}

}

class TestTrainer : public QObject
{
    Q_OBJECT
    TorchBackend m_backend;
    QTemporaryDir m_folder;

    Collector train(const Recipe& recipe, RunControl& control, std::function<void(const RunEvent&)> reaction = {})
    {
        Collector collector;
        collector.reaction = std::move(reaction);
        const auto training = prepareTraining(recipe, m_backend, {});
        if (!training)
            throw std::runtime_error{english(training.problems.front())};
        m_backend.train({training->recipe, training->task, training->data, training->network, m_folder.path().toStdString(), 1}, control, collector);
        return collector;
    }
    Collector train(const Recipe& recipe)
    {
        RunControl control;
        return train(recipe, control);
    }

private Q_SLOTS:
    /// Written down layer by layer, a network has the same weights from the same seed, and learns the same.
    void aNetworkOpenedAsLayersTrainsTheSame_data()
    {
        QTest::addColumn<QString>("architecture");
        for (const char* id : {"small-cnn", "resnet18", "vision-transformer"})
            QTest::newRow(id) << QString{id};
    }
    void aNetworkOpenedAsLayersTrainsTheSame()
    {
        QFETCH(QString, architecture);
        Recipe recipe = findRecipeTemplate("drawn-digits")->recipe;
        recipe.architecture = {architecture.toStdString(), {}};
        if (architecture == "resnet18")
            recipe.architecture.parameters["width"] = std::int64_t{8};
        setByPath(recipe, "dataset.samples", "200");
        setByPath(recipe, "training.epochs", "1");
        const auto named = train(recipe).series("loss/train");
        const Result<Parameters> opened = openAsCustom(*findArchitecture(recipe.architecture.kind), recipe.architecture.parameters, numbersFrom({1, 28, 28}, 10));
        QVERIFY(opened);
        recipe.architecture = {customArchitecture, *opened};
        QVERIFY(!named.empty());
        QVERIFY(train(recipe).series("loss/train") == named); // bit for bit
    }

    void itLearnsTheMoons()
    {
        Recipe recipe = smallRecipe();
        setByPath(recipe, "training.epochs", "30");
        const Collector run = train(recipe);
        QVERIFY(run.ended->status == RunStatus::completed);
        QVERIFY(run.ended->test.at("accuracy") >= 0.95);
        QCOMPARE(run.epochs.size(), 30U);
        QVERIFY(run.started->stepsPerEpoch * 30 == run.series("loss/train").back().first);
    }

    void theSameSeedGivesTheSameNumbers()
    {
        const Collector first = train(smallRecipe()), second = train(smallRecipe());
        QVERIFY(!first.series("loss/train").empty());
        QCOMPARE(first.series("loss/train"), second.series("loss/train"));
        QCOMPARE(first.series("accuracy/validation"), second.series("accuracy/validation"));
        QCOMPARE(first.ended->test, second.ended->test);
    }

    void anotherSeedGivesOtherNumbers()
    {
        Recipe other = smallRecipe();
        other.seed = 2;
        QVERIFY(train(smallRecipe()).series("loss/train") != train(other).series("loss/train"));
    }

    void everyStepHasItsLoss()
    {
        const auto losses = train(smallRecipe()).series("loss/train");
        for (std::size_t i = 0; i < losses.size(); ++i)
            QCOMPARE(losses[i].first, static_cast<std::int64_t>(i + 1));
    }

    void stoppingEndsAfterTheStepUnderWay()
    {
        Recipe recipe = smallRecipe();
        setByPath(recipe, "training.epochs", "100000");
        RunControl control;
        const Collector run = train(recipe, control, [&](const RunEvent& event) {
            if (std::holds_alternative<MetricsLogged>(event))
                control.requestStop();   // on the worker, between two steps: none may follow
        });
        QVERIFY(run.ended->status == RunStatus::stopped);
        const auto losses = run.series("loss/train");
        QVERIFY(!losses.empty());
        QCOMPARE(run.progress.step, losses.back().first);
    }

    void pauseHoldsStillAndResumeGoesOn()
    {
        Recipe recipe = smallRecipe();
        setByPath(recipe, "training.epochs", "200");
        RunControl control;
        std::jthread waker;
        bool asked = false;
        const Collector run = train(recipe, control, [&](const RunEvent& event) {
            const auto* progress = std::get_if<Progress>(&event);
            if (progress && !progress->paused && !std::exchange(asked, true))
                control.setPaused(true);
            if (progress && progress->paused)
                waker = std::jthread{[&control] { control.setPaused(false); }};
        });
        QVERIFY(waker.joinable());
        QVERIFY(run.ended->status == RunStatus::completed);
        QCOMPARE(run.epochs.size(), 200U);
    }

    void aPausedRunCanBeStopped()
    {
        Recipe recipe = smallRecipe();
        setByPath(recipe, "training.epochs", "100000");
        RunControl control;
        std::jthread stopper;
        const Collector run = train(recipe, control, [&](const RunEvent& event) {
            if (const auto* progress = std::get_if<Progress>(&event)) {
                if (progress->paused)
                    stopper = std::jthread{[&control] { control.requestStop(); }};
                else
                    control.setPaused(true);
            }
        });
        QVERIFY(run.ended->status == RunStatus::stopped);
    }

    void theRateAPersonAsksForHolds()
    {
        Recipe recipe = smallRecipe();
        setByPath(recipe, "training.epochs", "50");
        RunControl control;
        bool asked = false;
        const Collector run = train(recipe, control, [&](const RunEvent& event) {
            if (std::holds_alternative<EpochFinished>(event) && !std::exchange(asked, true))
                control.requestLearningRate(0.00123);
        });
        QCOMPARE(run.series("learning-rate").back().second, 0.00123);
        QVERIFY(!run.messages.empty());
    }

    void fourBatchesAStepAreABatchFourTimesAsLarge()
    {
        Recipe recipe = smallRecipe();
        setByPath(recipe, "training.epochs", "2");
        setByPath(recipe, "training.batchSize", "32");
        const Collector large = train(recipe);
        setByPath(recipe, "training.batchSize", "8");
        setByPath(recipe, "training.accumulation", "4");
        const Collector accumulated = train(recipe);
        const auto wanted = large.series("loss/train"), got = accumulated.series("loss/train");
        QCOMPARE(got.size(), wanted.size());
        for (std::size_t i = 0; i < got.size(); ++i) {
            QCOMPARE(got[i].first, wanted[i].first);
            QVERIFY2(std::abs(got[i].second - wanted[i].second) <= 1e-6, qPrintable(QString::number(got[i].second - wanted[i].second)));
        }
        QCOMPARE(accumulated.started->stepsPerEpoch, large.started->stepsPerEpoch);
    }

    void aLossThatIsNoNumberEndsTheRunAndSaysWhere()
    {
        Recipe recipe = smallRecipe();
        setByPath(recipe, "architecture.activation", "relu");
        setByPath(recipe, "training.optimizer", "sgd");
        setByPath(recipe, "training.schedule", "constant");
        setByPath(recipe, "training.learningRate", "100");
        setByPath(recipe, "training.epochs", "200");
        Collector run = train(recipe);
        QVERIFY(run.ended->status == RunStatus::failed);
        const auto losses = run.series("loss/train");
        QVERIFY(!std::isfinite(losses.back().second));
        for (std::size_t i = 0; i + 1 < losses.size(); ++i)
            QVERIFY(std::isfinite(losses[i].second));
        const QString reason = QString::fromStdString(english(run.ended->reason));
        QVERIFY2(reason.contains(QString::number(losses.back().first)), qPrintable(reason));
        QVERIFY(QString::fromStdString(english(run.ended->hint)).contains("learning rate"));
    }

    void earlyStoppingCountsEpochsWithoutABetterOne()
    {
        Recipe recipe = smallRecipe();
        setByPath(recipe, "training.epochs", "500");
        setByPath(recipe, "training.earlyStopping", "3");
        setByPath(recipe, "training.learningRate", "1e-9");   // nothing can improve
        const Collector run = train(recipe);
        QVERIFY(run.ended->status == RunStatus::completed);
        QVERIFY(run.epochs.size() < 500);
        QVERIFY(!run.epochs[run.epochs.size() - 1].best && !run.epochs[run.epochs.size() - 2].best && !run.epochs[run.epochs.size() - 3].best);
    }

    void theTestFigureIsTheBestModels()
    {
        const Collector run = train(smallRecipe());
        const auto best = std::find_if(run.epochs.rbegin(), run.epochs.rend(), [](const EpochFinished& epoch) { return epoch.best; });
        QVERIFY(best != run.epochs.rend());
        QCOMPARE(run.ended->best.at("epoch"), static_cast<double>(best->epoch));
        QCOMPARE(run.ended->best.at("accuracy/validation"), best->metrics.at("accuracy/validation"));
        // The kept file gives the same figure when it is loaded into a fresh network.
        const auto training = prepareTraining(smallRecipe(), m_backend, {});
        GraphNetwork network{training->network, at::detail::createCPUGenerator(99)};
        QVERIFY(loadWeights((m_folder.path() + "/best.safetensors").toStdString(), network).empty());
        const DeviceSamples samples{training->data, DeviceSamples::Part::train, at::kCPU};
        const TrainingRequest request = requestOf(*training.value);
        const auto program = makeTaskProgram({request, samples, at::kCPU});
        // The threshold is the one that was chosen on validation.
        QCOMPARE(evaluate(network, samples, training->data->split.test, *program, {{"threshold", run.ended->best.at("threshold/validation")}}),
                 run.ended->test);
    }

    void aCheckpointIsWhatItsSumSays()
    {
        const Collector run = train(smallRecipe());
        QVERIFY(run.checkpoints.size() >= 2);
        for (const CheckpointWritten& checkpoint : run.checkpoints) {
            const std::string bytes = readFile(m_folder.path().toStdString() + "/" + checkpoint.path, 1 << 30);
            QCOMPARE(QString::fromStdString(sha256(std::as_bytes(std::span{bytes}))), QString::fromStdString(checkpoint.sha256));
            QVERIFY(readSafetensors(std::as_bytes(std::span{bytes})).value.has_value());
        }
    }

    void previewsShowTheSameSamplesAllAlong()
    {
        const Collector run = train(smallRecipe());
        QVERIFY(run.previews.size() >= 2);
        for (const PredictionPreview& preview : run.previews) {
            QCOMPARE(preview.predictions.size(), run.previews.front().predictions.size());
            for (std::size_t i = 0; i < preview.predictions.size(); ++i) {
                QCOMPARE(preview.predictions[i].index, run.previews.front().predictions[i].index);
                const auto& p = preview.predictions[i].probabilities;
                QVERIFY(std::abs(std::accumulate(p.begin(), p.end(), 0.0) - 1) < 1e-4);
            }
        }
        QVERIFY(run.surfaces.size() >= 2);
        QCOMPARE(run.surfaces.front().probabilities.size(), static_cast<std::size_t>(run.surfaces.front().width * run.surfaces.front().height * 2));
    }

    void numbersAreLearntInTheirOwnUnit()
    {
        const QString file = m_folder.filePath("line.csv");
        QByteArray csv = "x,y,target\n";
        for (int i = 0; i < 300; ++i)
            csv += QByteArray::number(i) + ',' + QByteArray::number(i * 7 % 31) + ',' + QByteArray::number(1000 + 5.5 * i + 2 * (i * 7 % 31)) + '\n';
        QFile target{file};
        QVERIFY(target.open(QIODevice::WriteOnly) && target.write(csv) == csv.size());
        target.close();
        Recipe recipe = smallRecipe();
        setByPath(recipe, "dataset.kind", "csv");
        setByPath(recipe, "dataset.path", file.toStdString());
        setByPath(recipe, "training.epochs", "60");
        const Collector run = train(recipe);
        QVERIFY2(run.ended->test.at("r2") > 0.98, qPrintable(QString::number(run.ended->test.at("r2"))));
        QVERIFY(run.ended->test.at("mae") < 60);   // of values from 1000 to 2700
    }

    void aGpuThatIsNotThereIsRefusedBeforeAnythingStarts()
    {
        if (m_backend.info().devices.size() > 1)
            QSKIP("this machine has a GPU");
        Recipe recipe = smallRecipe();
        recipe.device = "cuda";
        const auto training = prepareTraining(recipe, m_backend, {});
        QVERIFY(!training);
        QCOMPARE(training.problems.front().path, std::string{"device"});
    }
};

QTEST_GUILESS_MAIN(TestTrainer)
#include "tst_trainer.moc"
