// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/try/try_dialog.h"

#include "engine/core/base/files.h"
#include "ui/theme/theme.h"
#include "ui/theme/translated.h"
#include "ui/theme/widgets.h"
#include "ui/try/picture_pad.h"

#include <QDropEvent>
#include <QHBoxLayout>
#include <QLabel>
#include <QMimeData>
#include <QProgressBar>
#include <QPushButton>
#include <QShortcut>
#include <QTimer>
#include <QVBoxLayout>

namespace descent {

TryDialog::TryDialog(TriedRun run, const char* objectName, QWidget* parent) : QDialog{parent}
{
    setWindowTitle(tr("Try %1").arg(run.name));
    setObjectName(QString::fromLatin1(objectName));
    setAttribute(Qt::WA_DeleteOnClose);
    setAcceptDrops(true);
    resize(860, 560);
    m_asker = new RunAsker{std::move(run), this};
    auto* layout = new QHBoxLayout{this};
    layout->setContentsMargins(Theme::space4, Theme::space4, Theme::space4, Theme::space4);
    layout->setSpacing(Theme::space4);
    m_asking = new QVBoxLayout;
    m_asking->setSpacing(Theme::space2);
    layout->addLayout(m_asking);
    m_answers = new QVBoxLayout;
    m_answers->setSpacing(Theme::space2);
    m_state = makeLabel({}, "muted");
    m_state->setObjectName(QStringLiteral("tryState"));
    m_state->setWordWrap(true);
    m_answers->addWidget(m_state);
    auto* waiting = new QHBoxLayout;
    m_progress = new QProgressBar;
    m_progress->setTextVisible(false);
    waiting->addWidget(m_progress, 1);
    m_stop = new QPushButton{tr("Stop")};
    m_stop->setObjectName(QStringLiteral("tryStop"));
    waiting->addWidget(m_stop);
    m_answers->addLayout(waiting);
    layout->addLayout(m_answers, 1);
    m_patience = new QTimer{this};
    m_patience->setSingleShot(true);
    m_patience->setInterval(300);
    showBusy(false);
    connect(m_patience, &QTimer::timeout, this, [this] { showBusy(true); });
    connect(m_stop, &QPushButton::clicked, m_asker, &RunAsker::stop);
    connect(m_asker, &RunAsker::busyChanged, this, [this](bool busy) {
        m_progress->setRange(0, 0); // how long is not known yet
        if (busy) {
            m_patience->start();
        } else {
            m_patience->stop();
            showBusy(false);
        }
    });
    connect(m_asker, &RunAsker::progressed, this, [this](double fraction) {
        m_progress->setRange(0, 1000);
        m_progress->setValue(static_cast<int>(1000 * fraction));
    });
    connect(m_asker, &RunAsker::failed, this,
            [this](const QString& message) { setState(message.isEmpty() ? tr("Stopped.") : tr("This did not work: %1").arg(message)); });
}

void TryDialog::showBusy(bool busy)
{
    m_progress->setVisible(busy);
    m_stop->setVisible(busy);
}

void TryDialog::setState(const QString& text)
{
    m_state->setText(text);
}

void TryDialog::watch(PicturePad& pad)
{
    connect(&pad, &PicturePad::reading, this, [this] { setState(tr("Reading the picture…")); });
    connect(&pad, &PicturePad::failed, this, [this](const QString& message) { setState(tr("This did not work: %1").arg(message)); });
}

void TryDialog::write(const QString& file, std::function<std::string()> content)
{
    m_writer = std::jthread{[this, path = file.toStdString(), content = std::move(content)] {
        QString state = tr("Saved.");
        try {
            writeFileAtomically(path, content());
        } catch (const DescentError& error) {
            state = tr("This did not work: %1").arg(translated(error.message()));
        }
        QMetaObject::invokeMethod(this, [this, state] { setState(state); });
    }};
}

void TryDialog::setAsk(QPushButton* button)
{
    button->setProperty("kind", "primary");
    button->setToolTip(tr("Ask the network (Ctrl+Return)"));
    connect(new QShortcut{QKeySequence{Qt::CTRL | Qt::Key_Return}, this}, &QShortcut::activated, button, &QPushButton::click);
}

void TryDialog::dragEnterEvent(QDragEnterEvent* event)
{
    if (event->mimeData()->hasUrls() && event->mimeData()->urls().front().isLocalFile())
        event->acceptProposedAction();
}

void TryDialog::dropEvent(QDropEvent* event)
{
    takeFile(event->mimeData()->urls().front().toLocalFile());
    event->acceptProposedAction();
}

}
