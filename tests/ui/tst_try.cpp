// SPDX-License-Identifier: GPL-3.0-or-later
// The windows that try finished runs, with real events and networks trained for a moment.
#include "engine/core/backend/backend.h"
#include "engine/core/job/training_job.h"
#include "tests/ui/finding.h"
#include "ui/try/faces_dialog.h"
#include "ui/try/forecast_dialog.h"
#include "ui/try/rows_dialog.h"
#include "ui/try/try_dialog.h"
#include "ui/try/word_bars.h"
#include "ui/views/box_views.h"

#include <QDir>
#include <QDropEvent>
#include <QImage>
#include <QLabel>
#include <QMimeData>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QSlider>
#include <QSpinBox>
#include <QTableView>
#include <QTemporaryDir>
#include <QTest>

using namespace descent;

class TestTry : public QObject
{
    Q_OBJECT
    QTemporaryDir m_folder;
    std::unique_ptr<QDialog> m_dialog;

    /// A finished run, in the store.
    RunId train(const char* name, const std::vector<std::pair<const char*, std::string>>& settings)
    {
        Recipe recipe = findRecipeTemplate(name)->recipe;
        for (const auto& [path, value] : settings)
            if (const Problems problems = setByPath(recipe, path, value); !problems.empty())
                qFatal("%s", english(problems.front()).c_str());
        Result<PreparedTraining> training = prepareTraining(recipe, loadBackend(), {});
        if (!training)
            qFatal("%s", english(training.problems.front()).c_str());
        TrainingJob job{std::move(*training.value), loadBackend(), {.folder = m_folder.path().toStdString()}};
        job.wait();
        return job.run();
    }
    void open(const char* task, RunId run)
    {
        m_dialog.reset(makeTryDialog(task, {m_folder.path().toStdString(), run, "a run"}, nullptr));
        QVERIFY(m_dialog);
        m_dialog->setAttribute(Qt::WA_DeleteOnClose, false);
        m_dialog->show();
        QVERIFY(QTest::qWaitForWindowExposed(m_dialog.get()));
    }
    template <typename Widget>
    Widget* find(const char* name) { return found<Widget>(*m_dialog, name); }
    QString state() { return find<QLabel>("tryState")->text(); }
    QString write(const QString& name, const QByteArray& bytes)
    {
        QFile file{m_folder.filePath(name)};
        if (!file.open(QIODevice::WriteOnly) || file.write(bytes) != bytes.size())
            qFatal("cannot write %s", qPrintable(name));
        return file.fileName();
    }
    void drop(const QString& path)
    {
        QMimeData data;
        data.setUrls({QUrl::fromLocalFile(path)});
        QDragEnterEvent enter{{5, 5}, Qt::CopyAction, &data, Qt::LeftButton, Qt::NoModifier};
        QCoreApplication::sendEvent(m_dialog.get(), &enter);
        QVERIFY(enter.isAccepted());
        QDropEvent event{QPointF{5, 5}, Qt::CopyAction, &data, Qt::LeftButton, Qt::NoModifier};
        QCoreApplication::sendEvent(m_dialog.get(), &event);
    }

private Q_SLOTS:
    void cleanup() { m_dialog.reset(); }

    void everyTaskThatCanBeTriedHasAWindow()
    {
        for (const TaskKind& task : taskKinds()) {
            QCOMPARE(canBeTried(task.id), !tryHint(task.id).isEmpty());
            const std::unique_ptr<QDialog> dialog{makeTryDialog(task.id, {m_folder.path().toStdString(), 99, "a run"}, nullptr)};
            QCOMPARE(dialog != nullptr, canBeTried(task.id));
        }
        QVERIFY(!canBeTried("cooking"));
    }

    void aRunThatIsGoneIsSaid()
    {
        open("forecasting", 12345);
        QTRY_VERIFY_WITH_TIMEOUT(state().startsWith("This did not work"), 20000);
    }

    void aPictureIsShownAndItsClassTold()
    {
        open("image-classification", train("drawn-digits", {{"dataset.samples", "300"}, {"training.epochs", "3"}, {"architecture.kind", "mlp"}}));
        click(find<QPushButton>("padAnother"));
        QTRY_COMPARE_WITH_TIMEOUT(find<WordBars>("wordBars")->words().size(), 10, 30000);
        QVERIFY(!find<WordBars>("wordBars")->words().front().isEmpty());
        QImage picture{40, 30, QImage::Format_RGB888};
        picture.fill(Qt::white);
        picture.save(m_folder.filePath("white.png"));
        drop(m_folder.filePath("white.png"));
        QTRY_VERIFY_WITH_TIMEOUT(state().startsWith("How sure"), 20000);
        drop(write("no.png", "this is no picture"));
        QTRY_VERIFY_WITH_TIMEOUT(state().startsWith("This did not work"), 20000);
    }

    void aTextBelongsToAClass()
    {
        QByteArray table = "text\tlabel\n";
        for (int i = 0; i < 60; ++i)
            table += i % 2 == 0 ? "what a lovely warm film\tgood\n" : "what a dull cold bore\tbad\n";
        const RunId run = train("sentiment", {{"dataset.path", write("films.tsv", table).toStdString()}, {"dataset.text", "text"}, {"training.epochs", "8"}, {"training.batchSize", "8"}});
        open("text-classification", run);
        click(find<QPushButton>("tryAsk"));
        QCOMPARE(state(), QString{"Write a text first."});
        auto* text = find<QPlainTextEdit>("tryText");
        for (const auto& [words, label] : {std::pair{"a lovely warm one", "good"}, {"dull and cold", "bad"}}) {
            text->setFocus();
            text->selectAll();
            QTest::keyClicks(text, words);
            QTest::keyClick(text, Qt::Key_Return, Qt::ControlModifier);
            QTRY_COMPARE_WITH_TIMEOUT(find<WordBars>("wordBars")->words().value(0), QString{label}, 20000);
        }
    }

    void rowsOfAnotherTableArePredictedAndSaved()
    {
        QByteArray table = "size,colour,kind\n";
        for (int i = 0; i < 120; ++i)
            table += QByteArray::number(i % 60) + (i % 3 == 0 ? ",red," : ",blue,") + (i % 60 < 30 ? "small\n" : "large\n");
        const RunId run = train("table", {{"dataset.kind", "csv"}, {"dataset.path", write("sizes.csv", table).toStdString()}, {"training.epochs", "30"}});
        open("tabular-classification", run);
        auto* dialog = qobject_cast<RowsDialog*>(m_dialog.get());
        QVERIFY(!find<QPushButton>("trySave")->isEnabled());
        drop(write("new.csv", "colour,size\nred,2\nblue,58\n"));
        QTRY_VERIFY_WITH_TIMEOUT(find<QPushButton>("trySave")->isEnabled(), 20000);
        const QAbstractItemModel* rows = m_dialog->findChild<QTableView*>()->model();
        QCOMPARE(rows->rowCount(), 2);
        QCOMPARE(rows->headerData(0, Qt::Horizontal).toString(), QString{"Predicted: kind"});
        QCOMPARE(rows->index(0, 0).data().toString(), QString{"small"});
        QCOMPARE(rows->index(1, 0).data().toString(), QString{"large"});
        QVERIFY(rows->index(0, 1).data().toString().endsWith("%"));
        QCOMPARE(rows->index(0, 2).data().toString(), QString{"red"});
        dialog->save(m_folder.filePath("said.csv"));
        QTRY_COMPARE(state(), QString{"Saved."});
        QFile saved{m_folder.filePath("said.csv")};
        QVERIFY(saved.open(QIODevice::ReadOnly));
        QVERIFY(saved.readAll().startsWith("kind,p("));
        drop(write("wrong.csv", "colour,weight\nred,2\n"));
        QTRY_VERIFY_WITH_TIMEOUT(state().startsWith("This did not work"), 20000);
        dialog->save("/nowhere/said.csv");
        QTRY_VERIFY(state().contains("/nowhere"));
    }

    void aSeriesGoesOn()
    {
        open("forecasting", train("waves", {{"architecture.kind", "dlinear"}, {"training.epochs", "1"}}));
        auto* charts = find<ForecastCharts>("forecastCharts");
        QTRY_VERIFY_WITH_TIMEOUT(charts->count() > 0, 30000);
        QTRY_VERIFY(state().startsWith("What was"));
        find<QSpinBox>("trySteps")->setValue(7);
        click(find<QPushButton>("tryAsk"));
        QTRY_VERIFY_WITH_TIMEOUT(state().startsWith("What was"), 20000);
        qobject_cast<ForecastDialog*>(m_dialog.get())->save(m_folder.filePath("ahead.csv"));
        QTRY_COMPARE(state(), QString{"Saved."});
        QFile saved{m_folder.filePath("ahead.csv")};
        QVERIFY(saved.open(QIODevice::ReadOnly));
        QCOMPARE(saved.readAll().count('\n'), 8); // a header, seven steps
    }

    void boxesAreFoundAndDrawnInByHowSureTheyAre()
    {
        open("detection", train("street", {{"dataset.samples", "40"}, {"training.epochs", "1"}}));
        click(find<QPushButton>("padAnother"));
        auto* panel = find<BoxPanel>("boxPanel");
        QTRY_COMPARE_WITH_TIMEOUT(panel->preview().pictures.size(), std::size_t{1}, 60000);
        QVERIFY(!panel->preview().pictures.front().truth.empty());
        auto* slider = find<QSlider>("leastScore");
        slider->setValue(slider->minimum());
        const std::size_t all = panel->preview().pictures.front().found.size();
        slider->setFocus();
        QTest::keyClick(slider, Qt::Key_End);
        QVERIFY(panel->preview().pictures.front().found.size() < all || all == 0);
        QVERIFY(state() == QString{"Nothing is found that it is so sure of."} || !panel->preview().pictures.front().found.empty());
    }

    void peopleAreEnrolledAndFound()
    {
        open("face-recognition", train("faces", {{"dataset.people", "40"}, {"dataset.picturesEach", "6"}, {"dataset.size", "24"}, {"training.epochs", "2"}}));
        const QList<QPushButton*> another = m_dialog->findChildren<QPushButton*>("padAnother");
        QCOMPARE(another.size(), 2);
        click(another.front());
        auto* enrolled = find<QLabel>("enrolled");
        QTRY_COMPARE_WITH_TIMEOUT(enrolled->text(), QString{"Nobody is enrolled yet."}, 60000);
        for (const char* person : {"ann", "bob"})
            for (int i = 0; i < 2; ++i) {
                QImage picture{24, 24, QImage::Format_RGB888};
                picture.fill(QColor{person[0] == 'a' ? 200 : 20, 40 * i, 90});
                QDir{}.mkpath(m_folder.filePath(QString{"people/%1"}.arg(person)));
                picture.save(m_folder.filePath(QString{"people/%1/%2.png"}.arg(person).arg(i)));
            }
        drop(m_folder.filePath("people"));
        auto* nearest = find<NearestFaces>("nearestFaces");
        QTRY_COMPARE_WITH_TIMEOUT(nearest->names().size(), 2, 20000);
        drop(m_folder.filePath("people/bob/1.png"));
        click(another.back()); // both at once: neither is lost
        QTRY_COMPARE_WITH_TIMEOUT(nearest->names().front(), QString{"bob"}, 20000);
        QTRY_VERIFY_WITH_TIMEOUT(!find<QLabel>("verdict")->text().isEmpty(), 20000);
    }

    void textsAreTranslatedLineByLine()
    {
        open("translation", train("dates", {{"dataset.samples", "300"}, {"training.epochs", "1"}}));
        auto* texts = find<QPlainTextEdit>("tryText");
        texts->setFocus();
        QTest::keyClicks(texts, "5 March 2001");
        QTest::keyClick(texts, Qt::Key_Return);
        QTest::keyClicks(texts, "6 April 1999");
        QTest::keyClick(texts, Qt::Key_Return, Qt::ControlModifier);
        QTRY_COMPARE_WITH_TIMEOUT(state(), QString{"By the network:"}, 60000);
        QCOMPARE(find<QPlainTextEdit>("tryTranslations")->toPlainText().count('\n'), 1);
    }

    void longWorkShowsThatItGoesOnAndIsStopped()
    {
        QByteArray song;
        for (int i = 0; i < 400; ++i)
            song += "row row row your boat\n";
        open("language-modelling", train("shakespeare", {{"dataset.path", write("long.txt", song).toStdString()}, {"task.context", "16"}, {"task.windowsPerEpoch", "60"},
                                                         {"training.epochs", "1"}, {"architecture.width", "32"}, {"architecture.depth", "1"}}));
        QVERIFY(!find<QPushButton>("tryStop")->isVisible());
        for (QSpinBox* box : m_dialog->findChildren<QSpinBox*>())
            if (box->maximum() == 100'000 && box->minimum() == 1)
                box->setValue(100'000); // tokens
        click(find<QPushButton>("write"));
        QTRY_VERIFY_WITH_TIMEOUT(find<QPushButton>("tryStop")->isVisible(), 20000);
        QTRY_COMPARE_WITH_TIMEOUT(state(), QString{"Writing…"}, 20000);
        click(find<QPushButton>("tryStop"));
        QTRY_COMPARE_WITH_TIMEOUT(state(), QString{"Stopped."}, 20000);
        QVERIFY(!find<QPushButton>("tryStop")->isVisible());
        QVERIFY(find<QPushButton>("write")->isEnabled());
    }

    void aNetworkWrites()
    {
        QByteArray song;
        for (int i = 0; i < 200; ++i)
            song += "row row row your boat\n";
        open("language-modelling", train("shakespeare", {{"dataset.path", write("song.txt", song).toStdString()}, {"task.context", "16"}, {"task.windowsPerEpoch", "60"},
                                                         {"training.epochs", "1"}, {"architecture.width", "32"}, {"architecture.depth", "1"}}));
        QTest::keyClicks(find<QPlainTextEdit>("prompt"), "row");
        click(find<QPushButton>("write"));
        QTRY_VERIFY_WITH_TIMEOUT(state() == QString{"Writing…"} || state().isEmpty(), 60000);
        QTRY_VERIFY_WITH_TIMEOUT(find<QPushButton>("write")->isEnabled(), 60000);
    }

    void wordsAreChosenForAPicture()
    {
        open("picture-text-matching", train("captions", {{"dataset.samples", "200"}, {"training.epochs", "1"}}));
        QTRY_VERIFY_WITH_TIMEOUT(!find<WordBars>("wordBars")->words().isEmpty(), 60000);
        auto* words = find<QPlainTextEdit>("wordsField");
        QVERIFY(words->toPlainText().contains('\n'));
        words->selectAll();
        QTest::keyClicks(words, "red circle");
        click(find<QPushButton>("wordsAsk"));
        QTRY_COMPARE_WITH_TIMEOUT(find<WordBars>("wordBars")->words(), QStringList{"red circle"}, 20000);
    }
};

QTEST_MAIN(TestTry)
#include "tst_try.moc"
