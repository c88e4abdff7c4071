// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/prepare/prepare_page.h"

#include "engine/core/data/sample_prints.h"
#include "engine/core/recipe/catalog.h"
#include "ui/forms/parameter_form.h"
#include "ui/prepare/columns_model.h"
#include "ui/prepare/findings_view.h"
#include "ui/prepare/rows_model.h"
#include "ui/prepare/samples_view.h"
#include "ui/prepare/split_view.h"
#include "ui/theme/icons.h"
#include "ui/theme/theme.h"
#include "ui/theme/translated.h"
#include "ui/theme/widgets.h"
#include "ui/train/train_session.h"
#include "ui/views/series_view.h"

#include <QAction>
#include <QButtonGroup>
#include <QComboBox>
#include <QHeaderView>
#include <QLineEdit>
#include <QLocale>
#include <QMenu>
#include <QProgressBar>
#include <QPushButton>
#include <QScrollArea>
#include <QShortcut>
#include <QSortFilterProxyModel>
#include <QStackedWidget>
#include <QTableView>
#include <QToolButton>
#include <QVBoxLayout>

#include <algorithm>
#include <array>

namespace descent {

namespace {

constexpr int rowHeight = 36, formWidth = 372;

/// Whether what this recipe learns from this data follows decisions on its samples.
bool isCleaned(Recipe recipe, const Dataset& dataset)
{
    recipe.cleaning = {};
    const Result<TaskKind> task = resolveTask(recipe, dataset);
    return task && task->cleans;
}

/// A table in the look of the pages'.
QTableView* makeTable(QAbstractItemModel* model)
{
    auto* table = new QTableView;
    table->setModel(model);
    table->setShowGrid(false);
    table->setSelectionBehavior(QAbstractItemView::SelectRows);
    table->setSelectionMode(QAbstractItemView::ExtendedSelection);
    table->setHorizontalScrollMode(QAbstractItemView::ScrollPerPixel);
    table->setVerticalScrollMode(QAbstractItemView::ScrollPerPixel);
    table->verticalHeader()->hide();
    table->verticalHeader()->setDefaultSectionSize(rowHeight);
    table->verticalHeader()->setSectionResizeMode(QHeaderView::Fixed);
    table->horizontalHeader()->setDefaultAlignment(Qt::AlignLeft | Qt::AlignVCenter);
    table->horizontalHeader()->setHighlightSections(false);
    table->horizontalHeader()->setTextElideMode(Qt::ElideMiddle);
    return table;
}

/// `view` beside a card with a form.
QWidget* withForm(QWidget* view, const QString& title, ParameterForm* form)
{
    auto* page = new QWidget;
    auto* layout = new QHBoxLayout{page};
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(Theme::space3);
    layout->addWidget(view, 1);
    auto* card = new Card{QStringLiteral("sliders"), title};
    auto* scroll = new QScrollArea;
    scroll->setWidgetResizable(true);
    scroll->setFrameShape(QFrame::NoFrame);
    scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    auto* content = new QWidget;
    content->setProperty("scrollBody", true);
    auto* inner = new QVBoxLayout{content};
    inner->setContentsMargins(0, 0, Theme::space2, 0);
    inner->addWidget(form);
    inner->addStretch(1);
    scroll->setWidget(content);
    card->body()->addWidget(scroll, 1);
    card->setFixedWidth(formWidth);
    layout->addWidget(card);
    return page;
}

Card* cardAround(const QString& icon, const QString& title, QWidget* content)
{
    auto* card = new Card{icon, title};
    auto* scroll = new QScrollArea;
    scroll->setWidgetResizable(true);
    scroll->setFrameShape(QFrame::NoFrame);
    content->setProperty("scrollBody", true);
    scroll->setWidget(content);
    card->body()->addWidget(scroll, 1);
    return card;
}

QString counted(std::int64_t count)
{
    return QLocale{}.toString(static_cast<qlonglong>(count));
}

}

PreparePage::PreparePage(TrainSession& session, QWidget* parent) : QWidget{parent}, m_train{session}, m_session{session}
{
    auto* layout = new QVBoxLayout{this};
    layout->setContentsMargins(Theme::space5, Theme::space4, Theme::space5, Theme::space4);
    layout->setSpacing(Theme::space3);
    layout->addWidget(makeHeader());
    m_failure = makeLabel({}, "danger");
    m_failure->setWordWrap(true);
    layout->addWidget(m_failure);
    m_stack = new QStackedWidget;
    for (QWidget* page : {makeColumns(), makeRows(), makeQuality(), makeSplit(), makeSamples()})
        m_stack->addWidget(page);
    m_body = new QStackedWidget;
    m_body->addWidget(m_stack);
    auto* nothing = new EmptyState{QStringLiteral("dataset"), tr("Nothing to prepare by hand"), tr("This kind of data is prepared by its task. Its settings stand on the Dataset card."), tr("Back to training")};
    connect(nothing, &EmptyState::actionChosen, this, &PreparePage::trainChosen);
    m_body->addWidget(nothing);
    auto* none = new EmptyState{QStringLiteral("dataset"), tr("No data yet"), tr("Choose a table, pictures or a series on the Dataset card. Its columns, rows and pictures are then looked at here."), tr("Choose data")};
    connect(none, &EmptyState::actionChosen, this, &PreparePage::trainChosen);
    m_body->addWidget(none);
    m_waiting = makeLabel(tr("Looking at the data…"), "muted");
    m_waiting->setAlignment(Qt::AlignCenter);
    m_body->addWidget(m_waiting);
    layout->addWidget(m_body, 1);

    connect(&m_session, &PrepareSession::inspectionStarted, this, [this] {
        m_progress->setValue(0);
        m_busy->show();
        if (!m_session.report())
            m_body->setCurrentIndex(3);
    });
    connect(&m_session, &PrepareSession::inspectionProgress, this, [this](double fraction) { m_progress->setValue(static_cast<int>(fraction * 1000)); });
    connect(&m_session, &PrepareSession::inspectionFinished, this, &PreparePage::refresh);
    connect(&m_train, &TrainSession::recipeEdited, this, &PreparePage::refreshForms);
    connect(&m_train, &TrainSession::problemsChanged, this, [this] {
        m_cleaning->setProblems(m_train.problems(), QStringLiteral("cleaning"));
        m_splitForm->setProblems(m_train.problems(), QStringLiteral("split"));
        m_augmentation->setProblems(m_train.problems(), QStringLiteral("preprocessing"));
    });
    refreshForms();
    refresh();
}

QWidget* PreparePage::makeHeader()
{
    auto* header = new QWidget;
    auto* layout = new QHBoxLayout{header};
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(Theme::space2);
    layout->addWidget(makeLabel(tr("Data"), "title"));
    layout->addSpacing(Theme::space2);
    m_about = new ElidedLabel;
    m_about->setProperty("role", "muted");
    layout->addWidget(m_about, 1);

    m_busy = new QWidget;
    auto* busy = new QHBoxLayout{m_busy};
    busy->setContentsMargins(0, 0, 0, 0);
    m_progress = new QProgressBar;
    m_progress->setRange(0, 1000);
    m_progress->setFixedWidth(120);
    busy->addWidget(m_progress);
    auto* cancel = new QPushButton{tr("Cancel")};
    cancel->setProperty("kind", "ghost");
    connect(cancel, &QPushButton::clicked, &m_session, &PrepareSession::cancel);
    busy->addWidget(cancel);
    m_busy->hide();
    layout->addWidget(m_busy);

    auto* segments = new QFrame;
    m_segments = segments;
    segments->setProperty("segments", true);
    auto* row = new QHBoxLayout{segments};
    row->setContentsMargins(3, 3, 3, 3);
    row->setSpacing(2);
    m_tabs = new QButtonGroup{this};
    const QStringList titles{tr("Columns"), tr("Rows"), tr("Quality"), tr("Split"), tr("Samples")};
    const QStringList names{QStringLiteral("columnsTab"), QStringLiteral("rowsTab"), QStringLiteral("qualityTab"), QStringLiteral("splitTab"), QStringLiteral("samplesTab")};
    for (int tab = 0; tab < tabCount; ++tab) {
        auto* button = new QToolButton;
        button->setProperty("kind", "segment");
        button->setCheckable(true);
        button->setText(titles[tab]);
        button->setObjectName(names[tab]);
        button->setFocusPolicy(Qt::StrongFocus);
        button->setMinimumWidth(74);
        m_tabs->addButton(button, tab);
        row->addWidget(button);
    }
    connect(m_tabs, &QButtonGroup::idClicked, this, [this](int tab) {
        m_chosen = tab;
        m_stack->setCurrentIndex(tab);
    });
    layout->addWidget(segments);

    for (const auto& [icon, tip, key] : {std::tuple{"undo", tr("Undo (Ctrl+Z)"), QKeySequence{QKeySequence::Undo}}, std::tuple{"redo", tr("Redo (Ctrl+Shift+Z)"), QKeySequence{Qt::CTRL | Qt::SHIFT | Qt::Key_Z}}}) {
        auto* button = new QToolButton;
        button->setProperty("kind", "ghost");
        button->setToolTip(tip);
        button->setAccessibleName(tip);
        button->setFocusPolicy(Qt::StrongFocus);
        button->setShortcut(key);
        setThemedIcon(button, QString::fromLatin1(icon));
        QUndoStack* stack = m_train.undoStack();
        const bool undo = icon == std::string_view{"undo"};
        button->setObjectName(undo ? QStringLiteral("undoPreparing") : QStringLiteral("redoPreparing"));
        button->setEnabled(undo ? stack->canUndo() : stack->canRedo());
        connect(stack, undo ? &QUndoStack::canUndoChanged : &QUndoStack::canRedoChanged, button, &QWidget::setEnabled);
        connect(button, &QToolButton::clicked, stack, undo ? &QUndoStack::undo : &QUndoStack::redo);
        layout->addWidget(button);
    }
    auto* back = new QPushButton{tr("Train…")};
    back->setObjectName(QStringLiteral("backToTraining"));
    back->setProperty("kind", "primary");
    back->setToolTip(tr("Back to the recipe's other cards"));
    connect(back, &QPushButton::clicked, this, &PreparePage::trainChosen);
    layout->addWidget(back);
    return header;
}

QWidget* PreparePage::makeColumns()
{
    auto* page = new QWidget;
    auto* layout = new QVBoxLayout{page};
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(Theme::space2);
    auto* head = new QHBoxLayout;
    m_search = new QLineEdit;
    m_search->setObjectName(QStringLiteral("columnSearch"));
    m_search->setPlaceholderText(tr("Search columns   /"));
    m_search->setClearButtonEnabled(true);
    m_search->setFixedWidth(240);
    head->addWidget(m_search);
    QLabel* hint = makeLabel(tr("Select several rows to decide for all of them. Muted choices are found by themselves."), "caption");
    hint->setWordWrap(true);
    head->addWidget(hint, 1);
    layout->addLayout(head);
    m_columnsModel = new ColumnsModel{this};
    m_columnsFilter = new QSortFilterProxyModel{this};
    m_columnsFilter->setSourceModel(m_columnsModel);
    m_columnsFilter->setSortRole(ColumnsModel::sortRole);
    m_columnsFilter->setFilterCaseSensitivity(Qt::CaseInsensitive);
    m_columnsFilter->setFilterKeyColumn(ColumnsModel::name);
    m_columns = makeTable(m_columnsFilter);
    m_columns->setObjectName(QStringLiteral("columnsTable"));
    m_columns->setAccessibleName(tr("Columns of the data"));
    m_columns->setItemDelegate(new ColumnsDelegate{m_columns});
    m_columns->setEditTriggers(QAbstractItemView::DoubleClicked | QAbstractItemView::EditKeyPressed);
    m_columns->setSortingEnabled(true);
    m_columns->horizontalHeader()->setSortIndicator(-1, Qt::AscendingOrder);
    m_columns->horizontalHeader()->setSectionResizeMode(ColumnsModel::name, QHeaderView::Stretch);
    m_columns->horizontalHeader()->setMinimumSectionSize(60);
    const std::array<int, ColumnsModel::sectionCount> widths{160, 88, 92, 176, 168, 128, 124, 118};
    for (int section = 1; section < ColumnsModel::sectionCount; ++section)
        m_columns->setColumnWidth(section, widths[static_cast<std::size_t>(section)]);
    layout->addWidget(m_columns, 1);
    connect(m_search, &QLineEdit::textChanged, m_columnsFilter, &QSortFilterProxyModel::setFilterFixedString);
    connect(new QShortcut{QKeySequence{Qt::Key_Slash}, page}, &QShortcut::activated, m_search, qOverload<>(&QWidget::setFocus));
    connect(m_columnsModel, &ColumnsModel::chosen, this, &PreparePage::decideForSelection);
    m_columns->setContextMenuPolicy(Qt::CustomContextMenu);
    connect(m_columns, &QTableView::customContextMenuRequested, this, [this](const QPoint& at) {
        const QModelIndex index = m_columnsFilter->mapToSource(m_columns->indexAt(at));
        if (!index.isValid() || !(m_columnsModel->flags(index) & Qt::ItemIsEditable))
            return;
        const std::string setting = ColumnsModel::settingOf(m_columnsModel->profile(index.row()), index.column());
        QMenu menu{this};
        menu.setToolTipsVisible(true);
        for (const Choice& choice : findParameter(columnSchema(), setting)->choices) {
            QAction* action = menu.addAction(translated(choice.label));
            action->setToolTip(translated(choice.help));
            action->setData(QString::fromStdString(choice.id));
        }
        if (const QAction* action = menu.exec(m_columns->viewport()->mapToGlobal(at)))
            decideForSelection(index, action->data().toString());
    });
    return page;
}

/// What is chosen in one cell counts for all selected columns that have such a setting.
void PreparePage::decideForSelection(const QModelIndex& index, const QString& value)
{
    const std::string setting = ColumnsModel::settingOf(m_columnsModel->profile(index.row()), index.column());
    std::vector<int> chosen{index.row()};
    const QModelIndexList selected = m_columns->selectionModel()->selectedRows();
    const bool among = std::any_of(selected.begin(), selected.end(), [&](const QModelIndex& one) { return m_columnsFilter->mapToSource(one).row() == index.row(); });
    if (among)
        for (const QModelIndex& one : selected)
            if (const int row = m_columnsFilter->mapToSource(one).row(); row != index.row())
                chosen.push_back(row);
    std::vector<std::pair<std::string, std::string>> sets;
    for (const int row : chosen)
        if (const ColumnProfile& profile = m_columnsModel->profile(row); ColumnsModel::settingOf(profile, index.column()) == setting)
            sets.emplace_back("cleaning.columns." + profile.name + "." + setting, value.toStdString());
    const QString label = translated(findParameter(columnSchema(), setting)->label);
    m_session.decide(sets, sets.size() == 1 ? tr("%1 of \"%2\": %3").arg(label, QString::fromStdString(m_columnsModel->profile(index.row()).name), value)
                                            : tr("%1 of %2 columns: %3").arg(label).arg(sets.size()).arg(value));
}

QWidget* PreparePage::makeRows()
{
    auto* page = new QWidget;
    auto* layout = new QVBoxLayout{page};
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(Theme::space2);
    auto* head = new QHBoxLayout;
    auto* filter = new QComboBox;
    filter->setObjectName(QStringLiteral("rowFilter"));
    filter->setAccessibleName(tr("Which rows are shown"));
    using Filter = RowsModel::Filter;
    for (const auto& [title, which] : {std::pair{tr("All rows"), Filter::all}, std::pair{tr("Training"), Filter::train}, std::pair{tr("Validation"), Filter::validation}, std::pair{tr("Test"), Filter::test},
                                       std::pair{tr("Set aside"), Filter::setAside}, std::pair{tr("Repeated"), Filter::repeats}, std::pair{tr("With values far out"), Filter::farOut}})
        filter->addItem(title, static_cast<int>(which));
    head->addWidget(filter);
    m_rowCount = makeLabel({}, "caption");
    m_rowCount->setObjectName(QStringLiteral("rowCount"));
    head->addWidget(m_rowCount, 1);
    layout->addLayout(head);
    m_rowsModel = new RowsModel{this};
    m_rows = makeTable(m_rowsModel);
    m_rows->setObjectName(QStringLiteral("rowsTable"));
    m_rows->setAccessibleName(tr("Rows of the data"));
    m_rows->setEditTriggers(QAbstractItemView::NoEditTriggers);
    m_rows->verticalHeader()->setDefaultSectionSize(30);
    m_rows->horizontalHeader()->setDefaultSectionSize(130);
    layout->addWidget(m_rows, 1);
    const auto count = [this] { m_rowCount->setText(tr("%1 rows").arg(counted(m_rowsModel->rowCount()))); };
    connect(m_rowsModel, &QAbstractItemModel::modelReset, this, count);
    connect(filter, &QComboBox::currentIndexChanged, this, [this, filter] { m_rowsModel->setFilter(static_cast<Filter>(filter->currentData().toInt())); });
    return page;
}

QWidget* PreparePage::makeQuality()
{
    m_findings = new FindingsView;
    m_cleaning = new ParameterForm;
    m_cleaning->setObjectName(QStringLiteral("cleaningForm"));
    connect(m_findings, &FindingsView::fixChosen, this, [this](const QualityFinding& finding) { m_session.decide(finding.sets, translated(finding.fix) + QStringLiteral(": ") + translated(finding.what)); });
    connect(m_cleaning, &ParameterForm::edited, this, [this](const Parameters& values) {
        Recipe recipe = m_train.recipe();
        recipe.cleaning.samples.clear();
        for (const auto& [name, value] : values)
            if (value != findParameter(cleaningSchema(), name)->defaultValue)
                recipe.cleaning.samples.emplace(name, value);
        m_train.edit(recipe, tr("Edit cleaning"));
    });
    return withForm(m_findings, tr("Samples"), m_cleaning);
}

QWidget* PreparePage::makeSplit()
{
    auto* content = new QWidget;
    auto* layout = new QVBoxLayout{content};
    layout->setContentsMargins(0, 0, Theme::space2, 0);
    layout->setSpacing(0);
    m_split = new SplitView;
    layout->addWidget(m_split);
    m_series = new SeriesView;
    layout->addWidget(m_series);
    layout->addSpacing(Theme::space2);
    m_windows = new WindowsView;
    layout->addWidget(m_windows);
    layout->addStretch(1);
    m_splitForm = new ParameterForm;
    m_splitForm->setSchema(splitSchema());
    connect(m_splitForm, &ParameterForm::edited, this, [this](const Parameters& values) {
        Recipe recipe = m_train.recipe();
        recipe.split = values;
        m_train.edit(recipe, tr("Edit split"));
    });
    return withForm(cardAround(QStringLiteral("dataset"), tr("What is learnt from, and what judges"), content), tr("Shares"), m_splitForm);
}

QWidget* PreparePage::makeSamples()
{
    m_samples = new SamplesView;
    m_augmentation = new ParameterForm;
    Schema schema;
    for (const ParameterSchema& parameter : preprocessingSchema())
        if (parameter.name != "impute") {
            schema.push_back(parameter);
            schema.back().common = true;
        }
    m_augmentation->setSchema(schema);
    connect(m_augmentation, &ParameterForm::edited, this, [this](const Parameters& values) {
        Recipe recipe = m_train.recipe();
        for (const auto& [name, value] : values)
            recipe.preprocessing.insert_or_assign(name, value);
        m_train.edit(recipe, tr("Edit preparing"));
    });
    return withForm(cardAround(QStringLiteral("dataset"), tr("Samples"), m_samples), tr("Preparing"), m_augmentation);
}

void PreparePage::refreshForms()
{
    const Recipe& recipe = m_train.recipe();
    const auto& dataset = m_train.dataset();
    Schema steps;
    for (const ParameterSchema& parameter : cleaningSchema()) {
        const bool ofTables = parameter.name.starts_with("outlier"), ofPictures = parameter.name == "near";
        const bool table = dataset && std::holds_alternative<Table>(dataset->train.inputs), pictures = dataset && dataset->hasPictures();
        if ((ofTables && !table) || (ofPictures && !pictures) || (parameter.name == "leaked" && !(dataset && dataset->test)))
            continue;
        steps.push_back(parameter);
        steps.back().common = true;
    }
    m_cleaning->setSchema(steps);
    m_cleaning->setValues(recipe.cleaning.samples);
    m_splitForm->setValues(recipe.split);
    Parameters preparing = recipe.preprocessing;
    preparing.erase("impute");
    m_augmentation->setValues(preparing);
}

void PreparePage::refresh()
{
    m_busy->setVisible(m_session.isInspecting());
    m_failure->setText(m_session.failure());
    m_failure->setVisible(!m_session.failure().isEmpty());
    const std::shared_ptr<const Dataset> dataset = m_train.dataset();
    const std::shared_ptr<const QualityReport> report = m_session.report();
    const Recipe& recipe = m_train.recipe();
    refreshForms();
    const bool cleans = dataset && isCleaned(recipe, *dataset);
    const bool table = dataset && std::holds_alternative<Table>(dataset->train.inputs);
    const bool series = dataset && std::holds_alternative<Series>(dataset->train.inputs);
    QStringList about;
    if (dataset) {
        about << QString::fromStdString(dataset->name);
        if (report && report->setAsideCount > 0)
            about << tr("%1 set aside by cleaning").arg(counted(report->setAsideCount));
        const auto decisions = recipe.cleaning.samples.size() + recipe.cleaning.columns.size();
        if (decisions > 0)
            about << (decisions == 1 ? tr("1 decision") : tr("%1 decisions").arg(decisions));
    }
    static_cast<ElidedLabel*>(m_about)->setText(about.join(QStringLiteral("  ·  ")));
    m_columnsModel->setReport(report, recipe.cleaning, table);
    for (const int section : {ColumnsModel::role, ColumnsModel::scaling, ColumnsModel::tells})
        m_columns->setColumnHidden(section, !table);
    m_rowsModel->setRows(dataset, report);
    m_rows->horizontalHeader()->setStretchLastSection(!table);
    m_findings->setReport(report.get(), cleans);
    m_cleaning->setEnabled(cleans);
    m_split->setReport(report, dataset ? dataset->train.targets.classNames : std::vector<std::string>{}, dataset ? QString::fromStdString(dataset->train.targets.name) : QString{});
    m_split->setVisible(!series);
    m_samples->setReport(dataset, report);
    m_series->setVisible(series);
    m_windows->setVisible(series);
    if (series) {
        m_series->setReport(m_train.report());
        const std::int64_t steps = m_train.report().trainCount;
        const Parameters& task = recipe.task.parameters;
        const auto parts = validate(forecastingSchema(), task, "").empty() ? splitSeries(steps, recipe.split, task).value : std::nullopt;
        m_series->setParts(parts);
        m_windows->setWindows(parts ? someWindows(parts->trainEnd, parts->validationEnd, parts->testEnd, integerOf(forecastingSchema(), task, "inputLength"), integerOf(forecastingSchema(), task, "horizon"))
                                    : std::vector<WindowsView::Window>{}, steps);
    }
    showTabs();
}

void PreparePage::showTabs()
{
    const std::shared_ptr<const QualityReport> report = m_session.report();
    const auto& dataset = m_train.dataset();
    const bool there = dataset && report;
    const bool table = there && std::holds_alternative<Table>(dataset->train.inputs), series = there && std::holds_alternative<Series>(dataset->train.inputs);
    const bool pictures = there && dataset->hasPictures(), compared = there && havePrints(dataset->train);
    const std::array<bool, tabCount> has{table || series, compared && !pictures, compared, (there && report->train.count > 0) || series, pictures && report->train.count > 0};
    int first = -1;
    for (int tab = 0; tab < tabCount; ++tab) {
        m_tabs->button(tab)->setVisible(has[static_cast<std::size_t>(tab)]);
        if (has[static_cast<std::size_t>(tab)] && first < 0)
            first = tab;
    }
    const auto serious = there ? std::count_if(report->findings.begin(), report->findings.end(), [](const QualityFinding& one) { return one.severity != QualityFinding::Severity::note; }) : 0;
    m_tabs->button(quality)->setText(serious > 0 ? tr("Quality (%1)").arg(serious) : tr("Quality"));
    m_segments->setVisible(first >= 0);
    if (first < 0) {
        m_body->setCurrentIndex(m_session.isInspecting() || m_train.isReading() ? 3 : there ? 1 : 2);
        return;
    }
    m_body->setCurrentIndex(0);
    const int tab = m_chosen >= 0 && has[static_cast<std::size_t>(m_chosen)] ? m_chosen : first;
    m_tabs->button(tab)->setChecked(true);
    m_stack->setCurrentIndex(tab);
}

void PreparePage::showEvent(QShowEvent* event)
{
    QWidget::showEvent(event);
    m_session.setActive(true);
    refresh();
}

void PreparePage::hideEvent(QHideEvent* event)
{
    QWidget::hideEvent(event);
    m_session.setActive(false);
}

}
