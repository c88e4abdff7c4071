// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/train/run_picker.h"

#include "ui/history/run_text.h"
#include "ui/theme/theme.h"
#include "ui/theme/widgets.h"

#include <QCoreApplication>
#include <QHBoxLayout>
#include <QKeyEvent>
#include <QLineEdit>
#include <QListWidget>
#include <QPushButton>
#include <QVBoxLayout>

#include <algorithm>

namespace descent {

RunPicker::RunPicker(std::vector<RunSummary> runs, const QString& nothing, QWidget* parent) : QDialog{parent}, m_runs{std::move(runs)}
{
    setWindowTitle(tr("Start from a run"));
    setObjectName(QStringLiteral("runPicker"));
    resize(520, 420);
    auto* layout = new QVBoxLayout{this};
    layout->setSpacing(Theme::space2);
    m_search = new QLineEdit;
    m_search->setObjectName(QStringLiteral("runPickerSearch"));
    m_search->setPlaceholderText(tr("Search name, dataset, tag, number…"));
    m_search->setClearButtonEnabled(true);
    m_search->installEventFilter(this);
    layout->addWidget(m_search);
    m_list = new QListWidget;
    m_list->setObjectName(QStringLiteral("runPickerList"));
    m_list->setAccessibleName(tr("Runs to start from"));
    m_list->setTextElideMode(Qt::ElideMiddle);
    m_list->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    layout->addWidget(m_list, 1);
    m_nothing = makeLabel(nothing, "muted");
    m_nothing->setWordWrap(true);
    m_nothing->setAlignment(Qt::AlignCenter);
    layout->addWidget(m_nothing, 1);
    auto* foot = new QHBoxLayout;
    foot->addStretch(1);
    auto* cancel = new QPushButton{tr("Cancel")};
    m_take = new QPushButton{tr("Start from this run")};
    m_take->setObjectName(QStringLiteral("runPickerTake"));
    m_take->setProperty("kind", "primary");
    m_take->setDefault(true);
    foot->addWidget(cancel);
    foot->addWidget(m_take);
    layout->addLayout(foot);
    connect(m_search, &QLineEdit::textChanged, this, &RunPicker::narrow);
    connect(m_list, &QListWidget::itemActivated, this, &RunPicker::take);
    connect(m_take, &QPushButton::clicked, this, &RunPicker::take);
    connect(cancel, &QPushButton::clicked, this, &QDialog::reject);
    narrow();
    m_search->setFocus();
}

void RunPicker::narrow()
{
    const QStringList words = m_search->text().split(QLatin1Char(' '), Qt::SkipEmptyParts);
    m_list->clear();
    for (const RunSummary& run : m_runs) {
        QString found = nameAndNumber(run) + QLatin1Char(' ') + QString::fromStdString(run.datasetName);
        for (const std::string& tag : run.tags)
            found += QLatin1Char(' ') + QString::fromStdString(tag);
        if (!std::all_of(words.begin(), words.end(), [&](const QString& word) { return found.contains(word, Qt::CaseInsensitive); }))
            continue;
        QStringList second{QString::fromStdString(run.datasetName)};
        if (const QString figure = headlineOf(run); !figure.isEmpty())
            second << figure;
        auto* item = new QListWidgetItem{nameAndNumber(run) + QLatin1Char('\n') + second.join(QStringLiteral("  ·  ")), m_list};
        item->setData(Qt::UserRole, static_cast<qlonglong>(run.id));
    }
    m_list->setCurrentRow(0);
    m_list->setVisible(!m_runs.empty());
    m_nothing->setVisible(m_runs.empty());
    m_take->setEnabled(m_list->count() > 0);
}

void RunPicker::take()
{
    if (const QListWidgetItem* item = m_list->currentItem()) {
        Q_EMIT chosen(item->data(Qt::UserRole).toLongLong());
        accept();
    }
}

bool RunPicker::eventFilter(QObject* watched, QEvent* event)
{
    if (watched == m_search && event->type() == QEvent::KeyPress) {
        const int key = static_cast<const QKeyEvent*>(event)->key();
        if (key == Qt::Key_Up || key == Qt::Key_Down || key == Qt::Key_PageUp || key == Qt::Key_PageDown) {
            QCoreApplication::sendEvent(m_list, event);
            return true;
        }
    }
    return QDialog::eventFilter(watched, event);
}

}
