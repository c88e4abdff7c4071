// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/train/start_form.h"

#include "engine/core/network/stages.h"
#include "engine/core/recipe/start.h"
#include "ui/history/run_history.h"
#include "ui/history/run_text.h"
#include "ui/theme/theme.h"
#include "ui/theme/translated.h"
#include "ui/theme/widgets.h"
#include "ui/train/run_picker.h"
#include "ui/train/train_session.h"
#include "ui/views/network_view.h"

#include <QComboBox>
#include <QPushButton>
#include <QVBoxLayout>

#include <algorithm>
#include <ranges>

namespace descent {

namespace {

/// Some of the schema's parameters, which then always apply unless what they depend on is among them.
Schema partOf(const Schema& schema, std::initializer_list<std::string_view> names)
{
    Schema part;
    for (const ParameterSchema& parameter : schema)
        if (std::find(names.begin(), names.end(), parameter.name) != names.end())
            part.push_back(parameter);
    for (ParameterSchema& parameter : part)
        if (!findParameter(part, parameter.appliesWhen.parameter))
            parameter.appliesWhen = {};
    return part;
}

QWidget* row(const QString& label, QWidget* control)
{
    auto* widget = new QWidget;
    auto* layout = new QVBoxLayout{widget};
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(Theme::space1);
    layout->addWidget(makeLabel(label, "muted"));
    layout->addWidget(control);
    return widget;
}

}

StartForm::StartForm(TrainSession& session, RunHistory& history, QWidget* parent) : QWidget{parent}, m_session{session}, m_history{history}
{
    auto* layout = new QVBoxLayout{this};
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(Theme::space2);
    m_from = new ParameterForm;
    m_from->setSchema(partOf(startSchema(), {"from", "file"}));
    layout->addWidget(m_from);
    m_run = new QPushButton;
    m_run->setObjectName(QStringLiteral("startRun"));
    m_run->setAccessibleName(tr("Run to start from"));
    m_run->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Fixed); // a long name must not widen the card
    m_runRow = row(tr("Run"), m_run);
    layout->addWidget(m_runRow);
    m_freeze = new QComboBox;
    m_freeze->setObjectName(QStringLiteral("freeze"));
    m_freeze->setAccessibleName(tr("Freeze"));
    m_freeze->setToolTip(tr("Frozen stages do not learn: quicker, and the safer the fewer samples there are."));
    m_freeze->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    m_freezeRow = row(tr("Freeze"), m_freeze);
    layout->addWidget(m_freezeRow);
    m_learning = makeLabel({}, "caption");
    m_learning->setObjectName(QStringLiteral("learningWeights"));
    m_learning->setWordWrap(true);
    layout->addWidget(m_learning);
    m_rest = new ParameterForm;
    m_rest->setSchema(partOf(startSchema(), {"head", "trunkRate", "stageDecay", "take"}));
    layout->addWidget(m_rest);
    m_problem = makeLabel({}, "danger");
    m_problem->setObjectName(QStringLiteral("startProblem"));
    m_problem->setWordWrap(true);
    layout->addWidget(m_problem);

    connect(m_from, &ParameterForm::edited, this, [this](const Parameters& values) {
        edit(values);
        const StartOptions start = startOptions(m_session.recipe().start);
        if ((start.from == StartOptions::From::run || start.from == StartOptions::From::branch) && start.run == 0)
            chooseRun();
    });
    connect(m_rest, &ParameterForm::edited, this, &StartForm::edit);
    connect(m_from, &ParameterForm::validityChanged, this, &StartForm::validityChanged);
    connect(m_rest, &ParameterForm::validityChanged, this, &StartForm::validityChanged);
    connect(m_run, &QPushButton::clicked, this, &StartForm::chooseRun);
    connect(m_freeze, &QComboBox::activated, this, [this](int index) {
        Parameters start = m_session.recipe().start;
        start.insert_or_assign("freeze", m_freeze->itemData(index).toString().toStdString());
        edit(start);
    });
    connect(&m_session, &TrainSession::recipeEdited, this, &StartForm::showRecipe);
    connect(&m_session, &TrainSession::networkChanged, this, &StartForm::showNetwork);
    connect(&m_session, &TrainSession::problemsChanged, this, &StartForm::showProblems);
    connect(&m_history, &RunHistory::changed, this, &StartForm::showRun);
    showRecipe();
    showNetwork();
    showProblems();
}

void StartForm::edit(const Parameters& start)
{
    Recipe recipe = m_session.recipe();
    recipe.start = start;
    m_session.edit(recipe, tr("Edit start"));
}

void StartForm::focusField(const QString& name)
{
    if (name == QLatin1String("run"))
        m_run->setFocus();
    else if (name == QLatin1String("freeze"))
        m_freeze->setFocus();
    else if (name == QLatin1String("file") || name == QLatin1String("from"))
        m_from->focusField(name);
    else
        m_rest->focusField(name);
}

void StartForm::chooseRun()
{
    const std::string& architecture = m_session.recipe().architecture.kind;
    std::vector<RunSummary> fitting;
    for (const SharedRun& run : m_history.runs().shared() | std::views::reverse) // the newest first
        if (run->architecture == architecture && !run->best.empty() && !run->archived)
            fitting.push_back(*run);
    const Architecture* known = findArchitecture(architecture);
    auto* picker = new RunPicker{std::move(fitting),
                                 tr("No run of the architecture %1 has learnt anything yet.\nTrain one first, or choose another architecture.")
                                     .arg(known ? translated(known->label) : QString::fromStdString(architecture)),
                                 this};
    picker->setAttribute(Qt::WA_DeleteOnClose);
    connect(picker, &RunPicker::chosen, this, [this](qint64 run) {
        Parameters start = m_session.recipe().start;
        if (startOptions(start).from != StartOptions::From::branch)
            start.insert_or_assign("from", std::string{"run"});
        start.insert_or_assign("run", static_cast<std::int64_t>(run));
        edit(start);
    });
    picker->open();
}

void StartForm::showRecipe()
{
    const Parameters& start = m_session.recipe().start;
    if (!validate(startSchema(), start, "").empty())
        return; // its problems are shown; a value of a wrong type cannot be
    const StartOptions options = startOptions(start);
    const bool taken = options.from != StartOptions::From::nothing;
    m_from->setValues(start);
    m_rest->setValues(start);
    m_runRow->setVisible(options.from == StartOptions::From::run || options.from == StartOptions::From::branch);
    m_freezeRow->setVisible(taken);
    m_rest->setVisible(taken && options.from != StartOptions::From::branch); // a branch takes all that there is
    showRun();
    showNetwork();
}

void StartForm::showRun()
{
    const StartOptions options = startOptions(m_session.recipe().start);
    const RunSummary* run = m_history.find(options.run);
    m_run->setText(options.run == 0 ? tr("Choose a run…")
                   : run            ? nameAndNumber(*run)
                   : m_history.isLoaded() ? tr("Run %1, which was deleted").arg(options.run)
                                          : tr("Run %1").arg(options.run));
    m_run->setToolTip(run ? m_run->text() + QLatin1Char('\n') + headlineOf(*run) : QString{});
}

void StartForm::showNetwork()
{
    const StartOptions options = startOptions(m_session.recipe().start);
    m_freeze->clear();
    m_freeze->addItem(tr("Nothing"), QStringLiteral("none"));
    const std::optional<NetworkSpec>& network = m_session.network();
    m_learning->setVisible(network && options.from != StartOptions::From::nothing);
    if (network) {
        std::int64_t frozen = 0;
        const Stages stages = stagesOf(*network);
        for (std::size_t i = 0; i + 1 < stages.stages.size(); ++i) {
            const Stage& stage = stages.stages[i];
            frozen += stage.parameterCount;
            const QString name = QString::fromStdString(stage.name);
            const bool whole = i + 2 == stages.stages.size();
            m_freeze->addItem(whole ? tr("All but the head") : i == 0 ? name : tr("Up to %1").arg(name),
                              whole ? QStringLiteral("trunk") : name);
            m_freeze->setItemData(m_freeze->count() - 1, tr("%1 weights").arg(shortCount(frozen)), Qt::ToolTipRole);
        }
        if (const Result<std::vector<bool>> layers = frozenLayers(*network, options.freeze)) {
            std::int64_t learning = 0;
            for (std::size_t i = 0; i < layers->size(); ++i)
                learning += (*layers)[i] ? 0 : network->layers[i].parameterCount;
            m_learning->setText(tr("%1 of %2 weights learn").arg(shortCount(learning), shortCount(network->parameterCount())));
        }
    }
    const QString chosen = QString::fromStdString(options.freeze);
    int index = m_freeze->findData(chosen);
    if (index < 0 && network && !stagesOf(*network).stages.empty()) {
        // The last stage of the trunk is all of it; anything else is no stage, and the problem says so.
        const Stages stages = stagesOf(*network);
        if (stages.stages.size() > 1 && stages.stages[stages.stages.size() - 2].name == options.freeze)
            index = m_freeze->count() - 1;
    }
    if (index < 0) {
        m_freeze->addItem(chosen, chosen);
        index = m_freeze->count() - 1;
    }
    m_freeze->setCurrentIndex(index);
}

void StartForm::showProblems()
{
    const Problems& problems = m_session.problems();
    m_from->setProblems(problems, QStringLiteral("start"));
    m_rest->setProblems(problems, QStringLiteral("start"));
    const auto own = std::find_if(problems.begin(), problems.end(), [](const Problem& p) { return p.path == "start.run" || p.path == "start.freeze"; });
    m_problem->setVisible(own != problems.end());
    if (own != problems.end()) {
        QString words = translated(own->message) + (own->hint.empty() ? QString{} : QStringLiteral(": ") + translated(own->hint));
        words[0] = words[0].toUpper();
        m_problem->setText(words);
    }
}

}
