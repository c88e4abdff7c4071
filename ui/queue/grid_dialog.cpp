// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/queue/grid_dialog.h"

#include "engine/core/network/architecture.h"
#include "engine/core/recipe/catalog.h"
#include "engine/core/recipe/section.h"
#include "ui/queue/queue_rows.h"
#include "ui/theme/icons.h"
#include "ui/theme/theme.h"
#include "ui/theme/translated.h"
#include "ui/theme/widgets.h"

#include <QCoreApplication>
#include <QHBoxLayout>
#include <QKeyEvent>
#include <QLineEdit>
#include <QListWidget>
#include <QPushButton>
#include <QScrollArea>
#include <QTimer>
#include <QToolButton>
#include <QVBoxLayout>

#include <algorithm>

namespace descent {

namespace {

constexpr int workDelayMs = 150;
constexpr int runsListed = 200; // what follows looks alike

QString sectionLabel(const std::string& section)
{
    if (section == "dataset")
        return GridDialog::tr("Dataset");
    if (section == "task")
        return GridDialog::tr("Task");
    if (section == "split")
        return GridDialog::tr("Split");
    if (section == "preprocessing")
        return GridDialog::tr("Preprocessing");
    if (section == "architecture")
        return GridDialog::tr("Architecture");
    if (section == "start")
        return GridDialog::tr("Start");
    return GridDialog::tr("Training");
}

void showProblem(QLabel* label, const Problem* problem)
{
    label->setVisible(problem != nullptr);
    if (!problem)
        return;
    QString text = translated(problem->message) + (problem->hint.empty() ? QString{} : QStringLiteral(": ") + translated(problem->hint));
    text[0] = text[0].toUpper();
    label->setText(text);
}

}

GridDialog::GridDialog(Recipe recipe, QWidget* parent) : QDialog{parent}, m_recipe{std::move(recipe)}
{
    setWindowTitle(tr("Grid and seeds"));
    setObjectName(QStringLiteral("gridDialog"));
    resize(980, 620);
    m_settings = settingsOfRecipe();
    auto* layout = new QVBoxLayout{this};
    layout->setContentsMargins(Theme::space4, Theme::space4, Theme::space4, Theme::space4);
    layout->setSpacing(Theme::space3);
    auto* columns = new QHBoxLayout;
    columns->setSpacing(Theme::space4);
    columns->addWidget(makeSettings(), 4);
    columns->addWidget(makeAxes(), 5);
    columns->addWidget(makeRuns(), 5);
    layout->addLayout(columns, 1);
    auto* foot = new QHBoxLayout;
    m_problem = makeLabel({}, "danger");
    m_problem->setObjectName(QStringLiteral("gridProblem"));
    m_problem->setWordWrap(true);
    foot->addWidget(m_problem, 1);
    foot->addStretch(0);
    auto* cancel = new QPushButton{tr("Cancel")};
    cancel->setAutoDefault(false);
    m_add = new QPushButton;
    m_add->setObjectName(QStringLiteral("gridAdd"));
    m_add->setProperty("kind", "primary");
    m_add->setAutoDefault(false);
    foot->addWidget(cancel);
    foot->addWidget(m_add);
    layout->addLayout(foot);

    m_delay = new QTimer{this};
    m_delay->setSingleShot(true);
    m_delay->setInterval(workDelayMs);
    connect(m_delay, &QTimer::timeout, this, &GridDialog::work);
    connect(cancel, &QPushButton::clicked, this, &QDialog::reject);
    connect(m_add, &QPushButton::clicked, this, [this] {
        if (m_delay->isActive()) { // what was typed last counts
            m_delay->stop();
            work();
        }
        if (m_recipes.empty())
            return;
        Q_EMIT chosen(m_recipes);
        accept();
    });
    narrow();
    work();
    m_search->setFocus();
}

std::vector<GridDialog::Setting> GridDialog::settingsOfRecipe() const
{
    std::vector<Setting> settings;
    Recipe copy = m_recipe;
    std::vector<RecipeSection> sections = sectionsOf(copy);
    // What is tuned most comes first.
    const auto rank = [](const RecipeSection& section) { return section.name == "training" ? 0 : section.name == "architecture" ? 1 : 2; };
    std::stable_sort(sections.begin(), sections.end(), [&](const RecipeSection& a, const RecipeSection& b) { return rank(a) < rank(b); });
    for (const RecipeSection& section : sections) {
        if (section.name == "architecture")
            settings.push_back({QStringLiteral("architecture.kind"), tr("Architecture"), tr("Architecture"), QString::fromStdString(*section.kind)});
        if (!section.schema || (section.kind && *section.kind == automaticTask))
            continue;
        for (const ParameterSchema& parameter : *section.schema) {
            const std::string path = section.name + "." + parameter.name;
            if (parameter.type == ParameterType::path || path == "architecture.layers" || path == "training.threads")
                continue; // a file is no thing to vary by typing, a list of layers no line of text, threads change nothing but time
            const bool chosen = parameter.type == ParameterType::choice || parameter.type == ParameterType::boolean;
            settings.push_back({QString::fromStdString(path), translated(parameter.label), sectionLabel(section.name),
                                chosen ? QStringLiteral("all")
                                       : QString::fromStdString(format(valueOf(*section.schema, *section.parameters, parameter.name)))});
        }
    }
    return settings;
}

QWidget* GridDialog::makeSettings()
{
    auto* column = new QWidget;
    auto* layout = new QVBoxLayout{column};
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(Theme::space2);
    layout->addWidget(makeLabel(tr("Settings"), "heading"));
    m_search = new QLineEdit;
    m_search->setObjectName(QStringLiteral("gridSearch"));
    m_search->setPlaceholderText(tr("Search a setting…"));
    m_search->setClearButtonEnabled(true);
    m_search->installEventFilter(this);
    layout->addWidget(m_search);
    m_list = new QListWidget;
    m_list->setObjectName(QStringLiteral("gridSettings"));
    m_list->setAccessibleName(tr("Settings"));
    m_list->setTextElideMode(Qt::ElideRight);
    m_list->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    layout->addWidget(m_list, 1);
    layout->addWidget(makeLabel(tr("Return or a double click lets it vary"), "caption"));
    connect(m_search, &QLineEdit::textChanged, this, &GridDialog::narrow);
    connect(m_search, &QLineEdit::returnPressed, this, &GridDialog::addCurrent);
    connect(m_list, &QListWidget::itemActivated, this, &GridDialog::addCurrent);
    return column;
}

QWidget* GridDialog::makeAxes()
{
    auto* column = new QWidget;
    auto* layout = new QVBoxLayout{column};
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(Theme::space2);
    layout->addWidget(makeLabel(tr("Values"), "heading"));
    auto* rows = new QWidget;
    m_axesLayout = new QVBoxLayout{rows};
    m_axesLayout->setContentsMargins(0, 0, 0, 0);
    m_axesLayout->setSpacing(Theme::space2);
    m_nothing = makeLabel(tr("Choose settings on the left. Each gets a list of values (0.1, 0.01) or a range with its number of values (0.001..0.1/3)."),
                          "muted");
    m_nothing->setWordWrap(true);
    m_axesLayout->addWidget(m_nothing);
    layout->addWidget(scrolled(rows), 1);
    layout->addWidget(makeLabel(tr("Seeds"), "heading"));
    m_seeds = new QLineEdit{QStringLiteral("1")};
    m_seeds->setObjectName(QStringLiteral("gridSeeds"));
    m_seeds->setAccessibleName(tr("Number of seeds"));
    m_seeds->setToolTip(tr("Each combination is trained with so many seeds: what differs between them is chance"));
    layout->addWidget(m_seeds);
    m_seedsProblem = makeLabel({}, "danger");
    m_seedsProblem->setWordWrap(true);
    layout->addWidget(m_seedsProblem);
    connect(m_seeds, &QLineEdit::textEdited, this, [this] { m_delay->start(); });
    return column;
}

QWidget* GridDialog::makeRuns()
{
    auto* column = new QWidget;
    auto* layout = new QVBoxLayout{column};
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(Theme::space2);
    m_count = makeLabel({}, "heading");
    m_count->setObjectName(QStringLiteral("gridCount"));
    layout->addWidget(m_count);
    m_runs = new QListWidget;
    m_runs->setObjectName(QStringLiteral("gridRuns"));
    m_runs->setAccessibleName(tr("Runs that will be made"));
    m_runs->setSelectionMode(QAbstractItemView::NoSelection);
    m_runs->setFocusPolicy(Qt::NoFocus);
    m_runs->setTextElideMode(Qt::ElideRight);
    m_runs->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    layout->addWidget(m_runs, 1);
    return column;
}

void GridDialog::narrow()
{
    const QStringList words = m_search->text().split(QLatin1Char(' '), Qt::SkipEmptyParts);
    m_list->clear();
    for (std::size_t i = 0; i < m_settings.size(); ++i) {
        const Setting& one = m_settings[i];
        const QString found = one.label + QLatin1Char(' ') + one.about + QLatin1Char(' ') + one.path;
        if (!std::all_of(words.begin(), words.end(), [&](const QString& word) { return found.contains(word, Qt::CaseInsensitive); }))
            continue;
        if (std::any_of(m_axes.begin(), m_axes.end(), [&](const Axis& axis) { return axis.path == one.path.toStdString(); }))
            continue;
        const QString now = one.value == QLatin1String("all") ? QString{} : QStringLiteral("  ·  ") + one.value;
        auto* item = new QListWidgetItem{one.label + QLatin1Char('\n') + one.about + now, m_list};
        item->setData(Qt::UserRole, static_cast<int>(i));
        item->setToolTip(one.path);
    }
    m_list->setCurrentRow(0);
}

void GridDialog::addCurrent()
{
    if (const QListWidgetItem* item = m_list->currentItem())
        addAxis(m_settings[static_cast<std::size_t>(item->data(Qt::UserRole).toInt())]);
}

void GridDialog::addAxis(const Setting& setting)
{
    Axis axis;
    axis.path = setting.path.toStdString();
    axis.widget = new QWidget;
    auto* layout = new QVBoxLayout{axis.widget};
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(Theme::space1);
    auto* head = new QHBoxLayout;
    QLabel* label = makeLabel(setting.label);
    label->setToolTip(setting.path);
    head->addWidget(label, 1);
    auto* remove = new QToolButton;
    remove->setProperty("kind", "ghost");
    remove->setToolTip(tr("Let it vary no more"));
    remove->setAccessibleName(tr("Let %1 vary no more").arg(setting.label));
    setThemedIcon(remove, QStringLiteral("close"));
    head->addWidget(remove);
    layout->addLayout(head);
    axis.values = new QLineEdit{setting.value};
    axis.values->setObjectName(QStringLiteral("values-") + setting.path);
    axis.values->setAccessibleName(setting.label);
    if (const ParameterSchema* parameter = parameterAt(m_recipe, axis.path); parameter && !parameter->choices.empty()) {
        QStringList ids;
        for (const Choice& choice : parameter->choices)
            ids << QString::fromStdString(choice.id);
        axis.values->setToolTip(tr("all, or some of: %1").arg(ids.join(QStringLiteral(", "))));
    } else if (axis.path == "architecture.kind") {
        QStringList ids;
        for (const Architecture& architecture : architectures())
            ids << QString::fromStdString(architecture.id);
        axis.values->setToolTip(tr("Some of: %1").arg(ids.join(QStringLiteral(", "))));
    } else if (parameter && parameter->type == ParameterType::text) {
        axis.values->setToolTip(tr("Values parted by semicolons, since they may hold commas"));
    } else {
        axis.values->setToolTip(tr("A list (0.1, 0.01), or a range and how many values of it (0.001..0.1/3)"));
    }
    layout->addWidget(axis.values);
    axis.problem = makeLabel({}, "danger");
    axis.problem->setWordWrap(true);
    axis.problem->hide();
    layout->addWidget(axis.problem);
    m_axesLayout->addWidget(axis.widget);
    connect(axis.values, &QLineEdit::textEdited, this, [this] { m_delay->start(); });
    connect(remove, &QToolButton::clicked, this, [this, path = axis.path] { removeAxis(path); });
    m_axes.push_back(axis);
    m_search->clear();
    narrow();
    work();
    axis.values->setFocus();
    axis.values->selectAll();
}

void GridDialog::removeAxis(const std::string& path)
{
    const auto found = std::find_if(m_axes.begin(), m_axes.end(), [&](const Axis& axis) { return axis.path == path; });
    found->widget->deleteLater(); // its button is what called
    found->widget->hide();
    m_axes.erase(found);
    narrow();
    work();
    m_search->setFocus();
}

void GridDialog::work()
{
    m_nothing->setVisible(m_axes.empty());
    Grid grid;
    bool wrong = false;
    for (const Axis& axis : m_axes) {
        Result<GridAxis> values = gridAxis(m_recipe, axis.path, axis.values->text().toStdString());
        showProblem(axis.problem, values ? nullptr : &values.problems.front());
        setWrong(axis.values, !values);
        wrong = wrong || !values;
        if (values)
            grid.axes.push_back(std::move(*values.value));
    }
    bool isNumber = false;
    grid.seeds = m_seeds->text().toLongLong(&isNumber);
    const bool seedsWrong = !isNumber || grid.seeds < 1;
    const Problem noNumber{{}, text("this is no number of seeds"), text("write 1 or more")};
    showProblem(m_seedsProblem, seedsWrong ? &noNumber : nullptr);
    setWrong(m_seeds, seedsWrong);
    m_recipes.clear();
    m_runs->clear();
    QString problem;
    if (!wrong && !seedsWrong) {
        Result<std::vector<GridRecipe>> recipes = gridRecipes(m_recipe, grid);
        if (recipes)
            m_recipes = std::move(*recipes.value);
        else
            problem = translated(recipes.problems.front());
    }
    m_problem->setText(problem);
    const int count = static_cast<int>(m_recipes.size());
    for (int i = 0; i < std::min(count, runsListed); ++i) {
        const GridRecipe& one = m_recipes[static_cast<std::size_t>(i)];
        auto* item = new QListWidgetItem{one.settings.empty() ? QString::fromStdString(one.recipe.name) : settingsText(one.settings), m_runs};
        item->setToolTip(QString::fromStdString(one.recipe.name));
    }
    if (count > runsListed)
        m_runs->addItem(tr("and %1 more").arg(count - runsListed));
    m_count->setText(count == 1 ? tr("1 run") : tr("%1 runs").arg(count));
    m_add->setText(count == 0 ? tr("Add to the queue") : count == 1 ? tr("Add 1 run to the queue") : tr("Add %1 runs to the queue").arg(count));
    m_add->setEnabled(count > 0);
}

bool GridDialog::eventFilter(QObject* watched, QEvent* event)
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
