// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/runs/transfer.h"

#include <QDialog>

class QCheckBox;
class QComboBox;
class QLabel;
class QLineEdit;
class QProgressBar;
class QPushButton;

namespace descent {

/// Writes chosen runs for another program or for the history of another machine: as what, and where to.
class ExportDialog : public QDialog
{
    Q_OBJECT
public:
    ExportDialog(std::filesystem::path storeFolder, std::vector<RunId> runs, QWidget* parent = nullptr);

Q_SIGNALS:
    void exported(const QStringList& files);

public Q_SLOTS:
    void reject() override;

private:
    ExportKind kind() const;
    void choose();
    void showKind();
    void exportOrStop();
    void onFinished(const TransferState& state, bool stopped, const Text& problem);
    void tell(const QString& words, bool wrong = false);
    void showState();

    const std::filesystem::path m_storeFolder;
    const std::vector<RunId> m_runs;
    Transfer* m_export = nullptr; // under way; null: none
    bool m_isDone = false, m_isClosing = false;
    QString m_suggested; // the path, until a person chooses another
    QComboBox* m_kinds = nullptr;
    QLabel *m_about = nullptr, *m_words = nullptr;
    QLineEdit* m_path = nullptr;
    QCheckBox *m_columns = nullptr, *m_files = nullptr;
    QProgressBar* m_progress = nullptr;
    QPushButton *m_choose = nullptr, *m_close = nullptr, *m_write = nullptr;
};

}
