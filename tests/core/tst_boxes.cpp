// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/data/canvas.h"
#include "engine/core/data/coco.h"
#include "engine/core/data/dataset.h"
#include "engine/core/data/voc.h"
#include "tests/core/png_files.h"

#include <QDir>
#include <QElapsedTimer>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>
#include <cmath>

using namespace descent;

namespace {

QByteArray png(std::uint32_t width, std::uint32_t height, std::uint8_t brightness = 10)
{
    return greyPngOf(brightness, width, height);
}

QByteArray object(const char* name, const char* left, const char* top, const char* right, const char* bottom, int difficult = 0)
{
    return QByteArray("<object><name>") + name + "</name><difficult>" + QByteArray::number(difficult) + "</difficult><bndbox><xmin>"
        + left + "</xmin><ymin>" + top + "</ymin><xmax>" + right + "</xmax><ymax>" + bottom + "</ymax></bndbox></object>";
}

QByteArray annotation(int width, int height, const QByteArray& objects)
{
    return "<annotation><filename>renamed since.jpg</filename><size><width>" + QByteArray::number(width) + "</width><height>"
        + QByteArray::number(height) + "</height><depth>3</depth></size>" + objects + "</annotation>";
}

Result<Dataset> load(const char* kind, const QString& path, std::int64_t size = 0, const LoadControl& control = {})
{
    return findDatasetKind(kind)->load({{"path", path.toStdString()}, {"size", size}}, control);
}

QString problemsOf(const Result<Dataset>& dataset)
{
    QStringList all;
    for (const Problem& problem : dataset.problems)
        all << QString::fromStdString(english(problem));
    if (dataset)
        for (const Problem& problem : dataset->setAside)
            all << QString::fromStdString(english(problem));
    return all.join(" | ");
}

}

class TestBoxes : public QObject
{
    Q_OBJECT
    QTemporaryDir m_folder;
    QString at(const QString& name) const { return m_folder.filePath(name); }
    void writeVoc(const QString& root, const QString& name, const QByteArray& xml, const QByteArray& picture)
    {
        writeFile(at(root + "/Annotations/" + name + ".xml"), xml);
        if (!picture.isEmpty())
            writeFile(at(root + "/JPEGImages/" + name + ".png"), picture);
    }

private Q_SLOTS:
    void vocBoxesCountPixelsFromOne()
    {
        const auto read = parseVocAnnotation(annotation(100, 60, object("dog", "1", "1", "100", "60", 1)).toStdString());
        QVERIFY(read);
        QCOMPARE(read->width, 100);
        QCOMPARE(read->objects.size(), 1U);
        QCOMPARE(read->objects[0].name, std::string{"dog"});
        QCOMPARE(read->objects[0].box, (Box{.left = 0, .top = 0, .right = 100, .bottom = 60, .ignored = true}));
    }

    void theBoxOfAPartIsNotTheBoxOfTheThing()
    {
        const auto read = parseVocAnnotation(
            "<annotation><object><name>person</name><part><name>head</name><bndbox><xmin>5</xmin><ymin>5</ymin><xmax>9</xmax>"
            "<ymax>9</ymax></bndbox></part><bndbox><xmin>2</xmin><ymin>3</ymin><xmax>40</xmax><ymax>50</ymax></bndbox></object>"
            "</annotation>");
        QVERIFY(read);
        QCOMPARE(read->objects.size(), 1U);
        QCOMPARE(read->objects[0].box, (Box{.left = 1, .top = 2, .right = 40, .bottom = 50}));
    }

    void anXmlThatIsNoAnnotationIsRefused_data()
    {
        QTest::addColumn<QByteArray>("xml");
        QTest::newRow("empty") << QByteArray{};
        QTest::newRow("text") << QByteArray("hello");
        QTest::newRow("cut off") << annotation(10, 10, object("a", "1", "1", "5", "5")).left(120);
        QTest::newRow("another root") << QByteArray("<html><object/></html>");
        QTest::newRow("no name") << annotation(10, 10, "<object><bndbox/></object>");
        QTest::newRow("a name of a megabyte") << annotation(10, 10, object(QByteArray(1 << 20, 'x').constData(), "1", "1", "2", "2"));
        QTest::newRow("a name that is no UTF-8") << annotation(10, 10, object("\xff\xfe", "1", "1", "2", "2"));
        QTest::newRow("too many boxes") << annotation(10, 10, object("a", "1", "1", "5", "5").repeated(10'001));
        QTest::newRow("nested a million deep") << QByteArray("<annotation>") + QByteArray("<a>").repeated(1'000'000);
    }
    void anXmlThatIsNoAnnotationIsRefused()
    {
        QFETCH(QByteArray, xml);
        const auto read = parseVocAnnotation(xml.toStdString());
        QVERIFY(!read);
        QVERIFY(!english(read.problems.front()).empty());
    }

    void entitiesOfTheFilesOwnAreNotExpanded()
    {
        const auto read = parseVocAnnotation(
            "<!DOCTYPE annotation [<!ENTITY a \"aaaaaaaaaa\"><!ENTITY b \"&a;&a;\"><!ENTITY f SYSTEM \"file:///etc/passwd\">]>"
            "<annotation><filename>&b;&f;</filename></annotation>");
        QVERIFY(read);
        QCOMPARE(read->fileName, std::string{"&b;&f;"});
    }

    void picturesKeepTheirAspectAndBoxesMoveWithThem()
    {
        writeVoc("mixed", "wide", annotation(80, 40, object("cat", "9", "5", "48", "20")), png(80, 40, 200));
        writeVoc("mixed", "tall", annotation(30, 60, object("dog", "1", "1", "30", "60")), png(30, 60, 90));
        const auto dataset = load("voc", at("mixed"), 40);
        QVERIFY2(dataset.value, qPrintable(problemsOf(dataset)));
        const auto& pictures = std::get<PictureArray>(dataset->train.inputs);
        QCOMPARE(pictures.width, 40); // of the wide one
        QCOMPARE(pictures.height, 40); // of the tall one
        QCOMPARE(dataset->train.targets.classNames, (std::vector<std::string>{"cat", "dog"}));
        QCOMPARE(dataset->train.targets.boxes[0], (std::vector<Box>{{0, 0, 20, 40, 1}})); // tall: 30x60 to 20x40
        QCOMPARE(dataset->train.targets.boxes[1], (std::vector<Box>{{4, 2, 24, 10, 0}})); // wide: 80x40 to 40x20
        const std::uint8_t* wide = pictures.pixels.data() + pictures.pictureBytes();
        QCOMPARE(wide[19 * 40 + 39], 200); // its last pixel
        QCOMPARE(wide[20 * 40], 128);      // padding
    }

    void picturesOfOneSizeStayAsTheyAre()
    {
        writeVoc("same", "a", annotation(20, 10, object("cat", "3", "3", "8", "8")), png(20, 10));
        writeVoc("same", "b", annotation(20, 10, {}), png(20, 10)); // nothing on it: a sample all the same
        const auto dataset = load("voc", at("same"));
        QVERIFY2(dataset.value && dataset.problems.empty() && dataset->setAsideCount == 0, qPrintable(problemsOf(dataset)));
        const auto& pictures = std::get<PictureArray>(dataset->train.inputs);
        QCOMPARE(pictures.count, 2);
        QCOMPARE(pictures.width, 20);
        QCOMPARE(pictures.height, 10);
        QVERIFY(dataset->train.targets.boxes[1].empty());
        QVERIFY(!dataset->test);
    }

    void aBoxUnderAPixelIsIgnored()
    {
        writeVoc("tiny", "a", annotation(80, 40, object("cat", "9", "9", "10", "30") + object("cat", "9", "9", "30", "30")), png(80, 40));
        const auto dataset = load("voc", at("tiny"), 20);
        QVERIFY2(dataset.value, qPrintable(problemsOf(dataset)));
        QCOMPARE(dataset->train.targets.boxes[0], (std::vector<Box>{{2, 2, 2.5F, 7.5F, 0, true}, {2, 2, 7.5F, 7.5F, 0}}));
    }

    void theListsSayWhatIsTest()
    {
        for (const char* name : {"1", "2", "3", "4", "5"})
            writeVoc("lists", name, annotation(8, 8, object("cat", "1", "1", QByteArray::number(name[0] - '0' + 1), "4")), png(8, 8));
        writeFile(at("lists/ImageSets/Main/train.txt"), "1\n2\n");
        writeFile(at("lists/ImageSets/Main/val.txt"), "3 \r\n");
        writeFile(at("lists/ImageSets/Main/test.txt"), "4\n2\nmissing\n../../etc/passwd\n");
        auto dataset = load("voc", at("lists"));
        QVERIFY2(dataset.value, qPrintable(problemsOf(dataset)));
        QCOMPARE(dataset->train.count(), 2); // 1 and 3; 2 is tested, 5 is in no list
        QCOMPARE(dataset->train.targets.boxes[1][0].right, 4.0F);
        QCOMPARE(dataset->test->count(), 2);
        QCOMPARE(dataset->setAsideCount, 2);
        QFile::remove(at("lists/ImageSets/Main/test.txt"));
        dataset = load("voc", at("lists"));
        QCOMPARE(dataset->train.count(), 2); // 1 and 2; VOC 2012 is judged on val
        QCOMPARE(dataset->test->count(), 1);
    }

    void whatCannotBeUsedIsSetAsideWithItsReason()
    {
        writeVoc("bad", "good", annotation(20, 20, object("cat", "1", "1", "9", "9")), png(20, 20));
        writeVoc("bad", "boxes",
                 annotation(20, 20,
                            object("cat", "-5", "2", "10", "99") + object("cat", "9", "1", "3", "5") + object("cat", "30", "1", "40", "5")
                                + object("cat", "nan", "1", "4", "5") + object("cat", "1e999", "1", "4", "5")
                                + object("cat", "", "", "", "") + object("cat", "4", "4", "3", "9")),
                 png(20, 20));
        writeVoc("bad", "turned", annotation(30, 20, object("cat", "1", "1", "9", "9")), png(20, 30));
        writeVoc("bad", "scaled", annotation(40, 40, object("cat", "1", "1", "40", "40")), png(20, 20));
        writeVoc("bad", "damaged", annotation(20, 20, object("cat", "1", "1", "9", "9")), png(20, 20).left(40));
        writeVoc("bad", "alone", annotation(20, 20, object("cat", "1", "1", "9", "9")), {});
        writeVoc("bad", "xml", "<annotation>", png(20, 20));
        const auto dataset = load("voc", at("bad"));
        QVERIFY2(dataset.value, qPrintable(problemsOf(dataset)));
        QCOMPARE(dataset->train.count(), 3);
        QCOMPARE(dataset->train.targets.boxes[0], (std::vector<Box>{{0, 1, 10, 20, 0}})); // cut at the edges
        QCOMPARE(dataset->train.targets.boxes[2], (std::vector<Box>{{0, 0, 20, 20, 0}})); // the picture was scaled since
        const QString all = problemsOf(dataset);
        QVERIFY2(dataset->setAsideCount == 10, qPrintable(all));
        for (const char* reason : {"not finite", "inverted", "outside the picture", "annotated at 30x20, but the picture has 20x30",
                                   "damaged PNG", "no picture of this name", "damaged XML"})
            QVERIFY2(all.contains(reason), reason);
    }

    void aClassThatIsNotLearntIsNotTested()
    {
        writeVoc("classes", "a", annotation(8, 8, object("cat", "1", "1", "5", "5") + object("ant", "1", "1", "3", "3", 1)), png(8, 8));
        writeVoc("classes", "b", annotation(8, 8, object("emu", "1", "1", "5", "5") + object("cat", "2", "2", "5", "5")), png(8, 8));
        writeFile(at("classes/ImageSets/Main/train.txt"), "a");
        writeFile(at("classes/ImageSets/Main/test.txt"), "b");
        const auto dataset = load("voc", at("classes"));
        QVERIFY2(dataset.value, qPrintable(problemsOf(dataset)));
        QCOMPARE(dataset->train.targets.classNames, std::vector<std::string>{"cat"});
        QCOMPARE(dataset->test->targets.boxes[0], (std::vector<Box>{{1, 1, 5, 5, 0}}));
        QCOMPARE(dataset->setAsideCount, 2);
    }

    void aFolderWithoutBoxesIsRefused()
    {
        writeVoc("none", "a", annotation(8, 8, {}), png(8, 8));
        QVERIFY(!load("voc", at("none")));
        QDir{}.mkpath(at("bare/Annotations"));
        QVERIFY(!load("voc", at("bare")));
        QVERIFY(!load("voc", at("nowhere")));
        QVERIFY(!load("coco", at("none")));
    }

    void cocoIsReadFromItsOwnLayout()
    {
        writeFile(at("coco/annotations/instances_train2017.json"), R"({"info": {"deep": [1]}, "images": [
            {"id": 9, "file_name": "b.png", "width": 20, "height": 10}, {"id": 4, "file_name": "a.png", "width": 20, "height": 10},
            {"id": 5, "file_name": "../../../etc/passwd"}, {"id": 6, "file_name": "gone.png"}, {"file_name": "no id.png"}],
            "categories": [{"id": 18, "name": "dog"}, {"id": 1, "name": "person"}, {"id": 3, "name": "never"}],
            "annotations": [
            {"image_id": 4, "category_id": 18, "bbox": [1, 2, 5.5, 4], "iscrowd": 0, "segmentation": [[1, 2, [3, [4]]]]},
            {"image_id": 4, "category_id": 1, "bbox": [0, 0, 10, 10], "iscrowd": 1},
            {"image_id": 9, "category_id": 1, "bbox": [15, 5, 50, 2]},
            {"image_id": 9, "category_id": 77, "bbox": [1, 1, 2, 2]}, {"image_id": 1, "category_id": 1, "bbox": [1, 1, 2, 2]},
            {"image_id": 9, "category_id": 1, "bbox": [3, 3, -1, 2]}, {"image_id": 9, "category_id": 1, "bbox": "all"},
            {"image_id": 9, "category_id": 1, "bbox": [1, null, 2, 2]}]})");
        writeFile(at("coco/annotations/instances_val2017.json"), R"({"images": [{"id": 1, "file_name": "v.png"}],
            "categories": [{"id": 1, "name": "person"}], "annotations": [{"image_id": 1, "category_id": 1, "bbox": [0, 0, 3, 3]}]})");
        writeFile(at("coco/train2017/a.png"), png(20, 10));
        writeFile(at("coco/train2017/b.png"), png(20, 10));
        writeFile(at("coco/val2017/v.png"), png(20, 10));
        const auto dataset = load("coco", at("coco"));
        QVERIFY2(dataset.value, qPrintable(problemsOf(dataset)));
        QCOMPARE(dataset->train.targets.classNames, (std::vector<std::string>{"person", "dog"}));
        QCOMPARE(dataset->train.targets.boxes[0], (std::vector<Box>{{1, 2, 6.5, 6, 1}, {0, 0, 10, 10, 0, true}}));
        QCOMPARE(dataset->train.targets.boxes[1], (std::vector<Box>{{15, 5, 20, 7, 0}}));
        QCOMPARE(dataset->test->targets.boxes[0], (std::vector<Box>{{0, 0, 3, 3, 0}}));
        QVERIFY2(dataset->setAsideCount == 8, qPrintable(problemsOf(dataset)));
        QVERIFY(load("coco", at("coco/annotations/instances_train2017.json")));
    }

    void cocoIsReadAsAnnotationServicesExportIt()
    {
        for (const char* part : {"train", "valid"}) {
            writeFile(at(QString{"export/%1/_annotations.coco.json"}.arg(part)), R"({"images": [{"id": 0, "file_name": "x.png"}],
                "categories": [{"id": 0, "name": "cells"}, {"id": 1, "name": "red"}],
                "annotations": [{"image_id": 0, "category_id": 1, "bbox": [1, 1, 3, 3]}]})");
            writeFile(at(QString{"export/%1/x.png"}.arg(part)), png(8, 8));
        }
        const auto dataset = load("coco", at("export"));
        QVERIFY2(dataset.value, qPrintable(problemsOf(dataset)));
        QCOMPARE(dataset->train.targets.classNames, std::vector<std::string>{"red"});
        QCOMPARE(dataset->train.count(), 1);
        QCOMPARE(dataset->test->count(), 1);
    }

    void aJsonThatIsNoInstancesFileIsRefused_data()
    {
        QTest::addColumn<QByteArray>("json");
        QTest::newRow("empty") << QByteArray{};
        QTest::newRow("cut off") << QByteArray(R"({"images": [{"id": 1)");
        QTest::newRow("no lists") << QByteArray("{}");
        QTest::newRow("an array") << QByteArray("[1, 2]");
        QTest::newRow("lists that are none") << QByteArray(R"({"images": 1, "categories": {}, "annotations": "x"})");
        QTest::newRow("a million deep") << QByteArray("[").repeated(1'000'000);
        QTest::newRow("a number that overflows") << QByteArray(R"({"images": [{"id": 1e999}], "categories": [], "annotations": []})");
        QTest::newRow("not UTF-8") << QByteArray("{\"images\": [\"\xff\"], \"categories\": [], \"annotations\": []}");
    }
    void aJsonThatIsNoInstancesFileIsRefused()
    {
        QFETCH(QByteArray, json);
        const auto read = parseCocoInstances({json.constData(), static_cast<std::size_t>(json.size())});
        QVERIFY(!read);
        QVERIFY(!english(read.problems.front()).empty());
    }

    void entriesOfAnOddKindDoNoHarm()
    {
        const auto read = parseCocoInstances(R"({"images": [1, null, {"id": 18446744073709551615, "file_name": "a"}, {"id": 1, "file_name": 3}],
            "categories": [{"id": 2}, "x", {"id": 1.5, "name": "y"}], "annotations": [null, [1], {"image_id": "1"}]})");
        QVERIFY(read);
        QVERIFY(read->pictures.empty());
        QVERIFY(read->classNames.empty());
        QCOMPARE(read->setAsideCount, 7);
    }

    void foldersWithBoxesAreRecognised()
    {
        QCOMPARE(recognizeSource(at("bad").toStdString())->kind, std::string{"voc"});
        QCOMPARE(recognizeSource(at("coco").toStdString())->kind, std::string{"coco"});
        QCOMPARE(recognizeSource(at("export").toStdString())->kind, std::string{"coco"});
        QCOMPARE(recognizeSource(at("coco/annotations/instances_val2017.json").toStdString())->kind, std::string{"coco"});
        writeFile(at("pets/cat/1.png"), png(4, 4));
        writeFile(at("pets/notes.json"), "{}");
        QCOMPARE(recognizeSource(at("pets").toStdString())->kind, std::string{"image-folder"});
    }

    void readingBoxesCanBeStopped()
    {
        std::stop_source source;
        source.request_stop();
        for (const char* kind : {"voc", "coco", "drawn-street"})
            QVERIFY_EXCEPTION_THROWN(findDatasetKind(kind)->load({{"path", at(kind == std::string{"coco"} ? "coco" : "bad").toStdString()}},
                                                                 {.stop = source.get_token()}),
                                     Cancelled);
    }

    void aCanvasKnowsWhatIsSeen()
    {
        Canvas canvas{20, 10};
        canvas.begin(0);
        canvas.rectangle(2, 1, 10, 5, {1, 0, 0});
        canvas.begin(1);
        canvas.rectangle(6, -3, 14, 9, {0, 1, 0}); // hides half of the first; what lies outside does not count
        canvas.begin(2);
        canvas.rectangle(30, 1, 40, 5, {});
        canvas.begin(Canvas::background);
        canvas.rectangle(6, 0, 14, 3, {0, 0, 1}); // hides the upper third of the second
        const auto seen = canvas.seen();
        QCOMPARE(seen.size(), 3U);
        QCOMPARE(seen[0]->extent, (Box{2, 1, 6, 5}));
        QCOMPARE(seen[0]->visible, 0.5);
        QCOMPARE(seen[1]->extent, (Box{6, 3, 14, 9}));
        QCOMPARE(seen[1]->visible, 2.0 / 3);
        QVERIFY(!seen[2]);
        Random random{1};
        std::vector<std::uint8_t> pixels(3 * 20 * 10);
        canvas.develop(1, 0, random, pixels.data());
        QCOMPARE(pixels[2 * 20 + 3], 255);            // red of the first
        QCOMPARE(pixels[20 * 10 + 5 * 20 + 8], 255);  // green of the second
        QCOMPARE(pixels[5 * 20 + 8], 0);
    }

    void drawnStreetsAreTheSameEverywhereAndTheirBoxesLieInside()
    {
        const Parameters small{{"samples", std::int64_t{60}}, {"width", std::int64_t{96}}};
        const auto once = findDatasetKind("drawn-street")->load(small, {}), again = findDatasetKind("drawn-street")->load(small, {});
        QVERIFY(once && once->test && once->test->count() == 15);
        const auto& pictures = std::get<PictureArray>(once->train.inputs);
        QVERIFY(pictures.pixels == std::get<PictureArray>(again->train.inputs).pixels);
        QCOMPARE(once->train.targets.boxes, again->train.targets.boxes);
        QVERIFY(pictures.pixels != std::get<PictureArray>(findDatasetKind("drawn-street")->load({{"samples", std::int64_t{60}},
            {"width", std::int64_t{96}}, {"seed", std::int64_t{2}}}, {})->train.inputs).pixels);
        std::vector<int> counts(once->train.targets.classNames.size());
        for (const auto& boxes : once->train.targets.boxes)
            for (const Box& box : boxes) {
                QVERIFY(box.left >= 0 && box.top >= 0 && box.right <= 96 && box.bottom <= 64);
                QVERIFY(box.left < box.right && box.top < box.bottom);
                ++counts[static_cast<std::size_t>(box.classIndex)];
            }
        for (const int count : counts)
            QVERIFY(count > 10);
        QVERIFY(!findDatasetKind("drawn-street")->load({{"density", 0.0}, {"samples", std::int64_t{20}}}, {}));
    }

    void bloodCellsAreReadInSeconds()
    {
        const QString path = QString{SHARED_DATA_DIR} + "/detection/bccd";
        if (!QFile::exists(path))
            QSKIP("real data is absent");
        QElapsedTimer timer;
        timer.start();
        const auto dataset = load("voc", path, 320);
        QVERIFY2(dataset.value, qPrintable(problemsOf(dataset)));
        QVERIFY(timer.elapsed() < 60'000); // 2 s on two quiet cores
        QCOMPARE(dataset->train.count(), 292);
        QCOMPARE(dataset->test->count(), 72);
        QCOMPARE(dataset->train.targets.classNames, (std::vector<std::string>{"Platelets", "RBC", "WBC"}));
        std::size_t boxes = 0;
        for (const Samples* part : {&dataset->train, &*dataset->test})
            for (const auto& list : part->targets.boxes)
                boxes += list.size();
        QCOMPARE(boxes + static_cast<std::size_t>(dataset->setAsideCount), 4888U);
    }
};

QTEST_GUILESS_MAIN(TestBoxes)
#include "tst_boxes.moc"
