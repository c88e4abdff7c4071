// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/summary/report_builder.h"

#include <QDialog>

class QCheckBox;
class QLineEdit;
class QListWidget;
class QPlainTextEdit;

namespace descent {

/// Asks what a report is to hold, and for its file. Whoever opened it writes it.
class ReportDialog : public QDialog
{
    Q_OBJECT
public:
    /// charts: their titles; all are chosen at first.
    explicit ReportDialog(const QStringList& charts, bool hasRunNotes, QWidget* parent = nullptr);
    ReportChoice choice() const;

Q_SIGNALS:
    void formatChosen(const QString& format); ///< "html", "pdf": the dialog is done

private:
    QLineEdit* m_title = nullptr;
    QPlainTextEdit* m_notes = nullptr;
    QCheckBox *m_verdict = nullptr, *m_figures = nullptr, *m_settings = nullptr, *m_runNotes = nullptr;
    QListWidget* m_charts = nullptr;
};

}
