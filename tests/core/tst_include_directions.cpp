// SPDX-License-Identifier: GPL-3.0-or-later
#include <QDirIterator>
#include <QFile>
#include <QRegularExpression>
#include <QTest>

namespace {

/// Folders from lowest to highest: a file may include what stands at its place or before.
const QStringList order{
    "engine/core/base", "engine/core/text", "engine/core/metrics", "engine/core/schema", "engine/core/checkpoint", "engine/core/network",
    "engine/core/data", "engine/core/task", "engine/core/recipe", "engine/core/run", "engine/core/store", "engine/core/history", "engine/core/summary", "engine/core/interchange", "engine/core/backend", "engine/core/job",
    "engine/torch", "engine/cuda", "ui/theme", "ui/plot", "ui/forms", "ui/history", "ui/views", "ui/summary", "ui/layers", "ui/try", "ui/train", "ui/prepare", "ui/runs", "ui/queue", "ui/report", "ui/compare",
    "ui/shell", "app"};

int rankOf(const QString& path)
{
    for (int i = 0; i < order.size(); ++i)
        if (path.startsWith(order[i] + '/'))
            return i;
    return -1;
}

/// What is wrong with the include lines of `path`, one sentence each.
QStringList violations(const QString& path, const QString& content)
{
    QStringList wrong;
    const QRegularExpression include{"^\\s*#\\s*include\\s*[\"<]([^\">]+)[\">]", QRegularExpression::MultilineOption};
    for (auto match = include.globalMatch(content); match.hasNext();) {
        const QString target = match.next().captured(1);
        const int mine = rankOf(path), theirs = rankOf(target);
        if (theirs > mine)
            wrong << QString{"%1 includes %2, which stands above it"}.arg(path, target);
        const bool torch = target.startsWith("torch/") || target.startsWith("ATen/") || target.startsWith("c10/");
        const bool module = path.startsWith("engine/torch/") || path.startsWith("engine/cuda/");
        if (torch && !module)
            wrong << QString{"%1 includes torch"}.arg(path);
        if (theirs == order.indexOf("engine/torch") && !module)
            wrong << QString{"%1 includes the training module"}.arg(path);
        const bool qt = QRegularExpression{"^Q[A-Z]|^qcustomplot"}.match(target).hasMatch();
        if (qt && path.startsWith("engine/"))
            wrong << QString{"%1 includes Qt"}.arg(path);
        if (target == "qcustomplot.h" && !(path.startsWith("ui/plot/") && path.endsWith(".cpp")))
            wrong << QString{"%1 includes qcustomplot.h"}.arg(path);
    }
    return wrong;
}

}

class TestIncludeDirections : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void aPlantedViolationIsFound_data()
    {
        QTest::addColumn<QString>("path");
        QTest::addColumn<QString>("include");
        QTest::newRow("upwards") << "engine/core/data/x.h" << "#include \"engine/core/store/run_store.h\"";
        QTest::newRow("torch in the window") << "ui/train/x.cpp" << "#include <torch/torch.h>";
        QTest::newRow("Qt in the engine") << "engine/core/run/x.h" << "#include <QString>";
        QTest::newRow("a page in another") << "ui/train/x.cpp" << "#include \"ui/compare/compare_page.h\"";
        QTest::newRow("plots elsewhere") << "ui/runs/x.cpp" << "#include <qcustomplot.h>";
        QTest::newRow("the module in the core") << "engine/core/job/x.cpp" << "#include \"engine/torch/train/trainer.h\"";
    }
    void aPlantedViolationIsFound()
    {
        QFETCH(QString, path);
        QFETCH(QString, include);
        QCOMPARE(violations(path, include).isEmpty(), false);
        QCOMPARE(violations(path, "#include \"" + path + "\"").isEmpty(), true);
    }

    void everyFileIncludesOnlyWhatStandsBelowIt()
    {
        const QDir root{SOURCE_DIR};
        QStringList wrong;
        int files = 0;
        for (const char* folder : {"engine", "ui", "app"}) {
            QDirIterator walk{root.filePath(folder), {"*.h", "*.cpp"}, QDir::Files, QDirIterator::Subdirectories};
            while (walk.hasNext()) {
                QFile file{walk.next()};
                QVERIFY(file.open(QIODevice::ReadOnly));
                const QString path = root.relativeFilePath(file.fileName());
                QVERIFY2(rankOf(path) >= 0, qPrintable(path + " stands in a folder this test does not know"));
                wrong << violations(path, QString::fromUtf8(file.readAll()));
                ++files;
            }
        }
        QVERIFY(files > 80);
        QVERIFY2(wrong.isEmpty(), qPrintable(wrong.join('\n')));
    }
};

QTEST_GUILESS_MAIN(TestIncludeDirections)
#include "tst_include_directions.moc"
