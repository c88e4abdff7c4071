// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/summary/report_dialog.h"

#include "ui/theme/theme.h"
#include "ui/theme/widgets.h"

#include <QCheckBox>
#include <QHBoxLayout>
#include <QLineEdit>
#include <QListWidget>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QVBoxLayout>

namespace descent {

ReportDialog::ReportDialog(const QStringList& charts, bool hasRunNotes, QWidget* parent) : QDialog{parent}
{
    setWindowTitle(tr("Report"));
    resize(560, 620);
    auto* layout = new QVBoxLayout{this};
    layout->setContentsMargins(Theme::space5, Theme::space5, Theme::space5, Theme::space5);
    layout->setSpacing(Theme::space2);
    layout->addWidget(makeLabel(tr("Title"), "heading"));
    m_title = new QLineEdit{tr("Comparison of runs")};
    m_title->setObjectName(QStringLiteral("reportTitle"));
    layout->addWidget(m_title);
    layout->addWidget(makeLabel(tr("Your words, above all else"), "heading"));
    m_notes = new QPlainTextEdit;
    m_notes->setObjectName(QStringLiteral("reportNotes"));
    m_notes->setPlaceholderText(tr("What was tried, and what follows from it"));
    m_notes->setTabChangesFocus(true);
    layout->addWidget(m_notes, 1);
    layout->addWidget(makeLabel(tr("What it holds"), "heading"));
    const auto add = [&](const QString& text, const char* name) {
        auto* box = new QCheckBox{text};
        box->setChecked(true);
        box->setObjectName(QString::fromLatin1(name));
        layout->addWidget(box);
        return box;
    };
    m_verdict = add(tr("What may be said: the verdict, and which difference explains it"), "reportVerdict");
    m_figures = add(tr("Table of figures, the best marked"), "reportFigures");
    m_settings = add(tr("Table of the settings that differ"), "reportSettings");
    m_runNotes = add(tr("Notes on the runs"), "reportRunNotes");
    m_runNotes->setVisible(hasRunNotes);
    m_charts = new QListWidget;
    m_charts->setObjectName(QStringLiteral("reportCharts"));
    m_charts->setAccessibleName(tr("Charts"));
    for (const QString& title : charts) {
        auto* item = new QListWidgetItem{title, m_charts};
        item->setCheckState(Qt::Checked);
    }
    m_charts->setVisible(!charts.isEmpty());
    layout->addWidget(m_charts, 2);
    auto* buttons = new QHBoxLayout;
    buttons->addStretch(1);
    auto* cancel = new QPushButton{tr("Cancel")};
    connect(cancel, &QPushButton::clicked, this, &QDialog::reject);
    buttons->addWidget(cancel);
    for (const QString& format : {QStringLiteral("pdf"), QStringLiteral("html")}) {
        auto* button = new QPushButton{tr("Write %1…").arg(format.toUpper())};
        button->setObjectName(QStringLiteral("write-") + format);
        if (format == QStringLiteral("html")) {
            button->setProperty("kind", "primary");
            button->setDefault(true);
        }
        connect(button, &QPushButton::clicked, this, [this, format] { Q_EMIT formatChosen(format); });
        buttons->addWidget(button);
    }
    layout->addSpacing(Theme::space2);
    layout->addLayout(buttons);
}

ReportChoice ReportDialog::choice() const
{
    ReportChoice choice{.title = m_title->text().trimmed().isEmpty() ? tr("Comparison of runs") : m_title->text().trimmed(),
                        .notes = m_notes->toPlainText(),
                        .verdict = m_verdict->isChecked(),
                        .figures = m_figures->isChecked(),
                        .settings = m_settings->isChecked(),
                        .runNotes = m_runNotes->isChecked(),
                        .charts = {}};
    for (int row = 0; row < m_charts->count(); ++row)
        choice.charts.push_back(m_charts->item(row)->checkState() == Qt::Checked);
    return choice;
}

}
