// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/data/inspection.h"
#include "engine/core/recipe/catalog.h"
#include "engine/core/task/detection.h"

#include <QTest>

using namespace descent;

namespace {

std::shared_ptr<const Dataset> streets()
{
    static const auto dataset = std::make_shared<const Dataset>(
        *findDatasetKind("drawn-street")->load({{"samples", std::int64_t{40}}, {"width", std::int64_t{64}}}, {}).value);
    return dataset;
}

}

class TestDetectionTask : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void boxesAskForDetection()
    {
        const Result<TaskKind> task = resolveTask(Recipe{}, *streets());
        QVERIFY(task);
        QCOMPARE(task->id, std::string{"detection"});
        QVERIFY(task->higherIsBetter());
        const auto brief = task->brief(*streets(), {});
        QVERIFY(brief);
        QVERIFY(brief->output == NetworkBrief::Output::boxes);
        QCOMPARE(brief->outputs, 5);
        QCOMPARE(brief->inputShape(), (Shape{3, 42, 64}));
    }

    void everyBoxIsInItsPlaceAndTheRestIsUnused()
    {
        const auto data = findTaskKind("detection")->prepare(streets(), {}, {});
        QVERIFY(data);
        QVERIFY(data->split.ownTest);
        QCOMPARE(data->train.targets.shape.size(), 2U);
        const std::int64_t most = data->train.targets.shape[0];
        const std::vector<float>& values = *std::get<SampleArray::Floats>(data->train.targets.values);
        QCOMPARE(static_cast<std::int64_t>(values.size()), 40 * most * boxColumns);
        const auto& truth = streets()->train.targets.boxes;
        bool full = false;
        for (std::size_t i = 0; i < truth.size(); ++i)
            for (std::int64_t k = 0; k < most; ++k) {
                const float* box = values.data() + (static_cast<std::int64_t>(i) * most + k) * boxColumns;
                const auto at = static_cast<std::size_t>(k);
                full = full || (at + 1 == truth[i].size() && k + 1 == most);
                if (at >= truth[i].size())
                    QCOMPARE(box[4], -1.0F);
                else
                    QCOMPARE((Box{box[0], box[1], box[2], box[3], static_cast<std::int32_t>(box[4]), box[5] > 0}), truth[i][at]);
            }
        QVERIFY(full); // no place more than the fullest picture needs
    }

    void mirroringIsLeftToTheProgramThatMovesTheBoxes()
    {
        const auto data = findTaskKind("detection")
                              ->prepare(streets(), {.preprocessing = {{"flip", true}, {"crop", std::int64_t{3}}}, .task = {{"zoom", 0.5}}}, {});
        QVERIFY(data);
        QVERIFY(!data->pictures.flip);
        QCOMPARE(data->pictures.cropPadding, 0);
        const auto& task = dynamic_cast<const DetectionPreparation&>(*data->task);
        QVERIFY(task.flip && !task.turnOver);
        QCOMPARE(task.shift, 3);
        QCOMPARE(task.zoom, 0.5);
    }

    void aSquareSizeWouldBendThePictures()
    {
        const auto brief = findTaskKind("detection")->brief(*streets(), {.preprocessing = {{"resize", std::int64_t{64}}}});
        QVERIFY(!brief);
        QCOMPARE(brief.problems.front().path, std::string{"preprocessing.resize"});
    }

    void aReportMeasuresBoxes()
    {
        const DatasetReport report = inspectDataset(*streets());
        QCOMPARE(report.measures.size(), 2U);
        std::int64_t boxes = 0, counted = 0, measured = 0;
        for (const auto& list : streets()->train.targets.boxes)
            boxes += static_cast<std::int64_t>(list.size());
        for (const std::int64_t count : report.classCounts)
            counted += count;
        for (const std::int64_t count : report.measures[1].histogram)
            measured += count;
        QCOMPARE(counted, boxes);
        QCOMPARE(measured, boxes);
        QVERIFY(report.measures[1].maximum <= 64);
        QCOMPARE(report.samples.front().boxes, streets()->train.targets.boxes.front());
    }

    void theTemplatesFitTheirData()
    {
        for (const char* id : {"street", "blood-cells"}) {
            const Recipe& recipe = findRecipeTemplate(id)->recipe;
            QCOMPARE(recipe.task.kind, std::string{"detection"});
            QVERIFY(validate(findTaskKind("detection")->schema, recipe.task.parameters, "task").empty());
            const auto brief = findTaskKind("detection")->brief(*streets(), {});
            QVERIFY(buildNetwork(recipe, *brief));
        }
    }

    void aDetectorTakesPicturesOfAnyShape_data()
    {
        QTest::addColumn<int>("height");
        QTest::addColumn<int>("width");
        QTest::newRow("even") << 96 << 128;
        QTest::newRow("odd") << 97 << 33;
        QTest::newRow("tiny") << 1 << 1;
    }
    void aDetectorTakesPicturesOfAnyShape()
    {
        QFETCH(int, height);
        QFETCH(int, width);
        for (const char* trunk : {"resnet18", "mobilenet-v2"})
            for (const char* stride : {"4", "8"}) {
                const auto spec = findArchitecture("detector")
                                      ->build({{"trunk", std::string{trunk}}, {"stride", std::string{stride}}},
                                              {.inputs = {numericInput({1, height, width})}, .output = NetworkBrief::Output::boxes, .outputs = 7});
                QVERIFY(spec);
                const int step = stride[0] - '0';
                QCOMPARE(spec->outputShape(), (Shape{11, (height + step - 1) / step, (width + step - 1) / step}));
            }
    }
};

QTEST_GUILESS_MAIN(TestDetectionTask)
#include "tst_detection_task.moc"
