// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/data/dataset.h"
#include "tests/core/png_files.h"

#include <QDir>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>

using namespace descent;

namespace {

QByteArray png(std::uint32_t width, std::uint32_t height, std::uint8_t red, std::uint8_t green, std::uint8_t blue)
{
    return pngOf({red, green, blue}, width, height);
}

class Folder {
public:
    Folder()
    {
        writeFile(file("pictures/red.png"), png(20, 10, 250, 0, 0));
        writeFile(file("pictures/green.PNG"), png(12, 12, 0, 250, 0));
        writeFile(file("pictures/blue.png"), png(8, 8, 0, 0, 250));
    }
    QString file(const char* name) const { return m_folder.filePath(name); }
    Result<Dataset> load(const QByteArray& table, Parameters parameters = {})
    {
        writeFile(file("table.csv"), table);
        parameters["path"] = file("table.csv").toStdString();
        parameters.try_emplace("size", std::int64_t{8});
        return findDatasetKind("picture-table")->load(parameters, {});
    }

private:
    QTemporaryDir m_folder;
};

const PicturesAndMore& inputsOf(const Result<Dataset>& dataset)
{
    return std::get<PicturesAndMore>(dataset->train.inputs);
}

}

class TestPictureTable : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void aRowIsAPictureWithItsNumbersAndCategories()
    {
        Folder folder;
        const auto dataset = folder.load("file,age,colour,ill\n"
                                         "pictures/red.png,31,warm,yes\n"
                                         "pictures/green.PNG,,cold,no\n"
                                         "pictures/blue.png,52,cold,no\n");
        QVERIFY(dataset);
        const PicturesAndMore& inputs = inputsOf(dataset);
        QCOMPARE(inputs.pictures.count, 3);
        QCOMPARE(inputs.pictures.channels, 3);
        QCOMPARE(inputs.pictures.height, 8);
        QCOMPARE(int{inputs.pictures.pixels[0]}, 250);                 // red of the first
        QCOMPARE(int{inputs.pictures.pixels[3 * 64 + 64]}, 250);       // green of the second
        QVERIFY(inputs.table);
        QVERIFY(!inputs.captions);
        QCOMPARE(inputs.table->columns.size(), std::size_t{2});
        QCOMPARE(inputs.table->columns[0].numbers[2], 52.0F);
        QVERIFY(std::isnan(inputs.table->columns[0].numbers[1]));
        QCOMPARE(inputs.table->columns[1].categories, (std::vector<std::string>{"warm", "cold"}));
        QCOMPARE(dataset->train.targets.classNames, (std::vector<std::string>{"no", "yes"}));
        QCOMPARE(dataset->train.targets.classes, (std::vector<std::int64_t>{1, 0, 0}));
    }

    void picturesAndCaptionsNeedNoTarget()
    {
        Folder folder;
        const auto dataset = folder.load("image,caption\n"
                                         "pictures/red.png,all of it is red\n"
                                         "pictures/green.PNG,here is nothing but green\n"
                                         "pictures/blue.png,a blue that never ends\n");
        QVERIFY(dataset);
        const PicturesAndMore& inputs = inputsOf(dataset);
        QVERIFY(inputs.captions);
        QVERIFY(!inputs.table);
        QCOMPARE(inputs.captions->texts[2], std::string{"a blue that never ends"});
        QVERIFY(!dataset->train.targets.areClasses());
        QVERIFY(!dataset->train.targets.areNumbers());
    }

    void rowsWhosePictureCannotBeReadAreSetAside()
    {
        Folder folder;
        writeFile(folder.file("pictures/broken.png"), "not a picture");
        const auto dataset = folder.load("file,class\n"
                                         "pictures/red.png,a\n"
                                         "pictures/missing.png,a\n"
                                         "pictures/broken.png,b\n"
                                         "pictures/blue.png,\n"
                                         "/dev/zero.png,b\n"
                                         "pictures/green.PNG,b\n",
                                         {{"header", std::string{"yes"}}, {"targetType", std::string{"class"}}});
        QVERIFY(dataset);
        QCOMPARE(inputsOf(dataset).pictures.count, 2);
        QCOMPARE(dataset->setAsideCount, 4);
        QCOMPARE(dataset->train.targets.classes, (std::vector<std::int64_t>{0, 1}));
        QCOMPARE(dataset->setAside[0].path, std::string{"table.csv:5"}); // no target
        QCOMPARE(dataset->setAside[1].path, std::string{"table.csv:3"});
    }

    void aDeviceIsNoPicture()
    {
        Folder folder;
        QVERIFY(QFile::link("/dev/zero", folder.file("pictures/endless.png")));
        const auto dataset = folder.load("file,class\npictures/endless.png,a\npictures/red.png,b\n",
                                         {{"header", std::string{"yes"}}, {"targetType", std::string{"class"}}});
        QVERIFY(dataset);
        QCOMPARE(inputsOf(dataset).pictures.count, 1);
    }

    void columnsCanBeChosenByName()
    {
        Folder folder;
        const QByteArray table = "left,right,side,grade\n"
                                 "pictures/red.png,pictures/blue.png,l,1.5\n"
                                 "pictures/green.PNG,pictures/red.png,r,2.5\n";
        const auto dataset = folder.load(table, {{"pictures", std::string{"right"}}, {"target", std::string{"grade"}}});
        QVERIFY(dataset);
        QCOMPARE(int{inputsOf(dataset).pictures.pixels[2 * 64]}, 250); // blue of blue.png
        QCOMPARE(dataset->train.targets.values, (std::vector<float>{1.5F, 2.5F}));
        const auto wrong = folder.load(table, {{"pictures", std::string{"rihgt"}}});
        QVERIFY(!wrong);
        QCOMPARE(wrong.problems.front().path, std::string{"dataset.pictures"});
        QCOMPARE(english(wrong.problems.front().hint), std::string{"did you mean \"right\"?"});
        const auto twice = folder.load(table, {{"pictures", std::string{"right"}}, {"target", std::string{"right"}}});
        QVERIFY(!twice);
    }

    void aTableWithoutPicturesIsAProblem()
    {
        Folder folder;
        const auto dataset = folder.load("a,b\n1,2\n3,4\n");
        QVERIFY(!dataset);
        QCOMPARE(dataset.problems.front().path, std::string{"dataset.pictures"});
    }

    void aTableThatNamesPicturesIsRecognised()
    {
        Folder folder;
        writeFile(folder.file("with.csv"), "file,class\npictures/red.png,a\npictures/blue.png,b\n");
        writeFile(folder.file("without.csv"), "size,class\n1,a\n2,b\n");
        QCOMPARE(recognizeSource(folder.file("with.csv").toStdString())->kind, std::string{"picture-table"});
        QCOMPARE(recognizeSource(folder.file("without.csv").toStdString())->kind, std::string{"csv"});
    }
};

QTEST_GUILESS_MAIN(TestPictureTable)
#include "tst_picture_table.moc"
