// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/compare/curve_tools.h"

#include "ui/theme/theme.h"
#include "ui/theme/widgets.h"

#include <QButtonGroup>
#include <QComboBox>
#include <QHBoxLayout>
#include <QLineEdit>
#include <QRegularExpression>
#include <QSlider>
#include <QToolButton>
#include <QToolTip>

#include <cmath>

namespace descent {

namespace {

constexpr int sliderSteps = 100;

}

CurveTools::CurveTools(QWidget* parent) : QWidget{parent}
{
    auto* row = new QHBoxLayout{this};
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(Theme::space2);
    addFilter();
    addAlong();
    addSmoothing();
    addToggles();
    addGrouping();
    setLook(m_look);
}

void CurveTools::edit(auto&& change)
{
    change(m_look);
    Q_EMIT lookEdited(m_look);
}

void CurveTools::addFilter()
{
    m_filter = new QLineEdit;
    m_filter->setObjectName(QStringLiteral("chartFilter"));
    m_filter->setPlaceholderText(tr("Filter charts, e.g. loss|accuracy"));
    m_filter->setClearButtonEnabled(true);
    m_filter->setMinimumWidth(110);
    m_filter->setMaximumWidth(260);
    m_filter->setAccessibleName(tr("Filter of charts: a regular expression"));
    static_cast<QHBoxLayout*>(layout())->addWidget(m_filter, 3);
    connect(m_filter, &QLineEdit::textChanged, this, [this](const QString& text) {
        const QRegularExpression expression{text};
        setWrong(m_filter, !expression.isValid());
        m_filter->setToolTip(expression.isValid() ? tr("A regular expression over the names of series")
                                                  : tr("Not a regular expression: %1, at character %2").arg(expression.errorString()).arg(expression.patternErrorOffset() + 1));
        if (expression.isValid()) {
            QToolTip::hideText();
            edit([&](CompareLook& look) { look.filter = text; });
        } else {
            QToolTip::showText(m_filter->mapToGlobal(QPoint{0, m_filter->height()}), m_filter->toolTip(), m_filter); // at once, not when asked for
        }
    });
}

void CurveTools::addAlong()
{
    auto* segments = new QFrame;
    segments->setProperty("segments", true);
    auto* row = new QHBoxLayout{segments};
    row->setContentsMargins(2, 2, 2, 2);
    row->setSpacing(2);
    m_along = new QButtonGroup{segments};
    struct Choice {
        QString text, tip;
        AlongX along;
    };
    for (const Choice& choice : {Choice{tr("Step"), tr("Along the steps of the optimizer"), AlongX::step},
                                 {tr("Epoch"), tr("Along the passes over the training data"), AlongX::epoch},
                                 {tr("Relative"), tr("Along the time of training since each run's start, without pauses"), AlongX::relative},
                                 {tr("Wall"), tr("Along the time of day"), AlongX::wall}}) {
        auto* button = new QToolButton;
        button->setProperty("kind", "segment");
        button->setText(choice.text);
        button->setToolTip(choice.tip);
        button->setCheckable(true);
        button->setFocusPolicy(Qt::StrongFocus);
        m_along->addButton(button, static_cast<int>(choice.along));
        row->addWidget(button);
    }
    layout()->addWidget(segments);
    connect(m_along, &QButtonGroup::idClicked, this, [this](int id) { edit([id](CompareLook& look) { look.along = static_cast<AlongX>(id); }); });
}

void CurveTools::addSmoothing()
{
    QLabel* label = makeLabel(tr("Smoothing"), "muted");
    layout()->addWidget(label);
    m_slider = new QSlider{Qt::Horizontal};
    m_slider->setObjectName(QStringLiteral("smoothing"));
    m_slider->setRange(0, sliderSteps - 1);
    m_slider->setMinimumWidth(50);
    m_slider->setMaximumWidth(120);
    m_slider->setAccessibleName(tr("Smoothing of training curves"));
    m_slider->setToolTip(tr("Debiased exponential average of all points, before they are thinned for the screen"));
    layout()->addWidget(m_slider);
    m_smoothing = makeLabel({}, "muted");
    m_smoothing->setFixedWidth(30);
    layout()->addWidget(m_smoothing);
    connect(m_slider, &QSlider::valueChanged, this, [this](int value) {
        m_smoothing->setText(QString::number(static_cast<double>(value) / sliderSteps, 'f', 2));
        edit([value](CompareLook& look) { look.smoothing = static_cast<double>(value) / sliderSteps; });
    });
}

void CurveTools::addToggles()
{
    auto* segments = new QFrame;
    segments->setProperty("segments", true);
    auto* row = new QHBoxLayout{segments};
    row->setContentsMargins(2, 2, 2, 2);
    row->setSpacing(2);
    layout()->addWidget(segments);
    const auto toggle = [this, row](const QString& text, const QString& tip, const QString& name, bool CompareLook::*member) {
        auto* button = new QToolButton;
        button->setProperty("kind", "segment");
        button->setText(text);
        button->setToolTip(tip);
        button->setCheckable(true);
        button->setObjectName(name);
        button->setFocusPolicy(Qt::StrongFocus);
        row->addWidget(button);
        connect(button, &QToolButton::toggled, this, [this, member](bool on) { edit([&](CompareLook& look) { look.*member = on; }); });
        return button;
    };
    m_logX = toggle(tr("Log x"), tr("Logarithmic along x"), QStringLiteral("logX"), &CompareLook::isLogX);
    m_logY = toggle(tr("Log y"), tr("Logarithmic upwards; values at or below 0 become gaps"), QStringLiteral("logY"), &CompareLook::isLogY);
    m_clip = toggle(tr("Clip"), tr("Clip spikes: scale to the middle 90 % of the values; each chart says how many lie outside"), QStringLiteral("clip"), &CompareLook::clipsOutliers);
    m_training = toggle(tr("Training"), tr("Show training curves, the thinner ones"), QStringLiteral("training"), &CompareLook::showsTraining);
}

void CurveTools::addGrouping()
{
    static_cast<QHBoxLayout*>(layout())->addStretch(1);
    m_group = new FieldPicker{FieldPicker::Mode::several, tr("Groups of runs, drawn as their mean")};
    m_group->setObjectName(QStringLiteral("groupBy"));
    m_group->setWords([](const QStringList& labels) {
        return labels.isEmpty() ? tr("No groups") : labels.size() == 1 ? tr("By %1").arg(labels.front()) : tr("By %1 columns").arg(labels.size());
    });
    layout()->addWidget(m_group);
    m_band = new QComboBox;
    m_band->setObjectName(QStringLiteral("band"));
    m_band->addItems({tr("Min to max"), tr("± std. dev."), tr("95 % interval")}); // in the order of BandKind
    m_band->setAccessibleName(tr("Band around the mean of a group"));
    m_band->setToolTip(m_band->accessibleName());
    layout()->addWidget(m_band);
    connect(m_group, &FieldPicker::fieldsChosen, this, [this](const std::vector<std::string>& fields) {
        m_band->setVisible(!fields.empty());
        edit([&](CompareLook& look) { look.groupBy = fields; });
    });
    connect(m_band, &QComboBox::currentIndexChanged, this, [this](int index) { edit([index](CompareLook& look) { look.band = static_cast<BandKind>(index); }); });
}

void CurveTools::setGroupFields(std::vector<FieldPicker::Field> fields)
{
    m_group->setFields(std::move(fields));
}

void CurveTools::setLook(const CompareLook& look)
{
    const QSignalBlocker blocked[] = {QSignalBlocker{m_slider}, QSignalBlocker{m_logX},     QSignalBlocker{m_logY}, QSignalBlocker{m_clip},
                                      QSignalBlocker{m_training}, QSignalBlocker{m_group}, QSignalBlocker{m_band}, QSignalBlocker{m_along}};
    m_look = look;
    if (m_filter->text() != look.filter && QRegularExpression{m_filter->text()}.isValid()) {
        const QSignalBlocker blocker{m_filter};
        m_filter->setText(look.filter);
    }
    m_along->button(static_cast<int>(look.along))->setChecked(true);
    m_slider->setValue(static_cast<int>(std::lround(look.smoothing * sliderSteps)));
    m_smoothing->setText(QString::number(look.smoothing, 'f', 2));
    m_logX->setChecked(look.isLogX);
    m_logY->setChecked(look.isLogY);
    m_clip->setChecked(look.clipsOutliers);
    m_training->setChecked(look.showsTraining);
    m_group->setChosen(look.groupBy);
    m_band->setCurrentIndex(static_cast<int>(look.band));
    m_band->setVisible(!look.groupBy.empty());
}

}
