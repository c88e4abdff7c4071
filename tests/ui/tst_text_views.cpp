// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/sentence_panel.h"
#include "ui/views/text_sheet.h"
#include "ui/views/written_text_view.h"

#include "ui/theme/theme.h"

#include <QScrollBar>
#include <QTest>
#include <QTextBlock>

using namespace descent;

namespace {

TextPreview preview(int words)
{
    TextPreview::Sentence sentence{.truth = 1, .probabilities = {0.2F, 0.8F}};
    for (int i = 0; i < words; ++i) {
        sentence.pieces.push_back(i == 0 ? "lovely" : "word");
        sentence.weights.push_back(i == 0 ? 3.0F : 0.0F);
    }
    return {.sentences = {sentence}};
}

bool hasColorNear(const QImage& image, const QColor& color, int most = 40)
{
    for (int y = 0; y < image.height(); ++y)
        for (int x = 0; x < image.width(); ++x) {
            const QColor pixel = image.pixelColor(x, y);
            if (std::abs(pixel.red() - color.red()) + std::abs(pixel.green() - color.green()) + std::abs(pixel.blue() - color.blue()) < most)
                return true;
        }
    return false;
}

}

class TestTextViews : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase() { Theme::instance().apply(Theme::Mode::light); }

    void longSentencesAreBrokenIntoLines()
    {
        SentencePanel panel;
        panel.setPreview(preview(4));
        const int few = panel.heightForWidth(400);
        panel.setPreview(preview(60));
        QVERIFY(panel.heightForWidth(400) > few);
        QVERIFY(panel.heightForWidth(200) > panel.heightForWidth(400));
        panel.clear();
        QCOMPARE(panel.heightForWidth(400), 0);
    }

    void aWordThatSpeaksForTheClassIsTinted()
    {
        SentencePanel panel;
        panel.resize(400, 120);
        panel.setClassNames({"bad", "good"});
        TextPreview plain = preview(3);
        plain.sentences[0].weights = {0, 0, 0};
        plain.sentences[0].truth = 0; // wrong: bars and stripe are red
        panel.setPreview(plain);
        const QColor green = Theme::instance().colors().success, raised = Theme::instance().colors().raised;
        const QColor tint{(green.red() * 45 + raised.red() * 55) / 100, (green.green() * 45 + raised.green() * 55) / 100,
                          (green.blue() * 45 + raised.blue() * 55) / 100};
        const QRect words{0, 0, 400, 28};
        QVERIFY(!hasColorNear(panel.grab(words).toImage(), tint, 12));
        TextPreview tinted = plain;
        tinted.sentences[0].weights = {3, 0, 0};
        panel.setPreview(tinted);
        QVERIFY(hasColorNear(panel.grab(words).toImage(), tint, 12));
    }

    void piecesOfACharacterAreShownWhenItIsWhole()
    {
        SentencePanel panel;
        panel.resize(300, 100);
        TextPreview bytes;
        bytes.spaced = false;
        bytes.sentences.push_back({.pieces = {"caf", "\xC3", "\xA9", "!"}, .weights = {0, 0, 0, 0}, .truth = 0, .probabilities = {1.0F}});
        panel.setPreview(bytes);
        QVERIFY(!panel.grab().isNull());
    }

    void thePromptHasAnotherColour()
    {
        WrittenTextView view;
        view.setWritten("To be", ", or not\nto be");
        QCOMPARE(view.toPlainText(), QString{"To be, or not\nto be"});
        QTextCursor cursor{view.document()};
        cursor.setPosition(2);
        const QColor prompt = cursor.charFormat().foreground().color();
        cursor.setPosition(9);
        QCOMPARE(prompt, Theme::instance().colors().accent);
        QCOMPARE(cursor.charFormat().foreground().color(), Theme::instance().colors().text);
    }

    void theNewestIsInSightUnlessOneScrolledAway()
    {
        WrittenTextView view;
        view.resize(200, 150);
        view.show();
        QString text;
        for (int i = 0; i < 50; ++i)
            text += "line\n";
        view.setWritten("x", text);
        QCOMPARE(view.verticalScrollBar()->value(), view.verticalScrollBar()->maximum());
        view.verticalScrollBar()->setValue(10);
        view.setWritten("x", text + text);
        QCOMPARE(view.verticalScrollBar()->value(), 10);
    }

    void textsOfADatasetAreShownWithTheirClass()
    {
        TextSheet sheet;
        DatasetReport report{.classNames = {"bad", "good"}};
        report.inputs = DatasetReport::Inputs::texts;
        report.samples.push_back({.target = "good", .cells = {"a lovely film"}});
        QVERIFY(sheet.setSamples(report));
        const int one = sheet.heightForWidth(240);
        report.samples.push_back({.target = "bad", .cells = {std::string(5000, 'x')}});
        QVERIFY(sheet.setSamples(report));
        QVERIFY(sheet.heightForWidth(240) > one);
        QVERIFY(sheet.heightForWidth(240) < 300); // long texts are cut
        report.inputs = DatasetReport::Inputs::table;
        QVERIFY(!sheet.setSamples(report));
    }
};

QTEST_MAIN(TestTextViews)
#include "tst_text_views.moc"
