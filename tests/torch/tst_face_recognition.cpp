// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/job/training_job.h"
#include "engine/core/metrics/faces.h"
#include "engine/torch/torch_backend.h"

#include <QTemporaryDir>
#include <QTest>
#include <cmath>

using namespace descent;

namespace {

class Collector : public RunObserver
{
public:
    std::vector<EpochFinished> epochs;
    std::optional<MatchPreview> matches;
    std::optional<RocPreview> curve;
    std::optional<PredictionPreview> predictions;
    std::optional<RunEnded> ended;
    void onEvent(const RunEvent& event) override
    {
        if (const auto* epoch = std::get_if<EpochFinished>(&event))
            epochs.push_back(*epoch);
        else if (const auto* last = std::get_if<RunEnded>(&event))
            ended = *last;
        else if (const auto* preview = std::get_if<Preview>(&event)) {
            if (const auto* match = std::get_if<MatchPreview>(preview))
                matches = *match;
            else if (const auto* roc = std::get_if<RocPreview>(preview))
                curve = *roc;
            else if (const auto* some = std::get_if<PredictionPreview>(preview))
                predictions = *some;
        }
    }
};

/// A run of a few seconds, and what can be asked of it afterwards.
struct Trained {
    PreparedTraining training;
    TrainingRequest request;
    Collector events;
};

Recipe easyFaces()
{
    Recipe recipe = findRecipeTemplate("faces")->recipe;
    for (const auto& [path, value] : std::initializer_list<std::pair<const char*, const char*>>{
             {"dataset.people", "60"}, {"dataset.picturesEach", "6"}, {"dataset.size", "24"}, {"dataset.difficulty", "0"},
             {"split.validation", "0.2"}, {"split.test", "0.2"}, {"preprocessing.crop", "0"}, {"architecture.width", "8"},
             {"architecture.embedding", "32"}, {"training.epochs", "10"}, {"training.batchSize", "32"}, {"training.threads", "1"}})
        setByPath(recipe, path, value);
    return recipe;
}

Recipe fewCaptions(const char* id)
{
    Recipe recipe = findRecipeTemplate(id)->recipe;
    for (const auto& [path, value] : std::initializer_list<std::pair<const char*, const char*>>{
             {"dataset.samples", "400"}, {"dataset.size", "24"}, {"dataset.variety", "0"}, {"architecture.width", "8"},
             {"architecture.features", "32"}, {"training.epochs", "6"}, {"training.batchSize", "32"}, {"training.threads", "1"}})
        setByPath(recipe, path, value);
    return recipe;
}

}

class TestFaceRecognition : public QObject
{
    Q_OBJECT
    TorchBackend m_backend;
    QTemporaryDir m_folder;

    std::unique_ptr<Trained> train(const Recipe& recipe)
    {
        auto training = prepareTraining(recipe, m_backend, {});
        if (!training)
            throw std::runtime_error{english(training.problems.front())};
        auto trained = std::make_unique<Trained>(Trained{std::move(*training.value), {}, {}});
        const PreparedTraining& ready = trained->training;
        trained->request = {ready.recipe, ready.task, ready.data, ready.network, m_folder.path().toStdString(), 1};
        RunControl control;
        m_backend.train(trained->request, control, trained->events);
        return trained;
    }

private Q_SLOTS:
    void peopleNeverLearntFromAreToldApart()
    {
        const auto run = train(easyFaces());
        QVERIFY(run->events.ended->status == RunStatus::completed);
        const auto& test = run->events.ended->test;
        QVERIFY2(test.at("verification-accuracy") > 0.75, qPrintable(QString::number(test.at("verification-accuracy"))));
        QVERIFY(test.at("auc") > 0.8);
        for (const char* metric : {"equal-error-rate", "accepted-at-1-in-100", "accepted-at-1-in-1000", "rank-1", "threshold"})
            QVERIFY2(std::isfinite(test.at(metric)), metric);
        QVERIFY(run->events.epochs.back().metrics.contains("verification-accuracy/validation"));

        QVERIFY(run->events.matches);
        QCOMPARE(run->events.matches->probes.size(), std::size_t{8});
        for (const auto& probe : run->events.matches->probes) {
            QCOMPARE(probe.found.size(), std::size_t{3});
            QVERIFY(probe.found[0].score >= probe.found[1].score);
            QCOMPARE(probe.pixels.size(), std::size_t{3 * 24 * 24});
            QVERIFY(probe.pixels != probe.found[0].pixels); // the picture that is asked for is not itself enrolled
        }
        QVERIFY(run->events.curve && run->events.curve->trueAccepts.back() == 1.0F);

        // The best network, asked again.
        const auto model = m_backend.open(run->request);
        QVERIFY(model);
        const auto& pictures = std::get<PictureArray>(run->training.data->dataset->train.inputs);
        const auto held = std::get<FaceAnswer>((*model)->ask(HeldOutFacesQuestion{}));
        QCOMPARE(held.people.size(), run->training.data->split.validation.size());
        const FaceFigures figures = faceFigures(held.embeddings, held.people, held.width);
        QCOMPARE(figures.accuracy.mean, run->events.ended->best.at("verification-accuracy/validation"));
        const Picture first{3, 24, 24, pictures.picture(run->training.data->split.validation.front())};
        const auto asked = std::get<FaceAnswer>((*model)->ask(FaceQuestion{{first}}));
        QCOMPARE(asked.width, 32);
        for (std::size_t i = 0; i < 32; ++i)
            QVERIFY(std::abs(asked.embeddings[i] - held.embeddings[i]) < 1e-4F); // a picture given by hand goes the same way
    }

    void tripletsLearnAsWell()
    {
        Recipe recipe = easyFaces();
        setByPath(recipe, "task.loss", "triplet");
        const auto run = train(recipe);
        QVERIFY(run->events.ended->status == RunStatus::completed);
        QCOMPARE(run->training.network.outputShape(), (Shape{32}));
        const auto& test = run->events.ended->test;
        QVERIFY2(test.at("auc") > 0.75, qPrintable(QString::number(test.at("auc"))));
    }

    void aQuestionOfAnotherTaskIsRefused()
    {
        const auto run = train(fewCaptions("captions"));
        const auto model = m_backend.open(run->request);
        QVERIFY_THROWS_EXCEPTION(std::invalid_argument, (*model)->ask(HeldOutFacesQuestion{}));
    }

    void picturesFindTheirCaptions()
    {
        const auto run = train(fewCaptions("captions"));
        QVERIFY(run->events.ended->status == RunStatus::completed);
        const auto& first = run->events.epochs.front().metrics;
        const auto& last = run->events.epochs.back().metrics;
        QVERIFY(last.at("loss/validation") < first.at("loss/validation"));
        const auto& test = run->events.ended->test;
        for (const char* metric : {"recall-1", "recall-5", "picture-recall-1", "picture-recall-5", "zero-shot-accuracy", "loss"})
            QVERIFY2(std::isfinite(test.at(metric)), metric);
        QVERIFY(test.at("recall-5") >= test.at("recall-1"));
        QVERIFY2(test.at("recall-5") > 2 * 5.0 / 66, qPrintable(QString::number(test.at("recall-5")))); // twice what guessing finds
        QVERIFY(run->events.matches && !run->events.matches->probes.empty());
        QVERIFY(run->events.matches->probes.front().found.front().pixels.empty());
        QVERIFY(std::isnan(run->events.matches->threshold));
    }

    void questionsAreAnsweredFromBoth()
    {
        const auto run = train(fewCaptions("questions"));
        QVERIFY(run->events.ended->status == RunStatus::completed);
        QVERIFY(std::isfinite(run->events.ended->test.at("accuracy")));
        QVERIFY(run->events.predictions);
        QVERIFY(!run->events.predictions->predictions.front().beside.empty());
        QVERIFY(!run->events.predictions->predictions.front().pixels.empty());
    }
};

QTEST_GUILESS_MAIN(TestFaceRecognition)
#include "tst_face_recognition.moc"
