// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/report/report_builder.h"

#include <QDialog>

class QCheckBox;
class QLineEdit;
class QListWidget;
class QProgressBar;
class QPushButton;
class QPlainTextEdit;

namespace descent {

/// Asks what a report is to hold, and in which order its charts stand. Whoever opened it writes it, and tells how far that is.
class ReportDialog : public QDialog
{
    Q_OBJECT
public:
    struct Offer {
        QString title;
        bool isChosen = true; ///< at first
    };
    ReportDialog(const std::vector<Offer>& charts, bool hasRunNotes, QWidget* parent = nullptr);
    ReportChoice choice() const;
    std::vector<std::size_t> charts() const; ///< those chosen, as they were offered, in the order wanted
    void showProgress(int done, int all);    ///< it is being written: nothing else can be done but cancel

Q_SIGNALS:
    void formatChosen(const QString& format); ///< "html", "pdf"

private:
    QWidget* makeChartList(const std::vector<Offer>& charts);
    void moveChart(int by);
    void checkAll(bool checked);

    QWidget* m_form = nullptr;
    QProgressBar* m_progress = nullptr;
    std::vector<QPushButton*> m_writers;
    QLineEdit* m_title = nullptr;
    QPlainTextEdit* m_notes = nullptr;
    QCheckBox *m_verdict = nullptr, *m_figures = nullptr, *m_settings = nullptr, *m_runNotes = nullptr;
    QListWidget* m_charts = nullptr;
};

}
