// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/try/words_dialog.h"

#include "engine/core/job/finished_run.h"
#include "ui/theme/widgets.h"
#include "ui/try/picture_pad.h"
#include "ui/try/word_bars.h"

#include <QCheckBox>
#include <QLabel>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QVBoxLayout>

namespace descent {

namespace {

constexpr int mostLines = 1000;

}

WordsDialog::WordsDialog(TriedRun run, QWidget* parent) : TryDialog{std::move(run), "wordsDialog", parent}
{
    m_pad = new PicturePad{asker()};
    askingColumn()->addWidget(m_pad);
    askingColumn()->addWidget(makeLabel(tr("Words to choose from, one a line"), "caption"));
    m_words = new QPlainTextEdit;
    m_words->setObjectName(QStringLiteral("wordsField"));
    m_words->setAccessibleName(tr("Words to choose from, one a line"));
    m_words->setTabChangesFocus(true);
    m_words->setMaximumBlockCount(mostLines);
    askingColumn()->addWidget(m_words, 1);
    m_captions = new QCheckBox{tr("These are whole captions")};
    m_captions->setToolTip(tr("Else each is put into the recipe's sentence for a class."));
    askingColumn()->addWidget(m_captions);
    auto* button = new QPushButton{tr("Which fits?")};
    button->setObjectName(QStringLiteral("wordsAsk"));
    askingColumn()->addWidget(button);
    setAsk(button);
    m_bars = new WordBars;
    answerColumn()->addWidget(scrolled(m_bars), 1);

    connect(button, &QPushButton::clicked, this, &WordsDialog::ask);
    watch(*m_pad);
    connect(m_pad, &PicturePad::changed, this, &WordsDialog::ask);
    connect(&asker(), &RunAsker::answered, this, [this](const Answer& answer) { showAnswer(std::get<WordsAnswer>(answer)); });
    begin();
}

/// With the classes of the data, and one of its pictures.
void WordsDialog::begin()
{
    setState(tr("Reading the network…"));
    asker().work([this](FinishedRun& run, const AskControl&) -> std::function<void()> {
        QStringList names;
        for (const std::string& one : run.request().data->dataset->train.targets.classNames)
            names << QString::fromStdString(one);
        return [this, names] {
            setState(tr("A picture, some words for what it may show: the network says which fits. Words of classes that it was never shown "
                        "may be among them."));
            if (m_words->toPlainText().isEmpty())
                m_words->setPlainText(names.join(QLatin1Char('\n')));
            if (m_pad->isEmpty() && !names.isEmpty())
                m_pad->takeFromData();
        };
    });
}

void WordsDialog::takeFile(const QString& path)
{
    m_pad->open(path);
}

void WordsDialog::ask()
{
    m_asked.clear();
    for (const QString& line : m_words->toPlainText().split(QLatin1Char('\n')))
        if (!line.trimmed().isEmpty() && !m_asked.contains(line.trimmed()))
            m_asked << line.trimmed();
    if (m_pad->isEmpty() || m_asked.isEmpty()) {
        setState(m_pad->isEmpty() ? tr("Open a picture first.") : tr("Write some words first, one a line."));
        return;
    }
    WordsQuestion question{.picture = m_pad->kept().picture, .words = {}, .areCaptions = m_captions->isChecked()};
    for (const QString& words : m_asked)
        question.words.push_back(words.toStdString());
    setState(tr("Looking…"));
    asker().ask(question);
}

void WordsDialog::showAnswer(const WordsAnswer& answer)
{
    m_bars->setWords(m_asked, answer.probabilities);
    QStringList unknown;
    for (const std::string& word : answer.unknown)
        unknown << QString::fromStdString(word);
    setState(unknown.isEmpty() ? tr("Which of the words fits, by the network:")
                               : tr("The network has never read: %1").arg(unknown.join(QStringLiteral(", "))));
}

}
