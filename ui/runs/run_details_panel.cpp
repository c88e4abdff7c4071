// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/runs/run_details_panel.h"

#include "engine/core/recipe/recipe.h"
#include "ui/history/run_text.h"
#include "ui/plot/curve_plot.h"
#include "ui/runs/family_view.h"
#include "ui/runs/note_edit.h"
#include "ui/runs/run_columns.h"
#include "ui/theme/icons.h"
#include "ui/theme/theme.h"
#include "ui/theme/translated.h"
#include "ui/theme/widgets.h"
#include "ui/try/try_dialog.h"

#include <QHBoxLayout>
#include <QMenu>
#include <QPushButton>
#include <QScrollArea>
#include <QTimer>
#include <QToolButton>
#include <QVBoxLayout>

#include <algorithm>

namespace descent {

namespace {

QWidget* makeRow(const QString& name, const QString& value)
{
    auto* line = new QWidget;
    auto* layout = new QHBoxLayout{line};
    layout->setContentsMargins(0, 0, 0, 0);
    QLabel* key = makeLabel(name, "caption");
    key->setMinimumWidth(150);
    layout->addWidget(key);
    auto* text = new ElidedLabel{value};
    text->setAlignment(Qt::AlignRight | Qt::AlignVCenter);
    layout->addWidget(text, 1);
    return line;
}

QLabel* makeHeading(const QString& text)
{
    QLabel* label = makeLabel(text, "heading");
    label->setContentsMargins(0, Theme::space2, 0, 2);
    return label;
}

void clear(QLayout& layout)
{
    while (QLayoutItem* item = layout.takeAt(0)) {
        delete item->widget();
        delete item;
    }
}

}

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
    layout->addLayout(makeActions());
    m_note = new NoteEdit;
    layout->addWidget(m_note);
    auto* scroll = new QScrollArea;
    scroll->setWidgetResizable(true);
    scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    scroll->setFrameShape(QFrame::NoFrame);
    auto* content = new QWidget;
    content->setProperty("scrollBody", true);
    content->setLayout(makeRows());
    scroll->setWidget(content);
    layout->addWidget(scroll, 1);

    m_noteDelay = new QTimer{this};
    m_noteDelay->setSingleShot(true);
    m_noteDelay->setInterval(600);
    connect(m_noteDelay, &QTimer::timeout, this, &RunDetailsPanel::saveNote);
    connect(m_note, &NoteEdit::edited, this, [this] { m_noteDelay->start(); });
    connect(m_family, &FamilyView::runChosen, this, &RunDetailsPanel::runChosen);
    connect(close, &QToolButton::clicked, this, &RunDetailsPanel::closed);
    setFamily({});
}

QLayout* RunDetailsPanel::makeActions()
{
    auto* all = new QVBoxLayout;
    const auto line = [all](std::initializer_list<QPushButton*> buttons) {
        auto* one = new QHBoxLayout;
        for (QPushButton* button : buttons)
            one->addWidget(button);
        one->addStretch(1);
        all->addLayout(one);
    };
    auto* recipe = new QPushButton{tr("Use recipe in Train")};
    recipe->setProperty("kind", "primary");
    auto* folder = new QPushButton{tr("Open folder")};
    line({recipe, folder});
    m_start = new QPushButton{tr("Start from this")};
    m_start->setObjectName(QStringLiteral("startFromThis"));
    m_start->setToolTip(tr("A new recipe that begins with this run's best weights"));
    setThemedIcon(m_start, QStringLiteral("plus"));
    m_try = new QPushButton{tr("Try it")};
    m_try->setObjectName(QStringLiteral("tryRun"));
    setThemedIcon(m_try, QStringLiteral("play"));
    line({m_try, m_start});
    m_goOn = new QPushButton;
    m_goOn->setObjectName(QStringLiteral("goOn"));
    setThemedIcon(m_goOn, QStringLiteral("forward"));
    m_branch = new QPushButton{tr("Branch off")};
    m_branch->setObjectName(QStringLiteral("branchOff"));
    m_branch->setToolTip(tr("A new run that goes on from here with other options"));
    setThemedIcon(m_branch, QStringLiteral("branch"));
    line({m_goOn, m_branch});
    for (QPushButton* button : {m_start, m_try, m_goOn, m_branch})
        button->setVisible(false); // until it is known what can be done
    connect(recipe, &QPushButton::clicked, this, [this] { Q_EMIT recipeChosen(m_recipeJson); });
    connect(folder, &QPushButton::clicked, this, [this] { Q_EMIT folderChosen(m_run); });
    connect(m_start, &QPushButton::clicked, this, &RunDetailsPanel::chooseStart);
    connect(m_try, &QPushButton::clicked, this, &RunDetailsPanel::chooseTry);
    connect(m_goOn, &QPushButton::clicked, this, &RunDetailsPanel::chooseGoOn);
    connect(m_branch, &QPushButton::clicked, this, &RunDetailsPanel::chooseBranch);
    return all;
}

QLayout* RunDetailsPanel::makeRows()
{
    auto* all = new QVBoxLayout;
    all->setContentsMargins(0, 0, Theme::space2, 0);
    all->setSpacing(3);
    m_familyHeading = makeLabel(tr("Family"), "heading");
    m_family = new FamilyView;
    all->addWidget(m_familyHeading);
    all->addWidget(m_family);
    m_differences = new QVBoxLayout;
    m_differences->setSpacing(3);
    all->addLayout(m_differences);
    m_rows = new QVBoxLayout;
    m_rows->setSpacing(3);
    all->addLayout(m_rows, 1);
    return all;
}

void RunDetailsPanel::addActions(QMenu& menu)
{
    menu.addAction(tr("Use recipe in Train"), this, [this] { Q_EMIT recipeChosen(m_recipeJson); });
    if (m_canBeStartedFrom)
        menu.addAction(tr("Start a new run from this"), this, &RunDetailsPanel::chooseStart);
    if (m_canGoOn) {
        menu.addAction(tr("Go on with it"), this, &RunDetailsPanel::chooseGoOn);
        menu.addAction(tr("Branch off with other options"), this, &RunDetailsPanel::chooseBranch);
    }
    if (m_canBeTried)
        menu.addAction(tr("Try it"), this, &RunDetailsPanel::chooseTry);
    menu.addAction(tr("Open folder"), this, [this] { Q_EMIT folderChosen(m_run); });
}

void RunDetailsPanel::clearDifferences()
{
    clear(*m_differences);
}

void RunDetailsPanel::addDifference(const RunDifference& difference, bool isBaseline)
{
    const ColorTokens& colors = Theme::instance().colors();
    m_differences->addWidget(makeHeading(isBaseline ? tr("Against the baseline, run %1").arg(difference.before) : tr("Against its parent, run %1").arg(difference.before)));
    if (difference.settings.empty())
        m_differences->addWidget(makeLabel(tr("The same recipe"), "caption"));
    for (const RecipeComparisonRow& row : difference.settings)
        m_differences->addWidget(makeRow(QString::fromStdString(row.path), QStringLiteral("%1 \u2192 %2").arg(QString::fromStdString(row.values[0]), QString::fromStdString(row.values[1]))));
    for (const FigureChange& change : difference.figures) {
        if (change.before == change.after)
            continue;
        QWidget* row = makeRow(columnTitle(change.field), QStringLiteral("%1 \u2192 %2").arg(shortNumber(change.before), shortNumber(change.after)));
        if (change.better) {
            auto* value = row->findChild<ElidedLabel*>();
            QPalette palette = value->palette();
            palette.setColor(QPalette::WindowText, *change.better ? colors.success : colors.danger);
            value->setPalette(palette);
        }
        m_differences->addWidget(row);
    }
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

/// The trash is left out of it, so a deleted parent is told as such.
void RunDetailsPanel::setFamily(const std::vector<FamilyMember>& family)
{
    std::vector<FamilyView::Row> rows;
    for (const FamilyMember& member : family)
        rows.push_back({.run = member.run,
                        .depth = static_cast<int>(member.depth),
                        .isLastChild = member.isLastChild,
                        .isDeleted = member.summary == nullptr,
                        .name = member.summary ? QString::fromStdString(member.summary->name) : QString{},
                        .figure = member.summary ? headlineOf(*member.summary) : QString{}});
    m_familyHeading->setVisible(rows.size() > 1);
    m_family->setVisible(rows.size() > 1);
    m_family->setFamily(std::move(rows), m_run);
}

void RunDetailsPanel::saveNote()
{
    m_noteDelay->stop();
    if (m_run != 0 && m_note->note() != m_savedNote) {
        m_savedNote = m_note->note();
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
        m_note->setNote(note);
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

    fillRows(details);
}

void RunDetailsPanel::fillRows(const RunDetails& details)
{
    const RunSummary& run = details.summary;
    clear(*m_rows);
    const auto heading = [this](const QString& text) { m_rows->addWidget(makeHeading(text)); };
    const auto row = [this](const QString& name, const QString& value) { m_rows->addWidget(makeRow(name, value)); };
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
    if (const Result<Recipe> recipe = recipeFromJson(details.recipeJson)) {
        heading(tr("Recipe"));
        for (const RecipeEntry& entry : flattened(*recipe))
            row(QString::fromStdString(entry.path), QString::fromStdString(entry.value));
    }
    if (!details.messages.empty()) {
        heading(tr("Messages"));
        for (const Message& message : details.messages) {
            QLabel* label = makeLabel(translated(message.text), "caption");
            label->setWordWrap(true);
            m_rows->addWidget(label);
        }
    }
    if (!details.environment.empty())
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
