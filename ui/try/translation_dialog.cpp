// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/try/translation_dialog.h"

#include "ui/theme/widgets.h"

#include <QLabel>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QVBoxLayout>

namespace descent {

namespace {

constexpr int mostLines = 500, textWidth = 380;
constexpr qsizetype longestLine = 2000;

}

TranslationDialog::TranslationDialog(TriedRun run, QWidget* parent) : TryDialog{std::move(run), "translationDialog", parent}
{
    askingColumn()->addWidget(makeLabel(tr("Texts of yours, one a line"), "caption"));
    m_texts = new QPlainTextEdit;
    m_texts->setObjectName(QStringLiteral("tryText"));
    m_texts->setAccessibleName(tr("Texts of yours, one a line"));
    m_texts->setTabChangesFocus(true);
    m_texts->setMaximumBlockCount(mostLines);
    m_texts->setMinimumWidth(textWidth);
    askingColumn()->addWidget(m_texts, 1);
    auto* button = new QPushButton{tr("Translate")};
    button->setObjectName(QStringLiteral("tryAsk"));
    askingColumn()->addWidget(button);
    setAsk(button);
    m_translations = new QPlainTextEdit;
    m_translations->setObjectName(QStringLiteral("tryTranslations"));
    m_translations->setAccessibleName(tr("Translations"));
    m_translations->setReadOnly(true);
    answerColumn()->addWidget(m_translations, 1);
    setState(tr("Write on the left: each line is translated by itself."));
    connect(button, &QPushButton::clicked, this, &TranslationDialog::ask);
    connect(&asker(), &RunAsker::answered, this, [this](const Answer& answer) {
        QStringList lines;
        for (const TranslatedText& one : std::get<TranslationAnswer>(answer).texts)
            lines << QString::fromStdString(one.text);
        m_translations->setPlainText(lines.join(QLatin1Char('\n')));
        setState(tr("By the network:"));
    });
}

void TranslationDialog::ask()
{
    TranslationQuestion question;
    for (const QString& line : m_texts->toPlainText().split(QLatin1Char('\n')))
        if (!line.trimmed().isEmpty())
            question.texts.push_back(line.trimmed().left(longestLine).toStdString());
    if (question.texts.empty()) {
        setState(tr("Write a text first."));
        return;
    }
    setState(tr("Translating…"));
    asker().ask(question);
}

}
