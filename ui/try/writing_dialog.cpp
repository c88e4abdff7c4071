// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/try/writing_dialog.h"

#include "engine/core/job/finished_run.h"
#include "ui/theme/theme.h"
#include "ui/theme/widgets.h"
#include "ui/views/written_text_view.h"

#include <QDoubleSpinBox>
#include <QFormLayout>
#include <QHBoxLayout>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QSpinBox>
#include <QTimer>
#include <QVBoxLayout>

namespace descent {

WritingDialog::WritingDialog(TriedRun run, QWidget* parent) : TryDialog{std::move(run), "writingDialog", parent}
{
    QVBoxLayout* side = askingColumn();
    side->addWidget(makeLabel(tr("Begin with"), "caption"));
    m_promptField = new QPlainTextEdit;
    m_promptField->setObjectName(QStringLiteral("prompt"));
    m_promptField->setAccessibleName(tr("Begin with"));
    m_promptField->setMaximumHeight(110);
    m_promptField->setTabChangesFocus(true);
    side->addWidget(m_promptField);
    auto* form = new QFormLayout;
    form->setSpacing(Theme::space2);
    const auto add = [&](auto* field, const QString& label, const QString& help, auto least, auto most, auto value) {
        field->setButtonSymbols(QAbstractSpinBox::NoButtons);
        field->setRange(least, most);
        field->setValue(value);
        field->setToolTip(help);
        form->addRow(label, field);
        return field;
    };
    const ContinuationQuestion usual;
    m_temperature = add(new QDoubleSpinBox, tr("Temperature"), tr("Below 1 keeps to what is likely, above 1 dares more; 0 always takes it"), 0.0, 10.0,
                        usual.sampling.temperature);
    m_temperature->setSingleStep(0.1);
    m_topK = add(new QSpinBox, tr("Top k"), tr("Only the k likeliest tokens; 0 allows all"), 0, 100'000, static_cast<int>(usual.sampling.topK));
    m_topP = add(new QDoubleSpinBox, tr("Top p"), tr("Only the likeliest tokens that together have this probability"), 0.05, 1.0, usual.sampling.topP);
    m_topP->setSingleStep(0.05);
    m_length = add(new QSpinBox, tr("Length"), tr("Tokens to write"), 1, 100'000, static_cast<int>(usual.length));
    m_seed = add(new QSpinBox, tr("Seed"), tr("Another seed, another text"), 0, 1'000'000, static_cast<int>(usual.seed));
    side->addLayout(form);
    auto* writing = new QPushButton{tr("Write")};
    writing->setObjectName(QStringLiteral("write"));
    setAsk(writing);
    side->addWidget(writing);
    side->addStretch(1);

    auto* card = new QFrame;
    card->setProperty("card", true);
    auto* cardLayout = new QVBoxLayout{card};
    m_text = new WrittenTextView;
    cardLayout->addWidget(m_text);
    answerColumn()->addWidget(card, 1);

    m_drawing = new QTimer{this};
    m_drawing->setSingleShot(true);
    m_drawing->setInterval(50);
    connect(m_drawing, &QTimer::timeout, this, [this] {
        setState(tr("Writing…"));
        showWritten();
    });
    connect(&asker(), &RunAsker::failed, this, &WritingDialog::showWritten); // what was written before it was stopped
    connect(writing, &QPushButton::clicked, this, &WritingDialog::write);
    connect(&asker(), &RunAsker::busyChanged, writing, [writing](bool busy) { writing->setEnabled(!busy); });
}

void WritingDialog::write()
{
    m_prompt = m_promptField->toPlainText();
    m_written.clear();
    m_text->setWritten(m_prompt, {});
    setState(tr("Reading the network…"));
    const ContinuationQuestion question{.prompt = m_prompt.toStdString(),
                                        .sampling = {.temperature = m_temperature->value(), .topK = m_topK->value(), .topP = m_topP->value()},
                                        .length = m_length->value(),
                                        .seed = static_cast<std::uint64_t>(m_seed->value())};
    asker().work([this, question](FinishedRun& run, AskControl control) -> std::function<void()> {
        control.stream = [this](std::string_view piece) {
            QMetaObject::invokeMethod(
                this, [this, text = QString::fromUtf8(piece.data(), static_cast<qsizetype>(piece.size()))] { append(text); }, Qt::QueuedConnection);
        };
        run.ask(question, control);
        return [this] {
            showWritten();
            setState({});
        };
    });
}

void WritingDialog::append(const QString& piece)
{
    m_written += piece;
    if (!m_drawing->isActive()) // tokens come quicker than they are read
        m_drawing->start();
}

void WritingDialog::showWritten()
{
    m_drawing->stop();
    m_text->setWritten(m_prompt, m_written);
}

}
