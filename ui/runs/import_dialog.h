// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/runs/transfer.h"

#include <QDialog>

class QCheckBox;
class QLabel;
class QLineEdit;
class QProgressBar;
class QPushButton;

namespace descent {

/// Takes runs of another program or machine into the history: says what lies at a path and what would be taken, takes it, and goes on while
/// it grows. Closing it ends that; what was taken stays.
class ImportDialog : public QDialog
{
    Q_OBJECT
public:
    explicit ImportDialog(std::filesystem::path storeFolder, QWidget* parent = nullptr);
    ~ImportDialog() override;
    void setPath(const QString& path); ///< as if a person had chosen it

Q_SIGNALS:
    void imported(); ///< the history has runs or values that it had not; while it follows, each time

public Q_SLOTS:
    void reject() override;

private:
    void choose(bool folder);
    void look();
    void importOrStop();
    void begin();
    static QString updatedWords(const ImportReport& report);
    void onSeen(const TransferState& state);
    void onTaken(const TransferState& state);
    void onFinished(const TransferState& state, bool stopped, const Text& problem);
    void tell(const QString& words, bool wrong = false);
    void showState();

    const std::filesystem::path m_storeFolder;
    Transfer *m_look = nullptr, *m_import = nullptr; // under way; null: none
    TransferState m_seen;
    std::int64_t m_told = 0; // values and runs of which imported() was said
    bool m_isDone = false, m_isClosing = false;
    QTimer m_delay; // a path is typed letter by letter
    QLineEdit *m_path = nullptr, *m_experiment = nullptr;
    QLabel *m_kind = nullptr, *m_words = nullptr, *m_problems = nullptr;
    QCheckBox* m_follow = nullptr;
    QProgressBar* m_progress = nullptr;
    QPushButton *m_file = nullptr, *m_folder = nullptr, *m_close = nullptr, *m_take = nullptr;
};

}
