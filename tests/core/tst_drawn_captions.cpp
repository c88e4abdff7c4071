// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/data/dataset.h"
#include "engine/core/data/drawn_scene.h"

#include <QTest>
#include <map>
#include <set>

using namespace descent;

namespace {

Result<Dataset> drawn(const char* captions, std::int64_t samples, std::int64_t unseen = 3)
{
    return findDatasetKind("drawn-captions")
        ->load({{"captions", std::string{captions}}, {"samples", samples}, {"size", std::int64_t{24}}, {"unseen", unseen}}, {});
}

const PicturesAndMore& inputsOf(const Samples& samples)
{
    return std::get<PicturesAndMore>(samples.inputs);
}

bool holds(const std::string& sentence, const std::string& word)
{
    return (" " + sentence + " ").find(" " + word + " ") != std::string::npos;
}

/// Classes and how often each occurs, of the samples that have one text.
using Answers = std::map<std::string, std::map<std::int64_t, int>>;

}

class TestDrawnCaptions : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void everyPictureHasACaptionAndAClass()
    {
        for (const char* captions : {"descriptions", "questions"}) {
            const auto dataset = drawn(captions, 120);
            QVERIFY(dataset);
            const PicturesAndMore& inputs = inputsOf(dataset->train);
            QCOMPARE(inputs.pictures.count, 120);
            QCOMPARE(inputs.pictures.pixels.size(), std::size_t{120 * 3 * 24 * 24});
            QVERIFY(inputs.captions);
            QVERIFY(!inputs.table);
            QCOMPARE(inputs.captions->count(), 120);
            QCOMPARE(dataset->train.targets.classes.size(), std::size_t{120});
            QCOMPARE(dataset->test->count(), 20);
        }
    }

    void aDescriptionNamesTheClass()
    {
        const auto dataset = drawn("descriptions", 300);
        const Targets& targets = dataset->train.targets;
        for (std::size_t i = 0; i < targets.classes.size(); ++i) {
            const std::string& caption = inputsOf(dataset->train).captions->texts[i];
            const std::string wanted = "big " + targets.classNames[static_cast<std::size_t>(targets.classes[i])];
            QVERIFY2(holds(caption, wanted), caption.c_str());
        }
    }

    void unseenClassesAreInTheTestPartAlone()
    {
        const auto dataset = drawn("descriptions", 3000, 3);
        std::set<std::int64_t> learnt(dataset->train.targets.classes.begin(), dataset->train.targets.classes.end()),
            tested(dataset->test->targets.classes.begin(), dataset->test->targets.classes.end());
        QCOMPARE(dataset->train.targets.classNames.size(), std::size_t{30});
        QCOMPARE(learnt.size(), std::size_t{27});
        QCOMPARE(tested.size(), std::size_t{30});
    }

    /// Neither of the two says the answer alone: the commonest answer to each question is right about one time in five or six.
    void theQuestionAloneDoesNotSayTheAnswer()
    {
        const auto dataset = drawn("questions", 4000);
        Answers answers;
        for (std::size_t i = 0; i < 4000; ++i)
            ++answers[inputsOf(dataset->train).captions->texts[i]][dataset->train.targets.classes[i]];
        int best = 0;
        for (const auto& [question, counts] : answers) {
            int most = 0;
            for (const auto& [answer, count] : counts)
                most = std::max(most, count);
            best += most;
        }
        QVERIFY2(best < 4000 * 0.30, qPrintable(QString::number(best)));
        QVERIFY2(best > 4000 * 0.15, qPrintable(QString::number(best)));
    }

    void aSceneOfThreeHasNoColourAndNoShapeTwice()
    {
        Random random{3};
        for (int i = 0; i < 200; ++i) {
            const DrawnScene scene = threeThings(random);
            std::set<std::size_t> shapes, colours;
            for (const DrawnScene::Thing& thing : scene.things) {
                shapes.insert(thing.shape);
                colours.insert(thing.colour);
            }
            QCOMPARE(shapes.size(), std::size_t{3});
            QCOMPARE(colours.size(), std::size_t{3});
        }
    }

    void anAnswerIsTrueOfThePicture()
    {
        Random random{5};
        for (int i = 0; i < 200; ++i) {
            const DrawnScene scene = threeThings(random);
            const SceneQuestion question = askAbout(scene, random);
            const auto answers = std::count_if(scene.things.begin(), scene.things.end(), [&](const DrawnScene::Thing& thing) {
                const std::string shape = sceneShapes[thing.shape], colour = sceneColours[thing.colour];
                return (holds(question.text, shape) && question.answer == colour)
                    || (holds(question.text, colour) && question.answer == shape);
            });
            QCOMPARE(answers, 1);
        }
    }

    void thingsShowTheirColourInTheirMiddle()
    {
        Random random{1};
        DrawnScene scene{{{.shape = 0, .colour = 0, .x = 0.3, .y = 0.5, .radius = 0.2}, {.shape = 1, .colour = 2, .x = 0.75, .y = 0.5, .radius = 0.15}}};
        const Picture picture = drawScene(scene, 40, 0, random);
        const auto at = [&](int channel, int row, int column) { return int{picture.pixels[static_cast<std::size_t>((channel * 40 + row) * 40 + column)]}; };
        QVERIFY(at(0, 20, 12) > 200 && at(2, 20, 12) < 60); // red
        QVERIFY(at(2, 20, 30) > 200 && at(0, 20, 30) < 60); // blue
        QVERIFY(std::abs(at(0, 2, 2) - at(2, 2, 2)) < 5);   // the ground is grey
    }

    void theSameSeedDrawsTheSame()
    {
        const auto once = drawn("questions", 100), again = drawn("questions", 100);
        QVERIFY(inputsOf(once->train).pictures.pixels == inputsOf(again->train).pictures.pixels);
        QVERIFY(inputsOf(once->train).captions->texts == inputsOf(again->train).captions->texts);
    }
};

QTEST_GUILESS_MAIN(TestDrawnCaptions)
#include "tst_drawn_captions.moc"
