// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/train/translation_try.h"

#include "ui/theme/theme.h"
#include "ui/theme/widgets.h"
#include "ui/train/run_asker.h"

#include <QHBoxLayout>
#include <QLineEdit>
#include <QPushButton>
#include <QVBoxLayout>

namespace descent {

TranslationTry::TranslationTry(std::filesystem::path dataFolder, QWidget* parent)
    : QWidget{parent}, m_asker{new RunAsker{std::move(dataFolder), this}}
{
    auto* layout = new QVBoxLayout{this};
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(Theme::space1);
    auto* row = new QHBoxLayout;
    row->setSpacing(Theme::space2);
    m_text = new QLineEdit;
    m_text->setObjectName(QStringLiteral("tryText"));
    m_text->setPlaceholderText(tr("A text of yours"));
    m_text->setAccessibleName(tr("Text to translate"));
    m_text->setMaxLength(2000);
    m_button = new QPushButton{tr("Translate")};
    m_button->setObjectName(QStringLiteral("tryTranslate"));
    row->addWidget(m_text, 1);
    row->addWidget(m_button);
    layout->addLayout(row);
    m_translation = makeLabel({}, "heading");
    m_translation->setObjectName(QStringLiteral("tryTranslation"));
    m_translation->setWordWrap(true);
    m_translation->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    m_translation->hide();
    layout->addWidget(m_translation);

    connect(m_text, &QLineEdit::returnPressed, this, &TranslationTry::ask);
    connect(m_button, &QPushButton::clicked, this, &TranslationTry::ask);
    connect(m_asker, &RunAsker::answered, this, [this](const Answer& answer) {
        if (const auto* translation = std::get_if<TranslationAnswer>(&answer); translation && !translation->texts.empty())
            show(QString::fromStdString(translation->texts.front().text), false);
    });
    connect(m_asker, &RunAsker::failed, this, [this](const QString& message) { show(message, true); });
}

void TranslationTry::setRun(std::int64_t run)
{
    m_asker->setRun(run);
    m_translation->hide();
    m_button->setEnabled(true);
}

void TranslationTry::ask()
{
    const QString text = m_text->text().trimmed();
    if (text.isEmpty())
        return;
    m_button->setEnabled(false);
    show(tr("Translating\u2026"), false);
    m_asker->ask(TranslationQuestion{.texts = {text.toStdString()}});
}

void TranslationTry::show(const QString& text, bool isProblem)
{
    m_button->setEnabled(!m_asker->isBusy());
    m_translation->setText(isProblem ? tr("This did not work: %1").arg(text) : text);
    m_translation->show();
}

}
