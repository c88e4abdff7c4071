// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/train/writing_dialog.h"

#include "engine/core/job/finished_run.h"
#include "ui/theme/icons.h"
#include "ui/theme/theme.h"
#include "ui/theme/translated.h"
#include "ui/theme/widgets.h"
#include "ui/train/written_text_view.h"

#include <QDoubleSpinBox>
#include <QFormLayout>
#include <QHBoxLayout>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QSpinBox>
#include <QVBoxLayout>

namespace descent {

WritingDialog::WritingDialog(std::filesystem::path storeFolder, RunId run, const QString& name, QWidget* parent)
    : QDialog{parent}, m_storeFolder{std::move(storeFolder)}, m_run{run}
{
    setWindowTitle(tr("Try %1").arg(name));
    setObjectName(QStringLiteral("writingDialog"));
    resize(880, 560);
    auto* layout = new QHBoxLayout{this};
    layout->setContentsMargins(Theme::space4, Theme::space4, Theme::space4, Theme::space4);
    layout->setSpacing(Theme::space4);

    auto* side = new QVBoxLayout;
    side->setSpacing(Theme::space2);
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
    auto* buttons = new QHBoxLayout;
    m_write = new QPushButton{tr("Write")};
    m_write->setObjectName(QStringLiteral("write"));
    m_write->setProperty("kind", "primary");
    m_write->setDefault(true);
    m_stop = new QPushButton{tr("Stop")};
    m_stop->setEnabled(false);
    buttons->addWidget(m_write, 1);
    buttons->addWidget(m_stop);
    side->addLayout(buttons);
    m_state = makeLabel({}, "muted");
    m_state->setWordWrap(true);
    side->addWidget(m_state);
    side->addStretch(1);
    layout->addLayout(side, 1);

    auto* card = new QFrame;
    card->setProperty("card", true);
    auto* cardLayout = new QVBoxLayout{card};
    m_text = new WrittenTextView;
    cardLayout->addWidget(m_text);
    layout->addWidget(card, 2);

    connect(m_write, &QPushButton::clicked, this, &WritingDialog::write);
    connect(m_stop, &QPushButton::clicked, this, [this] { m_writer.request_stop(); });
}

void WritingDialog::write()
{
    m_prompt = m_promptField->toPlainText();
    m_written.clear();
    m_text->setWritten(m_prompt, {});
    m_write->setEnabled(false);
    m_stop->setEnabled(true);
    m_state->setText(tr("Reading the network…"));
    ContinuationQuestion question{.prompt = m_prompt.toStdString(),
                                  .sampling = {.temperature = m_temperature->value(), .topK = m_topK->value(), .topP = m_topP->value()},
                                  .length = m_length->value(),
                                  .seed = static_cast<std::uint64_t>(m_seed->value())};
    m_writer = std::jthread{[this, question = std::move(question)](const std::stop_token& stop) {
        QString problem;
        try {
            Result<std::unique_ptr<FinishedRun>> run = FinishedRun::open(m_storeFolder, m_run, loadBackend(), {.stop = stop});
            if (run)
                (*run)->ask(question, {.stop = stop, .stream = [this](std::string_view piece) {
                                QMetaObject::invokeMethod(
                                    this, [this, text = QString::fromUtf8(piece.data(), static_cast<qsizetype>(piece.size()))] { append(text); },
                                    Qt::QueuedConnection);
                            }});
            else
                problem = translated(run.problems.front().message);
        } catch (const Cancelled&) {
            problem = tr("Stopped.");
        } catch (const std::exception& error) { // the thread's outermost frame
            problem = QString::fromUtf8(error.what());
        }
        QMetaObject::invokeMethod(this, [this, problem] { finish(problem); }, Qt::QueuedConnection);
    }};
}

void WritingDialog::append(const QString& piece)
{
    m_written += piece;
    m_state->setText(tr("Writing…"));
    m_text->setWritten(m_prompt, m_written);
}

void WritingDialog::finish(const QString& problem)
{
    m_write->setEnabled(true);
    m_stop->setEnabled(false);
    m_state->setText(problem);
}

}
