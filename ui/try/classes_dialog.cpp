// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/try/classes_dialog.h"

#include "engine/core/job/finished_run.h"
#include "ui/theme/widgets.h"
#include "ui/try/picture_pad.h"
#include "ui/try/word_bars.h"

#include <QLabel>
#include <QPushButton>
#include <QVBoxLayout>

namespace descent {

ClassesDialog::ClassesDialog(TriedRun run, const char* objectName, QWidget* parent) : TryDialog{std::move(run), objectName, parent}
{
    m_bars = new WordBars;
    answerColumn()->addWidget(scrolled(m_bars), 1);
}

void ClassesDialog::askFor(const Question& question)
{
    setState(tr("Looking…"));
    asker().work([this, question](FinishedRun& run, const AskControl& control) -> std::function<void()> {
        const auto answer = std::get<SamplesAnswer>(run.ask(question, control));
        QStringList names;
        for (const std::string& name : run.request().data->dataset->train.targets.classNames)
            names << QString::fromStdString(name);
        return [this, names, probabilities = std::vector<double>{answer.values.begin(), answer.values.end()}] {
            setState(tr("How sure the network is of each class:"));
            m_bars->setWords(names, probabilities);
        };
    });
}

PictureClassesDialog::PictureClassesDialog(TriedRun run, QWidget* parent) : ClassesDialog{std::move(run), "pictureClassesDialog", parent}
{
    m_pad = new PicturePad{asker()};
    askingColumn()->addWidget(m_pad);
    askingColumn()->addStretch(1);
    setState(tr("Open a picture, drop one here, or take one of the data: the network says what it shows."));
    watch(*m_pad);
    connect(m_pad, &PicturePad::changed, this, [this] { askFor(PicturesQuestion{{m_pad->kept().picture}}); });
}

void PictureClassesDialog::takeFile(const QString& path)
{
    m_pad->open(path);
}

TextClassesDialog::TextClassesDialog(TriedRun run, QWidget* parent) : ClassesDialog{std::move(run), "textClassesDialog", parent}
{
    constexpr int textWidth = 360;
    askingColumn()->addWidget(makeLabel(tr("A text of yours"), "caption"));
    m_text = new QPlainTextEdit;
    m_text->setObjectName(QStringLiteral("tryText"));
    m_text->setAccessibleName(tr("A text of yours"));
    m_text->setTabChangesFocus(true);
    m_text->setMinimumWidth(textWidth);
    askingColumn()->addWidget(m_text, 1);
    auto* button = new QPushButton{tr("Which class?")};
    button->setObjectName(QStringLiteral("tryAsk"));
    askingColumn()->addWidget(button);
    setAsk(button);
    setState(tr("Write or paste a text: the network says to which class it belongs."));
    connect(button, &QPushButton::clicked, this, &TextClassesDialog::ask);
}

void TextClassesDialog::ask()
{
    const QString text = m_text->toPlainText().trimmed();
    if (text.isEmpty())
        setState(tr("Write a text first."));
    else
        askFor(TextsQuestion{{text.toStdString()}});
}

}
