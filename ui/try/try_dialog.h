// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/try/run_asker.h"

#include <QDialog>

#include <functional>
#include <string>
#include <thread>

class QHBoxLayout;
class QLabel;
class QProgressBar;
class QPushButton;
class QTimer;
class QVBoxLayout;

namespace descent {

class PicturePad;

/// What every window that tries a finished run has: a column to ask on the left, answers on the right, above them a line that
/// says how it stands, how far it is, and a way to stop it. Files can be dropped on it.
class TryDialog : public QDialog
{
    Q_OBJECT
protected:
    TryDialog(TriedRun run, const char* objectName, QWidget* parent);

    RunAsker& asker() { return *m_asker; }
    QVBoxLayout* askingColumn() { return m_asking; }
    QVBoxLayout* answerColumn() { return m_answers; }
    void setState(const QString& text);
    void watch(PicturePad& pad);       ///< its reading and its failures are told in the state
    /// Writes what `content` gives, on a thread, and says how it went.
    void write(const QString& file, std::function<std::string()> content);
    void setAsk(QPushButton* button); ///< the primary one: Ctrl+Return presses it, and it waits while the network works

    virtual void takeFile(const QString&) {} ///< dropped
    void dragEnterEvent(QDragEnterEvent* event) override;
    void dropEvent(QDropEvent* event) override;

private:
    void showBusy(bool busy);

    QLabel* m_state = nullptr;
    QProgressBar* m_progress = nullptr;
    QPushButton* m_stop = nullptr;
    QTimer* m_patience = nullptr; // what is quick shows no bar
    QVBoxLayout *m_asking = nullptr, *m_answers = nullptr;
    RunAsker* m_asker = nullptr;
    std::jthread m_writer; // last: joined before what it posts to goes
};

/// The window that tries a run of this task, by the TaskKind's id; null where there is none. Deletes itself when closed.
QDialog* makeTryDialog(const std::string& task, TriedRun run, QWidget* parent);
bool canBeTried(const std::string& task);
QString tryHint(const std::string& task); ///< what can be done there, for a tool tip

}
