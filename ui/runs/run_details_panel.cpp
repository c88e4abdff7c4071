// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/runs/run_details_panel.h"

#include "engine/core/recipe/recipe.h"
#include "ui/plot/curve_plot.h"
#include "ui/runs/runs_model.h"
#include "ui/theme/icons.h"
#include "ui/theme/theme.h"
#include "ui/theme/translated.h"
#include "ui/theme/widgets.h"
#include "ui/try/try_dialog.h"

#include <QHBoxLayout>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QScrollArea>
#include <QTimer>
#include <QToolButton>
#include <QVBoxLayout>

#include <algorithm>

namespace descent {

RunDetailsPanel::RunDetailsPanel(QWidget* parent) : QFrame{parent}
{
    setProperty("card", true);
    setFixedWidth(340);
    auto* layout = new QVBoxLayout{this};
    layout->setContentsMargins(Theme::space4, Theme::space3, Theme::space3, Theme::space3);
    auto* top = new QHBoxLayout;
    m_title = new ElidedLabel;
    m_title->setProperty("role", "heading");
    top->addWidget(m_title, 1);
    auto* close = new QToolButton;
    close->setProperty("kind", "ghost");
    close->setToolTip(tr("Close (Esc)"));
    setThemedIcon(close, QStringLiteral("close"));
    top->addWidget(close);
    layout->addLayout(top);
    m_summary = makeLabel({}, "caption");
    m_summary->setWordWrap(true);
    layout->addWidget(m_summary);
    m_reason = makeLabel({}, "danger");
    m_reason->setWordWrap(true);
    layout->addWidget(m_reason);
    auto* actions = new QHBoxLayout;
    auto* recipe = new QPushButton{tr("Use recipe in Train")};
    recipe->setProperty("kind", "primary");
    auto* folder = new QPushButton{tr("Open folder")};
    actions->addWidget(recipe);
    actions->addWidget(folder);
    actions->addStretch(1);
    layout->addLayout(actions);
    m_start = new QPushButton{tr("Start from this")};
    m_start->setObjectName(QStringLiteral("startFromThis"));
    m_start->setToolTip(tr("A new recipe that begins with this run's best weights"));
    setThemedIcon(m_start, QStringLiteral("plus"));
    m_try = new QPushButton{tr("Try it")};
    m_try->setObjectName(QStringLiteral("tryRun"));
    setThemedIcon(m_try, QStringLiteral("play"));
    auto* further = new QHBoxLayout;
    further->addWidget(m_try);
    further->addWidget(m_start);
    further->addStretch(1);
    layout->addLayout(further);
    m_goOn = new QPushButton;
    m_goOn->setObjectName(QStringLiteral("goOn"));
    setThemedIcon(m_goOn, QStringLiteral("forward"));
    m_branch = new QPushButton{tr("Branch off")};
    m_branch->setObjectName(QStringLiteral("branchOff"));
    m_branch->setToolTip(tr("A new run that goes on from here with other options"));
    setThemedIcon(m_branch, QStringLiteral("branch"));
    auto* onward = new QHBoxLayout;
    onward->addWidget(m_goOn);
    onward->addWidget(m_branch);
    onward->addStretch(1);
    layout->addLayout(onward);
    layout->addWidget(makeLabel(tr("Note"), "caption"));
    m_note = new QPlainTextEdit;
    m_note->setPlaceholderText(tr("What this run was for, what it showed"));
    m_note->setFixedHeight(64);
    m_note->setTabChangesFocus(true);
    layout->addWidget(m_note);
    auto* scroll = new QScrollArea;
    scroll->setWidgetResizable(true);
    scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    scroll->setFrameShape(QFrame::NoFrame);
    auto* content = new QWidget;
    content->setProperty("scrollBody", true);
    auto* inner = new QVBoxLayout{content};
    inner->setContentsMargins(0, 0, Theme::space2, 0);
    inner->setSpacing(3);
    m_familyHeading = makeLabel(tr("Family"), "heading");
    m_family = new FamilyView;
    inner->addWidget(m_familyHeading);
    inner->addWidget(m_family);
    m_rows = new QVBoxLayout;
    m_rows->setSpacing(3);
    inner->addLayout(m_rows, 1);
    scroll->setWidget(content);
    layout->addWidget(scroll, 1);

    m_noteDelay = new QTimer{this};
    m_noteDelay->setSingleShot(true);
    m_noteDelay->setInterval(600);
    connect(m_noteDelay, &QTimer::timeout, this, &RunDetailsPanel::saveNote);
    connect(m_note, &QPlainTextEdit::textChanged, this, [this] { m_noteDelay->start(); });
    connect(recipe, &QPushButton::clicked, this, [this] { Q_EMIT recipeChosen(m_recipeJson); });
    connect(m_start, &QPushButton::clicked, this, &RunDetailsPanel::chooseStart);
    connect(m_try, &QPushButton::clicked, this, &RunDetailsPanel::chooseTry);
    connect(m_goOn, &QPushButton::clicked, this, &RunDetailsPanel::chooseGoOn);
    connect(m_branch, &QPushButton::clicked, this, &RunDetailsPanel::chooseBranch);
    setFamily({});
    m_start->setVisible(false); // until it is known that there is something to start from
    for (QPushButton* button : {m_try, m_goOn, m_branch})
        button->setVisible(false);
    connect(m_family, &FamilyView::runChosen, this, &RunDetailsPanel::runChosen);
    connect(folder, &QPushButton::clicked, this, [this] { Q_EMIT folderChosen(m_run); });
    connect(close, &QToolButton::clicked, this, &RunDetailsPanel::closed);
}

void RunDetailsPanel::chooseStart()
{
    Q_EMIT startChosen(m_run, m_recipeJson);
}

void RunDetailsPanel::chooseTry()
{
    Q_EMIT tryChosen(m_run, m_title->text(), m_task);
}

void RunDetailsPanel::chooseGoOn()
{
    Q_EMIT goOnChosen(m_run, m_title->text(), m_epochsDone);
}

void RunDetailsPanel::chooseBranch()
{
    Q_EMIT branchChosen(m_run, m_recipeJson);
}

void RunDetailsPanel::setFamily(std::vector<FamilyView::Row> rows)
{
    const bool alone = rows.size() < 2;
    m_familyHeading->setVisible(!alone);
    m_family->setVisible(!alone);
    m_family->setFamily(std::move(rows), m_run);
}

void RunDetailsPanel::saveNote()
{
    m_noteDelay->stop();
    if (m_run != 0 && m_note->toPlainText() != m_savedNote) {
        m_savedNote = m_note->toPlainText();
        Q_EMIT noteEdited(m_run, m_savedNote);
    }
}

void RunDetailsPanel::setDetails(const RunDetails& details)
{
    const RunSummary& run = details.summary;
    const QString note = QString::fromStdString(run.note);
    if (run.id != m_run) {
        saveNote();   // of the run shown before
        m_run = run.id;
        m_savedNote = note;
        m_note->setPlainText(note);
        m_noteDelay->stop();
    }
    m_recipeJson = QString::fromStdString(details.recipeJson);
    m_title->setText(QString::fromStdString(run.name));
    m_canBeStartedFrom = std::any_of(details.checkpoints.begin(), details.checkpoints.end(), [](const auto& one) { return one.best; });
    m_start->setVisible(m_canBeStartedFrom);
    m_canGoOn = run.status != RunStatus::running && run.status != RunStatus::queued
        && std::any_of(details.checkpoints.begin(), details.checkpoints.end(), [](const auto& one) { return !one.best; });
    m_epochsDone = run.status == RunStatus::completed ? run.epoch : 0;
    m_goOn->setVisible(m_canGoOn);
    m_goOn->setText(m_epochsDone > 0 ? tr("Train longer…") : tr("Go on"));
    m_goOn->setToolTip(m_epochsDone > 0 ? tr("More epochs, from where it ended") : tr("Goes on from its newest checkpoint, as if it had never stopped"));
    m_branch->setVisible(m_canGoOn);
    m_task = QString::fromStdString(run.task);
    m_canBeTried = m_canBeStartedFrom && descent::canBeTried(run.task);
    m_try->setVisible(m_canBeTried);
    m_try->setToolTip(tryHint(run.task));
    m_summary->setText(tr("Run %1  ·  %2  ·  %3  ·  %4").arg(run.id).arg(statusLabel(run.status), relativeTime(run.createdAt), shortDuration(run.seconds)));
    QString reason = translated(run.reason);
    if (!run.hint.empty())
        reason += QStringLiteral("\n") + translated(run.hint);
    m_reason->setText(reason);
    m_reason->setVisible(!reason.isEmpty());

    while (QLayoutItem* item = m_rows->takeAt(0)) {
        delete item->widget();
        delete item;
    }
    const auto heading = [&](const QString& text) {
        QLabel* label = makeLabel(text, "heading");
        label->setContentsMargins(0, Theme::space2, 0, 2);
        m_rows->addWidget(label);
    };
    const auto row = [&](const QString& name, const QString& value) {
        auto* line = new QWidget;
        auto* lineLayout = new QHBoxLayout{line};
        lineLayout->setContentsMargins(0, 0, 0, 0);
        QLabel* key = makeLabel(name, "caption");
        key->setMinimumWidth(150);
        lineLayout->addWidget(key);
        auto* text = new ElidedLabel{value};
        text->setAlignment(Qt::AlignRight | Qt::AlignVCenter);
        lineLayout->addWidget(text, 1);
        m_rows->addWidget(line);
    };
    if (!run.test.empty()) {
        heading(tr("Test, best model"));
        for (const auto& [metric, value] : run.test)
            row(QString::fromStdString(metric), shortNumber(value));
    }
    if (!run.best.empty()) {
        heading(tr("Best epoch"));
        for (const auto& [metric, value] : run.best)
            row(QString::fromStdString(metric), shortNumber(value));
    }
    if (!run.startName.empty()) {
        heading(tr("Started from"));
        row(run.parent ? tr("run %1").arg(*run.parent) : tr("file"), QString::fromStdString(run.startName));
        row(QStringLiteral("SHA-256"), QString::fromStdString(run.startSha256));
    }
    heading(tr("Recipe"));
    if (const Result<Recipe> recipe = recipeFromJson(details.recipeJson))
        for (const RecipeEntry& entry : flattened(*recipe))
            row(QString::fromStdString(entry.path), QString::fromStdString(entry.value));
    if (!details.messages.empty()) {
        heading(tr("Messages"));
        for (const Message& message : details.messages) {
            QLabel* label = makeLabel(translated(message.text), "caption");
            label->setWordWrap(true);
            m_rows->addWidget(label);
        }
    }
    heading(tr("Environment"));
    for (const auto& [name, value] : details.environment)
        row(QString::fromStdString(name), QString::fromStdString(value));
    if (!details.checkpoints.empty()) {
        heading(tr("Checkpoints"));
        for (const auto& checkpoint : details.checkpoints)
            row(QString::fromStdString(checkpoint.path), checkpoint.best ? tr("best model") : tr("step %1").arg(checkpoint.step));
    }
    m_rows->addStretch(1);
}

}
