// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/train/dataset_card.h"

#include "ui/plot/curve_plot.h"
#include "ui/theme/icons.h"
#include "ui/theme/theme.h"
#include "ui/theme/translated.h"
#include "ui/train/task_form.h"
#include "ui/train/train_session.h"

#include <QComboBox>
#include <QDropEvent>
#include <QLocale>
#include <QMimeData>
#include <QProgressBar>
#include <QPushButton>
#include <QScrollArea>
#include <QStandardItemModel>
#include <QToolButton>
#include <QVBoxLayout>

namespace descent {

namespace {

QString counted(std::int64_t count)
{
    return QLocale{}.toString(static_cast<qlonglong>(count));
}

/// "6,000 samples and 1,000 to test · 28×28, grey · 10 classes"
QString summary(const DatasetReport& report)
{
    QStringList parts;
    if (report.inputs == DatasetReport::Inputs::series)
        parts << DatasetCard::tr("%1 steps").arg(counted(report.trainCount));
    else
        parts << (report.testCount > 0 ? DatasetCard::tr("%1 samples and %2 to test").arg(counted(report.trainCount), counted(report.testCount))
                                       : DatasetCard::tr("%1 samples").arg(counted(report.trainCount)));
    if (report.hasPictures())
        parts << DatasetCard::tr("%1×%2, %3").arg(report.sampleShape[2]).arg(report.sampleShape[1]).arg(report.sampleShape[0] == 3 ? DatasetCard::tr("colour") : DatasetCard::tr("grey"));
    else if (!report.sampleShape.empty())
        parts << (report.sampleShape[0] == 1 ? DatasetCard::tr("1 column") : DatasetCard::tr("%1 columns").arg(report.sampleShape[0]));
    if (!report.classNames.empty())
        parts << (report.classNames.size() == 1 ? DatasetCard::tr("1 class") : DatasetCard::tr("%1 classes").arg(report.classNames.size()));
    else if (report.inputs == DatasetReport::Inputs::table)
        parts << DatasetCard::tr("%1 from %2 to %3").arg(QString::fromStdString(report.targetName), shortNumber(report.targetMinimum), shortNumber(report.targetMaximum));
    for (const Text& fact : report.facts)
        parts << translated(fact);
    return parts.join(QStringLiteral("  ·  "));
}

}

DatasetCard::DatasetCard(TrainSession& session, QWidget* parent) : Card{QStringLiteral("dataset"), tr("Dataset"), parent}, m_session{session}
{
    setAcceptDrops(true);
    auto* prepare = new QPushButton{tr("Prepare…")};
    prepare->setObjectName(QStringLiteral("prepareData"));
    prepare->setProperty("kind", "ghost");
    prepare->setToolTip(tr("Columns, rows, quality, split and samples of this data"));
    setThemedIcon(prepare, QStringLiteral("sliders"));
    addToTitle(prepare);
    connect(prepare, &QPushButton::clicked, this, &DatasetCard::prepareChosen);
    auto* scroll = new QScrollArea;
    scroll->setWidgetResizable(true);
    scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    scroll->setFrameShape(QFrame::NoFrame);
    auto* content = new QWidget;
    content->setProperty("scrollBody", true);
    auto* layout = new QVBoxLayout{content};
    layout->setContentsMargins(0, 0, Theme::space2, 0);
    layout->setSpacing(Theme::space3);
    scroll->setWidget(content);
    body()->addWidget(scroll, 1);

    m_kind = new QComboBox;
    m_kind->setObjectName(QStringLiteral("datasetKind"));
    m_kind->setAccessibleName(tr("Kind of dataset"));
    bool filesBegun = false;
    for (const DatasetKind& kind : datasetKinds()) {
        if (kind.source != DatasetKind::Source::builtIn && !std::exchange(filesBegun, true))
            m_kind->insertSeparator(m_kind->count());
        m_kind->addItem(translated(kind.label), QString::fromStdString(kind.id));
        m_kind->setItemData(m_kind->count() - 1, translated(kind.help), Qt::ToolTipRole);
    }
    connect(m_kind, &QComboBox::activated, this, [this](int index) {
        Recipe recipe = m_session.recipe();
        setByPath(recipe, "dataset.kind", m_kind->itemData(index).toString().toStdString());
        m_session.edit(recipe, tr("Choose dataset"));
    });
    layout->addWidget(m_kind);
    m_help = makeLabel({}, "caption");
    m_help->setWordWrap(true);
    layout->addWidget(m_help);
    m_form = new ParameterForm;
    layout->addWidget(m_form);

    m_busy = new QWidget;
    auto* busy = new QHBoxLayout{m_busy};
    busy->setContentsMargins(0, 0, 0, 0);
    busy->addWidget(makeLabel(tr("Reading…"), "caption"));
    m_progress = new QProgressBar;
    m_progress->setRange(0, 1000);
    busy->addWidget(m_progress, 1);
    auto* cancel = new QPushButton{tr("Cancel")};
    cancel->setProperty("kind", "ghost");
    busy->addWidget(cancel);
    m_busy->hide();
    layout->addWidget(m_busy);
    connect(cancel, &QPushButton::clicked, &m_session, &TrainSession::cancelReading);

    m_counts = makeLabel({}, "caption");
    m_counts->setWordWrap(true);
    layout->addWidget(m_counts);
    m_problems = makeLabel({}, "warning");
    m_problems->setWordWrap(true);
    layout->addWidget(m_problems);
    m_task = new TaskForm{session};
    layout->addWidget(m_task);
    for (DatasetView& view : makeDatasetViews()) {
        layout->addWidget(view.widget);
        m_views.push_back(std::move(view));
    }

    auto* more = new QToolButton;
    more->setProperty("kind", "ghost");
    more->setCheckable(true);
    more->setText(tr("Splitting and preparing"));
    more->setObjectName(QStringLiteral("preparing"));
    more->setFocusPolicy(Qt::StrongFocus);
    more->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    setThemedIcon(more, QStringLiteral("chevron-right"));
    layout->addWidget(more);
    auto* preparing = new QWidget;
    auto* preparingLayout = new QVBoxLayout{preparing};
    preparingLayout->setContentsMargins(0, 0, 0, 0);
    m_split = new ParameterForm;
    m_split->setSchema(splitSchema());
    m_preparing = new ParameterForm;
    m_preparing->setSchema(preprocessingSchema());
    preparingLayout->addWidget(m_split);
    preparingLayout->addWidget(m_preparing);
    preparing->hide();
    layout->addWidget(preparing);
    layout->addStretch(1);
    connect(more, &QToolButton::toggled, this, [more, preparing](bool open) {
        preparing->setVisible(open);
        setThemedIcon(more, open ? QStringLiteral("chevron-down") : QStringLiteral("chevron-right"));
    });

    connect(m_form, &ParameterForm::edited, this, [this](const Parameters& values) {
        Recipe recipe = m_session.recipe();
        recipe.dataset.parameters = values;
        m_session.edit(recipe, tr("Edit dataset"));
    });
    connect(m_split, &ParameterForm::edited, this, [this](const Parameters& values) {
        Recipe recipe = m_session.recipe();
        recipe.split = values;
        m_session.edit(recipe, tr("Edit split"));
    });
    connect(m_preparing, &ParameterForm::edited, this, [this](const Parameters& values) {
        Recipe recipe = m_session.recipe();
        recipe.preprocessing = values;
        m_session.edit(recipe, tr("Edit preparing"));
    });
    for (ParameterForm* form : {m_form, m_task->form(), m_split, m_preparing})
        connect(form, &ParameterForm::validityChanged, this, &DatasetCard::validityChanged);

    connect(&m_session, &TrainSession::recipeEdited, this, &DatasetCard::showRecipe);
    connect(&m_session, &TrainSession::problemsChanged, this, [this] {
        m_form->setProblems(m_session.problems(), QStringLiteral("dataset"));
        m_split->setProblems(m_session.problems(), QStringLiteral("split"));
        m_preparing->setProblems(m_session.problems(), QStringLiteral("preprocessing"));
    });
    connect(&m_session, &TrainSession::readingStarted, this, [this] {
        m_busy->show();
        m_progress->setValue(0);
    });
    connect(&m_session, &TrainSession::readingProgress, this, [this](double fraction) { m_progress->setValue(static_cast<int>(fraction * 1000)); });
    connect(&m_session, &TrainSession::readingFinished, this, &DatasetCard::showReport);
    showRecipe();
    showReport();
}

bool DatasetCard::hasInvalidText() const
{
    return m_form->hasInvalidText() || m_task->form()->hasInvalidText() || m_split->hasInvalidText() || m_preparing->hasInvalidText();
}

void DatasetCard::showRecipe()
{
    const Recipe& recipe = m_session.recipe();
    const DatasetKind* kind = findDatasetKind(recipe.dataset.kind);
    m_kind->setCurrentIndex(m_kind->findData(QString::fromStdString(recipe.dataset.kind)));
    m_help->setText(kind ? translated(kind->help) : QString{});
    if (kind) {
        m_form->setSchema(kind->schema);
        m_form->setValues(recipe.dataset.parameters);
    }
    m_split->setValues(recipe.split);
    m_preparing->setValues(recipe.preprocessing);
    for (const DatasetView& view : m_views)
        if (view.showRecipe)
            view.showRecipe(recipe);
}

void DatasetCard::showReport()
{
    m_busy->setVisible(m_session.isReading());
    const bool there = m_session.dataset() != nullptr;
    const DatasetReport& report = m_session.report();
    m_counts->setVisible(there);
    if (there)
        m_counts->setText(summary(report));
    QStringList problems;
    if (report.setAsideCount > 0)
        problems << tr("Set aside, since they could not be used: %1").arg(counted(report.setAsideCount));
    constexpr std::size_t listed = 4;
    for (std::size_t i = 0; i < report.problems.size() && i < listed; ++i)
        problems << translated(report.problems[i]);
    if (report.problems.size() > listed)
        problems << tr("and %1 more").arg(report.problems.size() - listed);
    m_problems->setText(problems.join(QLatin1Char('\n')));
    m_problems->setVisible(!problems.isEmpty());
    for (const DatasetView& view : m_views)
        view.widget->setVisible(view.show(report));
}

void DatasetCard::dragEnterEvent(QDragEnterEvent* event)
{
    if (event->mimeData()->hasUrls() && event->mimeData()->urls().front().isLocalFile())
        event->acceptProposedAction();
}

void DatasetCard::dropEvent(QDropEvent* event)
{
    m_session.chooseSource(event->mimeData()->urls().front().toLocalFile());
    event->acceptProposedAction();
}

}
