// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/train/task_form.h"

#include "ui/theme/theme.h"
#include "ui/theme/translated.h"
#include "ui/theme/widgets.h"
#include "ui/train/train_session.h"

#include <QComboBox>
#include <QStandardItemModel>
#include <QVBoxLayout>

namespace descent {

TaskForm::TaskForm(TrainSession& session, QWidget* parent) : QWidget{parent}, m_session{session}
{
    auto* layout = new QVBoxLayout{this};
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(Theme::space2);
    layout->addWidget(makeLabel(tr("What is learnt"), "caption"));
    m_kind = new QComboBox;
    m_kind->setObjectName(QStringLiteral("taskKind"));
    m_kind->setAccessibleName(tr("Task"));
    m_kind->addItem(tr("Automatic"), QString::fromLatin1(automaticTask));
    for (const TaskKind& kind : taskKinds()) {
        m_kind->addItem(translated(kind.label), QString::fromStdString(kind.id));
        m_kind->setItemData(m_kind->count() - 1, translated(kind.help), Qt::ToolTipRole);
    }
    layout->addWidget(m_kind);
    m_form = new ParameterForm;
    layout->addWidget(m_form);

    connect(m_kind, &QComboBox::activated, this, [this](int index) {
        Recipe recipe = m_session.recipe();
        setByPath(recipe, "task.kind", m_kind->itemData(index).toString().toStdString());
        m_session.edit(recipe, tr("Choose task"));
    });
    connect(m_form, &ParameterForm::edited, this, [this](const Parameters& values) {
        Recipe recipe = m_session.recipe();
        if (m_session.task())
            recipe.task.kind = m_session.task()->id; // settings belong to a task: from now on this one
        recipe.task.parameters = values;
        m_session.edit(recipe, tr("Edit task"));
    });
    connect(&m_session, &TrainSession::recipeEdited, this, &TaskForm::show);
    connect(&m_session, &TrainSession::problemsChanged, this, &TaskForm::show);
    show();
}

void TaskForm::show()
{
    const Recipe& recipe = m_session.recipe();
    const std::optional<TaskKind>& task = m_session.task();
    const Dataset* dataset = m_session.dataset().get();
    const auto* model = qobject_cast<QStandardItemModel*>(m_kind->model());
    for (int i = 1; i < m_kind->count(); ++i)
        model->item(i)->setEnabled(!dataset || findTaskKind(m_kind->itemData(i).toString().toStdString())->fits(*dataset));
    m_kind->setItemText(0, task && recipe.task.kind == automaticTask ? tr("Automatic: %1").arg(translated(task->label)) : tr("Automatic"));
    m_kind->setCurrentIndex(m_kind->findData(QString::fromStdString(recipe.task.kind)));
    const TaskKind* named = findTaskKind(recipe.task.kind);
    m_form->setSchema(named ? named->schema : task ? task->schema : Schema{});
    m_form->setValues(recipe.task.parameters);
    m_form->setProblems(m_session.problems(), QStringLiteral("task"));
}

}
