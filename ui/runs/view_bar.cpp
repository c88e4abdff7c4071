// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/runs/view_bar.h"

#include "ui/runs/columns_dialog.h"
#include "ui/runs/run_columns.h"
#include "ui/theme/icons.h"
#include "ui/theme/theme.h"

#include <QHBoxLayout>
#include <QInputDialog>
#include <QMenu>
#include <QToolButton>

#include <algorithm>
#include <array>

namespace descent {

namespace {

constexpr std::array usualGroupings{"recipe", "architecture", "dataset", "experiment", "task", "status", "tag", "training.learningRate", "training.optimizer", "training.batchSize"};

}

ViewBar::ViewBar(QWidget* parent) : QWidget{parent}
{
    auto* layout = new QHBoxLayout{this};
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(Theme::space1);
    const auto button = [&](const char* name, const QString& iconName, const QString& text, const QString& help) {
        auto* made = new QToolButton;
        made->setObjectName(QString::fromLatin1(name));
        made->setProperty("kind", "ghost");
        made->setText(text);
        made->setToolTip(help);
        made->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
        setThemedIcon(made, iconName);
        layout->addWidget(made);
        return made;
    };
    m_group = button("groupRuns", QStringLiteral("grid"), tr("Group"), tr("Runs that share something in one row, with mean, spread and best"));
    m_columns = button("chooseColumns", QStringLiteral("sliders"), tr("Columns"), tr("Which columns there are, and in which order"));
    m_views = button("views", QStringLiteral("save"), tr("Views"), tr("Columns, order, groups and what is asked for, kept under a name"));
    for (QToolButton* one : {m_group, m_views}) {
        one->setPopupMode(QToolButton::InstantPopup);
        one->setMenu(new QMenu{one});
    }
    connect(m_group->menu(), &QMenu::aboutToShow, this, &ViewBar::fillGroupMenu);
    connect(m_views->menu(), &QMenu::aboutToShow, this, &ViewBar::fillViewMenu);
    connect(m_columns, &QToolButton::clicked, this, &ViewBar::columnsWanted);
}

void ViewBar::setGrouping(const std::vector<std::string>& fields)
{
    m_grouping = fields;
    QStringList titles;
    for (const std::string& field : fields)
        titles << columnTitle(field);
    const QString text = titles.isEmpty() ? tr("Group") : tr("Group: %1").arg(titles.join(QStringLiteral(", ")));
    m_group->setText(fontMetrics().elidedText(text, Qt::ElideRight, 220));
}

void ViewBar::setViews(const std::map<std::string, std::string>& views)
{
    m_kept = views;
}

void ViewBar::setFields(std::vector<std::string> fields)
{
    m_fields = std::move(fields);
}

void ViewBar::toggle(const std::string& field)
{
    std::vector<std::string> fields = m_grouping;
    if (const auto known = std::find(fields.begin(), fields.end(), field); known != fields.end())
        fields.erase(known);
    else
        fields.push_back(field);
    Q_EMIT groupingChosen(fields);
}

void ViewBar::fillGroupMenu()
{
    QMenu* menu = m_group->menu();
    menu->clear();
    QAction* none = menu->addAction(tr("No groups"), this, [this] { Q_EMIT groupingChosen({}); });
    none->setCheckable(true);
    none->setChecked(m_grouping.empty());
    menu->addSeparator();
    std::vector<std::string> fields{usualGroupings.begin(), usualGroupings.end()};
    for (const std::string& field : m_grouping)
        if (std::find(fields.begin(), fields.end(), field) == fields.end())
            fields.push_back(field);
    for (const std::string& field : fields) {
        QAction* action = menu->addAction(columnTitle(field), this, [this, field] { toggle(field); });
        action->setCheckable(true);
        action->setChecked(std::find(m_grouping.begin(), m_grouping.end(), field) != m_grouping.end());
    }
    menu->addSeparator();
    menu->addAction(tr("Another setting or figure…"), this, [this] {
        auto* dialog = new FieldDialog{tr("Group by"), m_fields, this};
        dialog->setAttribute(Qt::WA_DeleteOnClose);
        connect(dialog, &FieldDialog::chosen, this, [this](const QString& field) { toggle(field.toStdString()); });
        dialog->open();
    });
}

void ViewBar::fillViewMenu()
{
    QMenu* menu = m_views->menu();
    menu->clear();
    menu->addAction(tr("As usual"), this, &ViewBar::usualViewChosen);
    for (const auto& [name, json] : m_kept)
        menu->addAction(QString::fromStdString(name).replace(QLatin1Char('&'), QStringLiteral("&&")), this, [this, json] { Q_EMIT viewChosen(QString::fromStdString(json)); });
    menu->addSeparator();
    menu->addAction(tr("Keep this view as…"), this, &ViewBar::askName);
    if (!m_kept.empty()) {
        QMenu* remove = menu->addMenu(tr("Forget"));
        for (const auto& [name, json] : m_kept)
            remove->addAction(QString::fromStdString(name).replace(QLatin1Char('&'), QStringLiteral("&&")), this, [this, name] { Q_EMIT viewRemoved(QString::fromStdString(name)); });
    }
}

void ViewBar::askName()
{
    auto* dialog = new QInputDialog{this};
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setWindowTitle(tr("Keep this view"));
    dialog->setLabelText(tr("Name; one that is there already is replaced:"));
    connect(dialog, &QInputDialog::textValueSelected, this, [this](const QString& name) {
        if (!name.trimmed().isEmpty())
            Q_EMIT viewSaved(name.trimmed());
    });
    dialog->open();
}

}
