// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/train/train_page.h"

#include "engine/core/network/custom/custom.h"
#include "engine/core/network/custom/layer_list.h"
#include "ui/layers/layer_editor.h"
#include "ui/theme/icons.h"
#include "ui/theme/theme.h"
#include "ui/theme/translated.h"
#include "ui/train/architecture_card.h"
#include "ui/train/dataset_card.h"
#include "ui/train/live_view.h"
#include "ui/train/start_form.h"
#include "ui/train/train_session.h"
#include "ui/train/training_card.h"

#include <QAction>
#include <QFileDialog>
#include <QHBoxLayout>
#include <QLineEdit>
#include <QMenu>
#include <QPushButton>
#include <QShortcut>
#include <QStackedWidget>
#include <QToolButton>
#include <QVBoxLayout>

#include <algorithm>

namespace descent {

TrainPage::TrainPage(TrainSession& session, RunHistory& history, QWidget* parent) : QWidget{parent}, m_session{session}
{
    auto* layout = new QVBoxLayout{this};
    layout->setContentsMargins(Theme::space5, Theme::space4, Theme::space5, Theme::space4);
    m_stack = new QStackedWidget;
    layout->addWidget(m_stack);

    auto* setup = new QWidget;
    auto* setupLayout = new QVBoxLayout{setup};
    setupLayout->setContentsMargins(0, 0, 0, 0);
    setupLayout->setSpacing(Theme::space3);
    setupLayout->addWidget(makeHeader());
    auto* cards = new QHBoxLayout;
    cards->setSpacing(Theme::space3);
    m_dataset = new DatasetCard{session};
    m_architecture = new ArchitectureCard{session};
    m_training = new TrainingCard{session, history};
    for (QWidget* card : {static_cast<QWidget*>(m_dataset), static_cast<QWidget*>(m_architecture), static_cast<QWidget*>(m_training)}) {
        card->setMinimumWidth(300);
        cards->addWidget(card, 1);
    }
    setupLayout->addLayout(cards, 1);

    auto* foot = new QHBoxLayout;
    foot->setSpacing(Theme::space3);
    m_why = makeLabel({}, "muted");
    m_why->setWordWrap(true);
    m_why->setAlignment(Qt::AlignRight | Qt::AlignVCenter);
    foot->addWidget(m_why, 1);
    m_watch = new QPushButton{tr("Watch the run")};
    foot->addWidget(m_watch);
    m_grid = new QPushButton{tr("Grid and seeds…")};
    m_grid->setObjectName(QStringLiteral("gridAndSeeds"));
    m_grid->setToolTip(tr("Add many recipes to the queue that differ from this one (Ctrl+Shift+G)"));
    setThemedIcon(m_grid, QStringLiteral("grid"));
    foot->addWidget(m_grid);
    m_queue = new QPushButton{tr("Add to queue")};
    m_queue->setObjectName(QStringLiteral("addToQueue"));
    m_queue->setToolTip(tr("Train this when its turn comes (Ctrl+Shift+Return)"));
    setThemedIcon(m_queue, QStringLiteral("queue"));
    foot->addWidget(m_queue);
    m_train = new QPushButton{tr("Train")};
    m_train->setObjectName(QStringLiteral("train"));
    m_train->setProperty("kind", "big");
    m_train->setToolTip(tr("Start training (Ctrl+Return)"));
    setThemedIcon(m_train, QStringLiteral("play"), true);
    foot->addWidget(m_train);
    setupLayout->addLayout(foot);
    m_stack->addWidget(setup);

    m_live = new LiveView{session};
    m_stack->addWidget(m_live);
    m_layers = new LayerEditor{*session.undoStack()};
    m_stack->addWidget(m_layers);
    connect(m_architecture, &ArchitectureCard::layersWanted, this, &TrainPage::showLayers);
    connect(m_layers, &LayerEditor::doneChosen, this, &TrainPage::showSetup);
    connect(m_layers, &LayerEditor::startChosen, m_architecture, &ArchitectureCard::openAsLayers);
    connect(m_layers, &LayerEditor::edited, this, [this](const LayerList& layers, const QString& what, bool mayMerge) {
        Recipe recipe = m_session.recipe();
        recipe.architecture.parameters[layersParameter] = toJson(layers);
        m_session.edit(recipe, what, mayMerge);
    });
    connect(&m_session, &TrainSession::recipeEdited, this, &TrainPage::feedLayers);
    connect(&m_session, &TrainSession::readingFinished, this, &TrainPage::feedLayers);

    connect(m_train, &QPushButton::clicked, &m_session, &TrainSession::train);
    connect(m_watch, &QPushButton::clicked, this, &TrainPage::showLive);
    connect(new QShortcut{QKeySequence{Qt::CTRL | Qt::Key_Return}, this}, &QShortcut::activated, this, [this] {
        m_session.canTrain() && m_train->isEnabled() ? m_session.train() : jumpToProblem();
    });
    connect(m_queue, &QPushButton::clicked, this, &TrainPage::queueChosen);
    connect(m_grid, &QPushButton::clicked, this, &TrainPage::gridChosen);
    connect(new QShortcut{QKeySequence{Qt::CTRL | Qt::SHIFT | Qt::Key_Return}, this}, &QShortcut::activated, m_queue, &QPushButton::click);
    connect(new QShortcut{QKeySequence{Qt::CTRL | Qt::SHIFT | Qt::Key_G}, this}, &QShortcut::activated, m_grid, &QPushButton::click);
    connect(m_live, &LiveView::backToSetupChosen, this, &TrainPage::showSetup);
    connect(m_live, &LiveView::compareChosen, this, &TrainPage::compareChosen);
    connect(&m_session, &TrainSession::problemsChanged, this, &TrainPage::refreshButton);
    connect(&m_session, &TrainSession::engineChanged, this, &TrainPage::refreshButton);
    connect(&m_session, &TrainSession::readingFinished, this, &TrainPage::refreshButton);
    connect(&m_session, &TrainSession::preparingStarted, this, &TrainPage::refreshButton);
    connect(m_dataset, &DatasetCard::prepareChosen, this, &TrainPage::prepareChosen);
    connect(m_dataset, &DatasetCard::validityChanged, this, &TrainPage::refreshButton);
    connect(m_architecture->form(), &ParameterForm::validityChanged, this, &TrainPage::refreshButton);
    connect(m_training->form(), &ParameterForm::validityChanged, this, &TrainPage::refreshButton);
    connect(m_training->start(), &StartForm::validityChanged, this, &TrainPage::refreshButton);
    connect(&m_session, &TrainSession::runStarted, this, [this] {
        m_live->begin();
        showLive();
        refreshButton();
    });
    connect(&m_session, &TrainSession::trainingRefused, this, [this](const Problems& problems) {
        refreshButton();
        if (problems.empty())
            return;
        // Weights that do not fit are a problem a tensor: the first counts them, the tool tip lists them.
        constexpr std::size_t listed = 30;
        QStringList all;
        for (std::size_t i = 0; i < std::min(listed, problems.size()); ++i)
            all << translated(problems[i]);
        if (problems.size() > listed)
            all << tr("and %1 more").arg(problems.size() - listed);
        m_why->setText(all.front() + (problems.size() > 1 ? QLatin1Char(' ') + tr("(and %1 more, see here)").arg(problems.size() - 1) : QString{}));
        m_why->setToolTip(problems.size() > 1 ? all.join(QLatin1Char('\n')) : QString{});
    });
    connect(&m_session, &TrainSession::fileFailed, this, &TrainPage::messageRaised);
    refreshButton();
}

QWidget* TrainPage::makeHeader()
{
    auto* header = new QWidget;
    auto* layout = new QHBoxLayout{header};
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(Theme::space2);
    m_name = new QLineEdit;
    m_name->setProperty("look", "title");
    m_name->setPlaceholderText(tr("Name of the run"));
    m_name->setAccessibleName(tr("Name of the run"));
    m_name->setObjectName(QStringLiteral("recipeName"));
    m_name->setMaxLength(200);
    layout->addWidget(m_name, 1);
    const auto showName = [this] {
        const QString name = QString::fromStdString(m_session.recipe().name);
        if (m_name->text() != name)
            m_name->setText(name);
    };
    showName();
    connect(&m_session, &TrainSession::recipeEdited, this, showName);
    connect(m_name, &QLineEdit::textEdited, this, [this](const QString& name) {
        Recipe recipe = m_session.recipe();
        recipe.name = name.toStdString();
        m_session.edit(recipe, tr("Rename"));
    });

    auto* templates = new QPushButton{tr("Templates")};
    templates->setObjectName(QStringLiteral("templates"));
    setThemedIcon(templates, QStringLiteral("template"));
    auto* menu = new QMenu{templates};
    menu->setToolTipsVisible(true);
    for (const RecipeTemplate& one : recipeTemplates()) {
        QAction* action = menu->addAction(translated(one.label));
        action->setToolTip(translated(one.help));
        connect(action, &QAction::triggered, this, [this, recipe = one.recipe] { m_session.edit(recipe, tr("Choose template")); });
    }
    templates->setMenu(menu);
    layout->addWidget(templates);

    const auto tool = [&](const char* iconName, const QString& tip) {
        auto* button = new QToolButton;
        button->setProperty("kind", "ghost");
        button->setToolTip(tip);
        button->setAccessibleName(tip);
        button->setFocusPolicy(Qt::StrongFocus);
        setThemedIcon(button, QString::fromLatin1(iconName));
        layout->addWidget(button);
        return button;
    };
    QToolButton* open = tool("folder", tr("Open a recipe (Ctrl+O)"));
    QToolButton* save = tool("save", tr("Save the recipe (Ctrl+S)"));
    QToolButton* undo = tool("undo", tr("Undo (Ctrl+Z)"));
    QToolButton* redo = tool("redo", tr("Redo (Ctrl+Shift+Z)"));
    open->setShortcut(QKeySequence::Open);
    save->setShortcut(QKeySequence::Save);
    undo->setShortcut(QKeySequence::Undo);
    redo->setShortcut(QKeySequence{Qt::CTRL | Qt::SHIFT | Qt::Key_Z});
    undo->setEnabled(false);
    redo->setEnabled(false);
    connect(m_session.undoStack(), &QUndoStack::canUndoChanged, undo, &QWidget::setEnabled);
    connect(m_session.undoStack(), &QUndoStack::canRedoChanged, redo, &QWidget::setEnabled);
    connect(undo, &QToolButton::clicked, m_session.undoStack(), &QUndoStack::undo);
    connect(redo, &QToolButton::clicked, m_session.undoStack(), &QUndoStack::redo);
    const QString filter = tr("Recipes (*.json)");
    connect(open, &QToolButton::clicked, this, [this, filter] {
        const QString file = QFileDialog::getOpenFileName(window(), tr("Open a recipe"), {}, filter);
        if (!file.isEmpty())
            m_session.openRecipe(file);
    });
    connect(save, &QToolButton::clicked, this, [this, filter] {
        const QString file = QFileDialog::getSaveFileName(window(), tr("Save the recipe"), m_name->text() + QStringLiteral(".json"), filter);
        if (!file.isEmpty())
            m_session.saveRecipe(file);
    });
    return header;
}

void TrainPage::refreshButton()
{
    QString why;
    bool can = m_session.canTrain(&why);
    const bool invalid = m_dataset->hasInvalidText() || m_architecture->form()->hasInvalidText() || m_layers->hasInvalidText()
        || m_training->form()->hasInvalidText() || m_training->start()->hasInvalidText();
    m_queue->setEnabled(!invalid && m_session.isReady());
    m_grid->setEnabled(m_queue->isEnabled());
    if (can && invalid) {
        can = false;
        why = tr("A setting holds no value yet: see its field.");
    }
    m_train->setEnabled(can);
    m_training->setTrainable(can);
    m_train->setText(m_session.isPreparing() ? tr("Preparing…") : tr("Train"));
    m_why->setText(why);
    m_why->setToolTip({});
    m_watch->setVisible(m_session.isRunning());
}

void TrainPage::jumpToProblem()
{
    for (const Problem& problem : m_session.problems()) {
        const QString path = QString::fromStdString(problem.path);
        const QString section = path.section(QLatin1Char('.'), 0, 0), name = path.section(QLatin1Char('.'), 1);
        if (section == QLatin1String("dataset"))
            return m_dataset->form()->focusField(name);
        if (section == QLatin1String("architecture") && name.startsWith(QLatin1String(layersParameter)) && m_session.recipe().architecture.kind == customArchitecture)
            return showLayers();
        if (section == QLatin1String("architecture"))
            return m_architecture->form()->focusField(name);
        if (section == QLatin1String("start"))
            return m_training->start()->focusField(name);
        if (section == QLatin1String("training"))
            return m_training->form()->focusField(name);
    }
}

void TrainPage::showSetup()
{
    m_stack->setCurrentIndex(0);
    refreshButton();
}

void TrainPage::showLayers()
{
    m_architecture->openAsLayers();
    m_stack->setCurrentWidget(m_layers);
    feedLayers();
}

/// What the recipe now holds, by whatever way it came there. Undone past its beginning, the list is gone and so is its editor.
void TrainPage::feedLayers()
{
    if (m_stack->currentWidget() != m_layers)
        return;
    const Recipe& recipe = m_session.recipe();
    if (recipe.architecture.kind != customArchitecture)
        return showSetup();
    const auto given = recipe.architecture.parameters.find(layersParameter);
    const auto* json = given == recipe.architecture.parameters.end() ? nullptr : std::get_if<std::string>(&given->second);
    Result<LayerList> layers = json ? layersFromJson(*json, "architecture.layers") : Result<LayerList>{LayerList{}, {}};
    if (!layers)
        Q_EMIT messageRaised(translated(layers.problems.front()));
    m_layers->setLayers(layers.value.value_or(LayerList{}), m_session.brief());
}

void TrainPage::showLive()
{
    m_stack->setCurrentIndex(1);
}

}
