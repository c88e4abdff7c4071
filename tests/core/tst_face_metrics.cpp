// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/base/random.h"
#include "engine/core/data/split_by_person.h"
#include "engine/core/metrics/faces.h"
#include "engine/core/task/face_gallery.h"
#include "engine/core/task/face_recognition.h"
#include "engine/core/task/task.h"

#include <QTemporaryDir>
#include <QTest>
#include <cmath>
#include <set>

using namespace descent;

namespace {

constexpr std::int64_t width = 16;

struct Faces {
    std::vector<float> embeddings;
    std::vector<std::int64_t> people;
};

/// A direction a person, and pictures around it: `apart` 0 is noise alone.
Faces madeUp(std::int64_t people, std::int64_t each, double apart, std::uint64_t seed = 1)
{
    Random random{seed};
    Faces faces;
    for (std::int64_t person = 0; person < people; ++person) {
        double direction[width];
        for (double& value : direction)
            value = random.normal();
        for (std::int64_t i = 0; i < each; ++i) {
            double values[width], squares = 0;
            for (std::int64_t k = 0; k < width; ++k) {
                values[k] = apart * direction[k] + random.normal();
                squares += values[k] * values[k];
            }
            for (const double value : values)
                faces.embeddings.push_back(static_cast<float>(value / std::sqrt(squares)));
            faces.people.push_back(person);
        }
    }
    return faces;
}

FaceGallery gallery()
{
    FaceGallery gallery{.run = 7, .checkpoint = "abc", .width = 3, .falseAcceptRate = 0.01, .threshold = 0.5};
    gallery.people = {{"Ada", 2, {1, 0, 0}}, {"Bob", 1, {0, 0.6F, 0.8F}}};
    return gallery;
}

Dataset peopleWithPictures(std::int64_t people, std::int64_t each)
{
    Dataset dataset{.name = "people"};
    PictureArray pictures{.count = people * each, .channels = 1, .height = 8, .width = 8};
    pictures.pixels.assign(static_cast<std::size_t>(pictures.count * 64), 100);
    Targets targets;
    for (std::int64_t i = 0; i < people; ++i) {
        targets.classNames.push_back("person " + std::to_string(i));
        targets.classes.insert(targets.classes.end(), static_cast<std::size_t>(each), i);
    }
    dataset.train = {.inputs = std::move(pictures), .targets = std::move(targets)};
    return dataset;
}

std::set<std::int64_t> classesOf(const Dataset& dataset, const std::vector<std::int64_t>& rows)
{
    std::set<std::int64_t> classes;
    for (const std::int64_t row : rows)
        classes.insert(dataset.train.targets.classes[static_cast<std::size_t>(row)]);
    return classes;
}

}

class TestFaceMetrics : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void facesFarApartAreToldApart()
    {
        const Faces faces = madeUp(40, 6, 100);
        const FaceFigures figures = faceFigures(faces.embeddings, faces.people, width);
        // Not 1: the threshold of the other folds, where they part, may be a hair above this fold's least alike.
        QVERIFY2(figures.accuracy.mean > 0.99, qPrintable(QString::number(figures.accuracy.mean)));
        QCOMPARE(figures.rank1, 1.0);
        QVERIFY(figures.auc > 0.9999);
        QVERIFY(figures.equalErrorRate < 0.001);
        QVERIFY(figures.trueAccepts100 > 0.999);
        QVERIFY(figures.threshold > 0.5 && figures.threshold < 1);
    }

    void facesWithoutAPersonInThemAreChance()
    {
        const Faces faces = madeUp(40, 6, 0);
        const FaceFigures figures = faceFigures(faces.embeddings, faces.people, width);
        QVERIFY2(std::abs(figures.accuracy.mean - 0.5) < 0.06, qPrintable(QString::number(figures.accuracy.mean)));
        QVERIFY(std::abs(figures.auc - 0.5) < 0.06);
        QVERIFY(std::abs(figures.equalErrorRate - 0.5) < 0.06);
        QVERIFY(figures.rank1 < 0.1);
        QVERIFY(figures.trueAccepts100 < 0.06);
    }

    void betweenThemTheFiguresAreInOrder()
    {
        const Faces faces = madeUp(60, 6, 1.2);
        const FaceFigures figures = faceFigures(faces.embeddings, faces.people, width);
        QVERIFY(figures.accuracy.mean > 0.6 && figures.accuracy.mean < 0.97);
        QVERIFY(figures.trueAccepts1000 <= figures.trueAccepts100);
        QCOMPARE(figures.accuracy.ofFold.size(), std::size_t{10});
        QVERIFY(figures.roc.size() <= 401 && figures.roc.size() > 50);
        QCOMPARE(figures.roc.back().truePositiveRate, 1.0);
        const double threshold = pairThreshold(faces.embeddings, faces.people, width, 0.01);
        std::int64_t others = 0, accepted = 0;
        for (std::size_t a = 0; a < faces.people.size(); ++a)
            for (std::size_t b = a + 1; b < faces.people.size(); ++b)
                if (faces.people[a] != faces.people[b]) {
                    ++others;
                    accepted += cosine({&faces.embeddings[a * width], width}, {&faces.embeddings[b * width], width}) >= threshold;
                }
        QVERIFY(accepted * 100 <= others);
        QVERIFY(accepted * 100 > others / 2);
    }

    void manyPicturesAreThinnedAndStillJudged()
    {
        const Faces faces = madeUp(1000, 4, 100);
        const FaceFigures figures = faceFigures(faces.embeddings, faces.people, width);
        QVERIFY(figures.accuracy.mean > 0.99);
    }

    void aPersonIsInOnePartOnly()
    {
        const Dataset dataset = peopleWithPictures(50, 4);
        const auto split = splitByClass(dataset, {{"validation", 0.2}, {"test", 0.1}}, 3);
        QVERIFY(split);
        const auto train = classesOf(dataset, split->train), validation = classesOf(dataset, split->validation), test = classesOf(dataset, split->test);
        QCOMPARE(train.size(), std::size_t{35});
        QCOMPARE(validation.size(), std::size_t{10});
        QCOMPARE(test.size(), std::size_t{5});
        for (const std::int64_t person : train)
            QVERIFY(!validation.contains(person) && !test.contains(person));
        for (const std::int64_t person : validation)
            QVERIFY(!test.contains(person));
        QCOMPARE(split->train.size() + split->validation.size() + split->test.size(), std::size_t{200});
        QVERIFY(splitByClass(dataset, {{"validation", 0.2}, {"test", 0.1}}, 3)->validation == split->validation);
        QVERIFY(splitByClass(dataset, {{"validation", 0.2}, {"test", 0.1}}, 4)->validation != split->validation);
        QCOMPARE(classesLearnt(50, {{"validation", 0.2}, {"test", 0.1}}), 35);
    }

    void tooFewPeopleAreAProblem()
    {
        QVERIFY(!splitByClass(peopleWithPictures(5, 4), {{"validation", 0.1}, {"test", 0.1}}, 1));
        QVERIFY(!splitByClass(peopleWithPictures(50, 1), {{"validation", 0.2}, {"test", 0.1}}, 1)); // nobody has two pictures
        QVERIFY(splitByClass(peopleWithPictures(10, 2), {{"validation", 0.2}, {"test", 0.0}}, 1));
    }

    void thoseWhoAreLearntFromAreNumberedFirst()
    {
        const TaskKind* task = findTaskKind("face-recognition");
        const auto dataset = std::make_shared<const Dataset>(peopleWithPictures(30, 3));
        const PreparationSettings settings{.split = {{"validation", 0.2}, {"test", 0.2}}, .preprocessing = {}, .task = {}};
        const auto data = task->prepare(dataset, settings, {});
        QVERIFY(data);
        const auto& people = *std::get<SampleArray::Ids>(data->train.targets.values);
        std::set<std::int64_t> learnt, others;
        for (const std::int64_t row : data->split.train)
            learnt.insert(people[static_cast<std::size_t>(row)]);
        for (const std::int64_t row : data->split.validation)
            others.insert(people[static_cast<std::size_t>(row)]);
        QCOMPARE(*learnt.begin(), 0);
        QCOMPARE(*learnt.rbegin(), 17);
        QCOMPARE(learnt.size(), std::size_t{18});
        QCOMPARE(*others.begin(), 18);
        QCOMPARE(data->brief.outputs, 18);
        QVERIFY(data->brief.output == NetworkBrief::Output::identities);
        QCOMPARE(task->brief(*dataset, settings)->outputs, 18); // the quick answer is the same
        const auto& preparation = dynamic_cast<const FacePreparation&>(*data->task);
        QCOMPARE(preparation.learnt, 18);
        for (const std::int64_t row : data->split.test)
            QCOMPARE(preparation.classOfPerson[static_cast<std::size_t>(people[static_cast<std::size_t>(row)])],
                     dataset->train.targets.classes[static_cast<std::size_t>(row)]);
    }

    void aMeanEmbeddingIsOfLengthOneAndBetween()
    {
        const std::vector<float> two{1, 0, 0, 1};
        const std::vector<float> mean = meanEmbedding(two, 2);
        QVERIFY(std::abs(mean[0] - std::sqrt(0.5F)) < 1e-6 && std::abs(mean[1] - std::sqrt(0.5F)) < 1e-6);
        const std::vector<float> opposite{1, 0, -1, 0};
        QCOMPARE(meanEmbedding(opposite, 2), (std::vector<float>{1, 0}));
        QVERIFY_THROWS_EXCEPTION(std::invalid_argument, meanEmbedding({}, 2));
        QVERIFY_THROWS_EXCEPTION(std::invalid_argument, meanEmbedding(two, 3));
    }

    void aFaceIsTheNearestPersonOrNobody()
    {
        const FaceGallery known = gallery();
        const std::vector<float> nearBob{0, 1, 0};
        const auto matches = identified(known, nearBob);
        QCOMPARE(known.people[static_cast<std::size_t>(matches[0].person)].name, std::string{"Bob"});
        QCOMPARE(matches[0].score, 0.6F);
        QVERIFY(matches[0].accepted);
        const std::vector<float> stranger{0, 0.8F, -0.6F};
        QVERIFY(!identified(known, stranger)[0].accepted);
        QVERIFY(identified({.width = 3}, stranger).empty());
        const std::vector<float> other{1, 0};
        QVERIFY_THROWS_EXCEPTION(std::invalid_argument, identified(known, other));
    }

    void noMoreStrangersPassThanWasAllowed()
    {
        FaceGallery known{.width = width, .falseAcceptRate = 0.05};
        const Faces enrolled = madeUp(10, 1, 1, 5), strangers = madeUp(200, 1, 1, 6);
        for (std::int64_t i = 0; i < 10; ++i)
            known.people.push_back({std::to_string(i), 1, {enrolled.embeddings.begin() + i * width, enrolled.embeddings.begin() + (i + 1) * width}});
        known.threshold = strangersThreshold(known, strangers.embeddings);
        std::int64_t passed = 0;
        for (std::size_t i = 0; i < 200; ++i)
            passed += identified(known, {&strangers.embeddings[i * width], width})[0].accepted;
        QVERIFY2(passed <= 10 && passed >= 8, qPrintable(QString::number(passed)));
        QVERIFY(std::isnan(strangersThreshold(known, {})));
    }

    void aGalleryIsReadAsItWasWritten()
    {
        const FaceGallery written = gallery();
        const auto read = galleryFromJson(toJson(written));
        QVERIFY(read);
        QVERIFY(*read == written);
    }

    void damagedGalleriesAreRefused_data()
    {
        QTest::addColumn<QByteArray>("from");
        QTest::addColumn<QByteArray>("to");
        QTest::newRow("no JSON") << QByteArray{"{"} << QByteArray{"["};
        QTest::newRow("another format") << QByteArray{"descent-face-gallery-1"} << QByteArray{"something-else"};
        QTest::newRow("a number is missing") << QByteArray{"0.0,"} << QByteArray{""};
        QTest::newRow("a text for a number") << QByteArray{"1.0,"} << QByteArray{"\"one\","};
        QTest::newRow("not of length 1") << QByteArray{"1.0,"} << QByteArray{"3.0,"};
        QTest::newRow("a huge number") << QByteArray{"1.0,"} << QByteArray{"1e300,"};
        QTest::newRow("an empty name") << QByteArray{"Ada"} << QByteArray{""};
        QTest::newRow("no width") << QByteArray{"\"width\": 3"} << QByteArray{"\"width\": 0"};
        QTest::newRow("a width that is not that of the people") << QByteArray{"\"width\": 3"} << QByteArray{"\"width\": 4000"};
        QTest::newRow("negative pictures") << QByteArray{"\"pictures\": 2"} << QByteArray{"\"pictures\": -2"};
        QTest::newRow("no threshold") << QByteArray{"\"threshold\""} << QByteArray{"\"thresh\""};
    }
    void damagedGalleriesAreRefused()
    {
        QFETCH(QByteArray, from);
        QFETCH(QByteArray, to);
        QByteArray json = QByteArray::fromStdString(toJson(gallery()));
        const qsizetype at = json.indexOf(from);
        QVERIFY(at >= 0);
        json.replace(at, from.size(), to);
        const auto read = galleryFromJson(json.toStdString());
        QVERIFY(!read);
        QVERIFY(!read.problems.empty());
    }
};

QTEST_GUILESS_MAIN(TestFaceMetrics)
#include "tst_face_metrics.moc"
