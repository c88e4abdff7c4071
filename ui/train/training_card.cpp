// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/train/training_card.h"

#include "engine/core/recipe/schedule.h"
#include "ui/forms/parameter_field.h"
#include "ui/plot/curve_plot.h"
#include "ui/plot/sparkline.h"
#include "ui/theme/icons.h"
#include "ui/theme/theme.h"
#include "ui/theme/translated.h"
#include "ui/train/device_box.h"
#include "ui/train/rate_dialog.h"
#include "ui/train/start_form.h"
#include "ui/train/train_session.h"

#include <QFormLayout>
#include <QIntValidator>
#include <QLineEdit>
#include <QLocale>
#include <QPainter>
#include <QPushButton>
#include <QRegularExpressionValidator>
#include <QScrollArea>
#include <QShortcut>
#include <QVBoxLayout>

namespace descent {

/// The learning rate over the run, before it is run.
class ScheduleView : public QWidget
{
public:
    explicit ScheduleView(QWidget* parent = nullptr) : QWidget{parent}
    {
        setFixedHeight(56);
        connect(&Theme::instance(), &Theme::changed, this, qOverload<>(&QWidget::update));
    }
    /// note: what the curve cannot say; may be empty
    void setSchedule(const Schedule& schedule, const QString& note)
    {
        constexpr int points = 160;
        m_values.clear();
        for (int i = 0; i < points; ++i)
            m_values.push_back(static_cast<float>(learningRateAt(schedule, schedule.totalSteps * i / points)));
        m_values.push_back(m_values.back());
        m_peak = schedule.peak;
        m_note = note;
        update();
    }

protected:
    void paintEvent(QPaintEvent*) override
    {
        QPainter painter{this};
        const ColorTokens& colors = Theme::instance().colors();
        std::vector<float> withZero = m_values;
        painter.setFont(Theme::font(TextStyle::caption));
        painter.setPen(colors.muted);
        painter.drawText(rect(), Qt::AlignTop | Qt::AlignLeft, m_note);
        painter.drawText(rect(), Qt::AlignTop | Qt::AlignRight, tr("peak %1").arg(shortNumber(m_peak)));
        paintSparkline(painter, QRectF{rect()}.adjusted(1, 16, -1, -2), withZero, colors.accent);
    }

private:
    std::vector<float> m_values;
    double m_peak = 0;
    QString m_note;
};

TrainingCard::TrainingCard(TrainSession& session, RunHistory& history, QWidget* parent) : Card{QStringLiteral("sliders"), tr("Training"), parent}, m_session{session}
{
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

    m_start = new StartForm{session, history};
    layout->addWidget(m_start);
    layout->addWidget(makeLine());
    m_form = new ParameterForm;
    m_form->setSchema(trainingSchema());
    layout->addWidget(m_form);
    layout->addWidget(makeLine());
    auto* rateTitle = new QHBoxLayout;
    rateTitle->addWidget(makeLabel(tr("Learning rate over the run"), "caption"), 1);
    m_findRate = new QPushButton{tr("Find…")};
    m_findRate->setObjectName(QStringLiteral("findRate"));
    m_findRate->setProperty("kind", "ghost");
    setThemedIcon(m_findRate, QStringLiteral("search"));
    m_findRate->setToolTip(tr("Look for a good learning rate: some steps with a rising one (Ctrl+L)"));
    m_findRate->setAccessibleName(tr("Find a learning rate"));
    rateTitle->addWidget(m_findRate);
    layout->addLayout(rateTitle);
    m_schedule = new ScheduleView;
    layout->addWidget(m_schedule);
    m_steps = makeLabel({}, "caption");
    m_steps->setWordWrap(true);
    layout->addWidget(m_steps);
    layout->addWidget(makeLine());

    auto* rows = new QFormLayout;
    rows->setLabelAlignment(Qt::AlignLeft);
    rows->setSpacing(Theme::space2);
    rows->setFieldGrowthPolicy(QFormLayout::AllNonFixedFieldsGrow);
    m_device = new DeviceBox;
    m_device->setObjectName(QStringLiteral("device"));
    QLabel *device = makeLabel(tr("Device"), "muted"), *seed = makeLabel(tr("Seed"), "muted");
    for (QLabel* label : {device, seed})
        label->setFixedWidth(ParameterField::labelWidth);
    rows->addRow(device, m_device);
    m_seed = new QLineEdit;
    m_seed->setObjectName(QStringLiteral("seed"));
    m_seed->setValidator(new QRegularExpressionValidator{QRegularExpression{QStringLiteral("-?[0-9]{1,15}")}, m_seed});
    m_seed->setToolTip(tr("The same seed gives the same run, number for number."));
    rows->addRow(seed, m_seed);
    layout->addLayout(rows);
    layout->addStretch(1);

    connect(m_form, &ParameterForm::edited, this, [this](const Parameters& values) {
        Recipe recipe = m_session.recipe();
        recipe.training = values;
        m_session.edit(recipe, tr("Edit training"));
    });
    connect(m_device, &DeviceBox::deviceChosen, this, [this](const QString& id) {
        Recipe recipe = m_session.recipe();
        recipe.device = id.toStdString();
        m_session.edit(recipe, tr("Choose device"));
    });
    connect(m_device, &DeviceBox::opened, this, [this] {
        if (m_session.engine())
            m_session.loadEngine();
    });
    connect(m_seed, &QLineEdit::textEdited, this, [this](const QString& typed) {
        bool whole = false;
        const qlonglong number = typed.toLongLong(&whole);
        if (!whole)
            return;
        Recipe recipe = m_session.recipe();
        recipe.seed = number;
        m_session.edit(recipe, tr("Edit seed"));
    });
    connect(m_findRate, &QPushButton::clicked, this, &TrainingCard::findRate);
    connect(new QShortcut{QKeySequence{Qt::CTRL | Qt::Key_L}, this}, &QShortcut::activated, m_findRate, &QPushButton::click);
    connect(&m_session, &TrainSession::recipeEdited, this, &TrainingCard::showRecipe);
    connect(&m_session, &TrainSession::readingFinished, this, &TrainingCard::showRecipe);
    connect(&m_session, &TrainSession::engineChanged, this, &TrainingCard::showEngine);
    connect(&m_session, &TrainSession::problemsChanged, this, [this] { m_form->setProblems(m_session.problems(), QStringLiteral("training")); });
    showEngine();
}

void TrainingCard::setTrainable(bool trainable)
{
    m_findRate->setEnabled(trainable);
}

void TrainingCard::findRate()
{
    auto* dialog = new RateDialog{m_session.rateSubject(), m_session, window()};
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    connect(dialog, &RateDialog::chosen, this, [this](double rate) {
        Recipe recipe = m_session.recipe();
        recipe.training.insert_or_assign("learningRate", rate);
        m_session.edit(recipe, tr("Take learning rate"), false);
    });
    dialog->open();
}

void TrainingCard::showEngine()
{
    if (m_session.engine())
        m_device->setDevices(m_session.engine()->devices);
    showRecipe();
}

void TrainingCard::showRecipe()
{
    const Recipe& recipe = m_session.recipe();
    m_form->setValues(recipe.training);
    m_device->setDevice(QString::fromStdString(recipe.device));
    if (m_seed->text().toLongLong() != recipe.seed || m_seed->text().isEmpty())
        m_seed->setText(QString::number(recipe.seed));
    if (!validate(trainingSchema(), recipe.training, "").empty() || !validateSchedule(recipe.training).empty() || !m_session.dataset() || !validate(splitSchema(), recipe.split, "").empty())
        return;
    const double validation = realOf(splitSchema(), recipe.split, "validation");
    const double test = m_session.dataset()->test ? 0 : realOf(splitSchema(), recipe.split, "test");
    const std::optional<TaskKind>& task = m_session.task();
    const bool counts = task && task->samplesAnEpoch && validate(task->schema, recipe.task.parameters, "").empty();
    const auto trainCount = counts
        ? task->samplesAnEpoch(*m_session.dataset(), preparationOf(recipe))
        : static_cast<std::int64_t>(static_cast<double>(m_session.report().trainCount) * (1 - validation - test));
    const std::int64_t batch = integerOf(trainingSchema(), recipe.training, "batchSize") * integerOf(trainingSchema(), recipe.training, "accumulation");
    const std::int64_t steps = std::max<std::int64_t>(1, (trainCount + batch - 1) / batch);
    const Schedule schedule = scheduleOf(recipe.training, steps);
    m_schedule->setSchedule(schedule, schedule.kind == Schedule::Kind::plateau ? tr("falls when learning does not get on") : QString{});
    const QLocale locale;
    m_steps->setText(tr("About %1 samples to learn from: %2 steps an epoch, %3 in all.")
                         .arg(locale.toString(static_cast<qlonglong>(trainCount)), locale.toString(static_cast<qlonglong>(steps)),
                              locale.toString(static_cast<qlonglong>(schedule.totalSteps))));
}

}
