// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/report/report_dialog.h"

#include "ui/theme/theme.h"
#include "ui/theme/widgets.h"

#include <QCheckBox>
#include <QHBoxLayout>
#include <QLineEdit>
#include <QListWidget>
#include <QPlainTextEdit>
#include <QProgressBar>
#include <QPushButton>
#include <QToolButton>
#include <QVBoxLayout>

namespace descent {

namespace {

constexpr int placeRole = Qt::UserRole; // of a chart among those offered

}

ReportDialog::ReportDialog(const std::vector<Offer>& charts, bool hasRunNotes, QWidget* parent) : QDialog{parent}
{
    setWindowTitle(tr("Report"));
    resize(600, 660);
    auto* all = new QVBoxLayout{this};
    all->setContentsMargins(Theme::space5, Theme::space5, Theme::space5, Theme::space5);
    all->setSpacing(Theme::space3);
    m_form = new QWidget;
    auto* layout = new QVBoxLayout{m_form};
    layout->setContentsMargins(0, 0, 0, 0);
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
    QWidget* list = makeChartList(charts);
    list->setVisible(!charts.empty());
    layout->addWidget(list, 3);
    all->addWidget(m_form, 1);

    m_progress = new QProgressBar;
    m_progress->setTextVisible(false);
    m_progress->setVisible(false);
    m_progress->setAccessibleName(tr("Written so far"));
    all->addWidget(m_progress);
    auto* buttons = new QHBoxLayout;
    buttons->addStretch(1);
    auto* cancel = new QPushButton{tr("Cancel")};
    cancel->setObjectName(QStringLiteral("reportCancel"));
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
        m_writers.push_back(button);
    }
    all->addLayout(buttons);
}

/// A row a chart: its box chooses it, dragging or the arrows beside the heading give it its place.
QWidget* ReportDialog::makeChartList(const std::vector<Offer>& charts)
{
    auto* part = new QWidget;
    auto* rows = new QVBoxLayout{part};
    rows->setContentsMargins(0, Theme::space2, 0, 0);
    rows->setSpacing(Theme::space1);
    auto* head = new QHBoxLayout;
    head->setSpacing(Theme::space1);
    head->addWidget(makeLabel(tr("Charts, in their order"), "heading"));
    head->addStretch(1);
    const auto button = [&](const QString& text, const QString& tip, const char* name, auto action) {
        auto* one = new QToolButton;
        one->setProperty("kind", "ghost");
        one->setText(text);
        one->setToolTip(tip);
        one->setAccessibleName(tip);
        one->setObjectName(QString::fromLatin1(name));
        one->setFocusPolicy(Qt::StrongFocus);
        connect(one, &QToolButton::clicked, this, action);
        head->addWidget(one);
    };
    button(tr("All"), tr("Choose all charts"), "reportAllCharts", [this] { checkAll(true); });
    button(tr("None"), tr("Choose no chart"), "reportNoCharts", [this] { checkAll(false); });
    button(QStringLiteral("↑"), tr("Move the chart up"), "reportChartUp", [this] { moveChart(-1); });
    button(QStringLiteral("↓"), tr("Move the chart down"), "reportChartDown", [this] { moveChart(1); });
    rows->addLayout(head);
    m_charts = new QListWidget;
    m_charts->setObjectName(QStringLiteral("reportCharts"));
    m_charts->setAccessibleName(tr("Charts"));
    m_charts->setDragDropMode(QAbstractItemView::InternalMove);
    m_charts->setTextElideMode(Qt::ElideMiddle);
    for (std::size_t i = 0; i < charts.size(); ++i) {
        auto* item = new QListWidgetItem{charts[i].title, m_charts};
        item->setToolTip(charts[i].title);
        item->setData(placeRole, static_cast<int>(i));
        item->setCheckState(charts[i].isChosen ? Qt::Checked : Qt::Unchecked);
        item->setFlags(item->flags() & ~Qt::ItemIsDropEnabled); // between rows, not onto one
    }
    m_charts->setCurrentRow(0);
    rows->addWidget(m_charts, 1);
    return part;
}

void ReportDialog::moveChart(int by)
{
    const int from = m_charts->currentRow(), to = from + by;
    if (from < 0 || to < 0 || to >= m_charts->count())
        return;
    m_charts->insertItem(to, m_charts->takeItem(from));
    m_charts->setCurrentRow(to);
}

void ReportDialog::checkAll(bool checked)
{
    for (int row = 0; row < m_charts->count(); ++row)
        m_charts->item(row)->setCheckState(checked ? Qt::Checked : Qt::Unchecked);
}

ReportChoice ReportDialog::choice() const
{
    return {.title = m_title->text().trimmed().isEmpty() ? tr("Comparison of runs") : m_title->text().trimmed(),
            .notes = m_notes->toPlainText(),
            .verdict = m_verdict->isChecked(),
            .figures = m_figures->isChecked(),
            .settings = m_settings->isChecked(),
            .runNotes = m_runNotes->isChecked()};
}

std::vector<std::size_t> ReportDialog::charts() const
{
    std::vector<std::size_t> chosen;
    for (int row = 0; row < m_charts->count(); ++row)
        if (m_charts->item(row)->checkState() == Qt::Checked)
            chosen.push_back(static_cast<std::size_t>(m_charts->item(row)->data(placeRole).toInt()));
    return chosen;
}

void ReportDialog::showProgress(int done, int all)
{
    m_form->setEnabled(false);
    for (QPushButton* button : m_writers)
        button->setEnabled(false);
    m_progress->setVisible(true);
    m_progress->setRange(0, all);
    m_progress->setValue(done);
}

}
