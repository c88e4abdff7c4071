// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/train/rate_dialog.h"

#include "engine/core/data/dataset.h"
#include "ui/forms/parameter_form.h"
#include "ui/plot/curve_plot.h"
#include "ui/theme/theme.h"
#include "ui/theme/translated.h"
#include "ui/theme/widgets.h"

#include <QDoubleValidator>
#include <QHBoxLayout>
#include <QLineEdit>
#include <QLocale>
#include <QProgressBar>
#include <QPushButton>
#include <QStyle>
#include <QVBoxLayout>

#include <algorithm>
#include <cmath>

namespace descent {

namespace {

constexpr int sideWidth = 250;

/// As it is typed and as a recipe shows it: "0.0032", "3.2e-07".
QString written(double rate)
{
    return QString::number(rate, 'g', 2);
}

/// At the fields of the form, which stand under "search".
Problems problemsOf(const Parameters& options)
{
    Problems problems = validate(rateFinderSchema(), options, "search");
    if (problems.empty())
        for (Problem problem : validate(rateFinderOptions(options))) {
            problem.path.insert(0, "search.");
            problems.push_back(std::move(problem));
        }
    return problems;
}

}

RateDialog::RateDialog(RateSearch::Subject subject, QObject& searches, QWidget* parent)
    : QDialog{parent}, m_subject{std::move(subject)}, m_searches{searches}
{
    setWindowTitle(tr("Find a learning rate"));
    setObjectName(QStringLiteral("rateDialog"));
    resize(880, 520);
    auto* layout = new QHBoxLayout{this};
    layout->setContentsMargins(Theme::space4, Theme::space4, Theme::space4, Theme::space4);
    layout->setSpacing(Theme::space4);
    auto* left = new QVBoxLayout;
    left->setSpacing(Theme::space2);
    auto* about = makeLabel(tr("The network learns for some steps while the rate rises. A good rate lies where the loss falls fastest, "
                               "well before it turns up. Nothing is kept of it."),
                            "muted");
    about->setWordWrap(true);
    left->addWidget(about);
    m_plot = new CurvePlot;
    m_plot->setTitle(tr("Loss"));
    m_plot->setXLabel(tr("learning rate"));
    m_plot->setLogX(true);
    m_plot->setLegendVisible(true);
    m_plot->setClipOutliers(true);
    left->addWidget(m_plot, 1);
    m_progress = new QProgressBar;
    m_progress->setTextVisible(false);
    left->addWidget(m_progress);
    layout->addLayout(left, 1);
    layout->addWidget(makeSide());

    connect(m_plot, &CurvePlot::hovered, this, [this](double x) { m_pointedAt = x; });
    connect(m_plot, &CurvePlot::curveClicked, this, [this] {
        if (m_pointedAt > 0)
            offer(m_pointedAt);
    });
    search();
}

RateDialog::~RateDialog()
{
    if (m_search)
        m_search->abandon();
}

QWidget* RateDialog::makeSide()
{
    auto* side = new QWidget;
    side->setFixedWidth(sideWidth);
    auto* layout = new QVBoxLayout{side};
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(Theme::space2);
    layout->addWidget(makeLabel(tr("Search"), "heading"));
    m_form = new ParameterForm;
    m_form->setSchema(rateFinderSchema());
    m_form->setValues(m_options);
    layout->addWidget(m_form);
    m_again = new QPushButton;
    m_again->setObjectName(QStringLiteral("searchAgain"));
    m_again->setAutoDefault(false);
    layout->addWidget(m_again);
    layout->addWidget(makeLine());
    layout->addWidget(makeLabel(tr("Suggested"), "heading"));
    m_words = makeLabel({}, "muted");
    m_words->setObjectName(QStringLiteral("rateWords"));
    m_words->setWordWrap(true);
    layout->addWidget(m_words);
    m_steepest = new QPushButton;
    m_steepest->setObjectName(QStringLiteral("steepest"));
    m_tenth = new QPushButton;
    m_tenth->setObjectName(QStringLiteral("tenthOfMinimum"));
    for (QPushButton* button : {m_steepest, m_tenth}) {
        button->setAutoDefault(false);
        layout->addWidget(button);
        connect(button, &QPushButton::clicked, this, [this, button] { offer(button->property("rate").toDouble()); });
    }
    m_steepest->setToolTip(tr("Bold: for a schedule that warms up or ends low"));
    m_tenth->setToolTip(tr("A tenth of the rate at which the loss was lowest"));
    layout->addStretch(1);
    layout->addWidget(makeLabel(tr("Learning rate to train with"), "caption"));
    m_rate = new QLineEdit;
    m_rate->setObjectName(QStringLiteral("chosenRate"));
    m_rate->setAccessibleName(tr("Learning rate to train with"));
    m_rate->setPlaceholderText(tr("Click on the curve, or type"));
    auto* validator = new QDoubleValidator{1e-12, 100, 12, m_rate};
    validator->setLocale(QLocale::c());
    m_rate->setValidator(validator);
    layout->addWidget(m_rate);
    auto* foot = new QHBoxLayout;
    auto* cancel = new QPushButton{tr("Cancel")};
    cancel->setAutoDefault(false);
    m_use = new QPushButton{tr("Use it")};
    m_use->setObjectName(QStringLiteral("useRate"));
    m_use->setProperty("kind", "primary");
    m_use->setDefault(true);
    foot->addWidget(cancel, 1);
    foot->addWidget(m_use, 1);
    layout->addLayout(foot);

    connect(m_form, &ParameterForm::edited, this, [this](const Parameters& values) {
        m_options = values;
        m_form->setProblems(problemsOf(m_options), QStringLiteral("search"));
        showState();
    });
    connect(m_form, &ParameterForm::validityChanged, this, &RateDialog::showState);
    connect(m_again, &QPushButton::clicked, this, &RateDialog::searchOrStop);
    connect(m_rate, &QLineEdit::textChanged, this, [this] {
        draw();
        showState();
    });
    connect(cancel, &QPushButton::clicked, this, &QDialog::reject);
    connect(m_use, &QPushButton::clicked, this, [this] {
        Q_EMIT chosen(m_rate->text().toDouble());
        accept();
    });
    return side;
}

void RateDialog::searchOrStop()
{
    if (m_search)
        m_search->stop(); // onFinished follows
    else
        search();
}

void RateDialog::search()
{
    const RateFinderOptions options = rateFinderOptions(m_options);
    m_curve = {};
    m_suggested.reset();
    m_search = new RateSearch{m_subject, options, &m_searches};
    m_progress->setRange(0, 0);
    connect(m_search, &RateSearch::found, this, [this, steps = static_cast<int>(options.steps)](const std::vector<RateCurve::Point>& points) {
        m_curve.points.insert(m_curve.points.end(), points.begin(), points.end());
        m_progress->setRange(0, steps);
        m_progress->setValue(static_cast<int>(m_curve.points.size()));
        draw();
    });
    connect(m_search, &RateSearch::finished, this, &RateDialog::onFinished);
    tell(m_subject.dataset ? tr("Searching…") : tr("Reading the data…"));
    draw();
    showState();
}

void RateDialog::onFinished(const RateCurve& curve, const Problems& problems)
{
    m_search->deleteLater();
    m_search = nullptr;
    m_curve = curve;
    m_suggested = suggestedRates(m_curve);
    if (!problems.empty())
        tell(translated(problems.front()), true);
    else if (m_suggested)
        tell(m_curve.diverged ? tr("The loss diverged at %1.").arg(written(m_curve.points.back().rate)) : tr("The loss did not diverge up to %1.").arg(written(m_curve.points.back().rate)));
    else if (m_curve.points.empty())
        tell(tr("Stopped before the first step."));
    else
        tell(tr("The loss does not fall by more than its noise: the curve suggests nothing. Take more steps, or a larger batch size."));
    if (m_suggested) {
        m_steepest->setText(tr("%1, where it falls fastest").arg(written(m_suggested->steepest)));
        m_steepest->setProperty("rate", m_suggested->steepest);
        m_tenth->setText(tr("%1, a tenth of the lowest").arg(written(m_suggested->tenthOfMinimum)));
        m_tenth->setProperty("rate", m_suggested->tenthOfMinimum);
        if (m_rate->text().isEmpty())
            offer(m_suggested->steepest);
    }
    draw();
    showState();
}

void RateDialog::draw()
{
    const ColorTokens& colors = Theme::instance().colors();
    Curve loss{.name = tr("smoothed"), .color = colors.accent, .x = {}, .y = {}, .smooth = {}};
    for (const RateCurve::Point& point : m_curve.points) {
        loss.x.push_back(point.rate);
        loss.y.push_back(point.loss);
        loss.smooth.push_back(point.smoothed);
    }
    std::vector<Curve> curves;
    if (!loss.x.empty())
        curves.push_back(std::move(loss));
    if (const double rate = m_rate->text().toDouble(); rate > 0 && !m_curve.points.empty()) {
        const auto nearer = [rate](const RateCurve::Point& a, const RateCurve::Point& b) { return std::abs(std::log(a.rate / rate)) < std::abs(std::log(b.rate / rate)); };
        const auto nearest = std::min_element(m_curve.points.begin(), m_curve.points.end(), nearer);
        curves.push_back({.name = tr("to train with"), .color = colors.warning, .x = {nearest->rate}, .y = {nearest->smoothed}, .smooth = {}, .dots = true});
    }
    m_plot->setCurves(std::move(curves));
}

void RateDialog::offer(double rate)
{
    m_rate->setText(written(rate));
}

void RateDialog::tell(const QString& words, bool wrong)
{
    QString sentence = words;
    if (!sentence.isEmpty())
        sentence[0] = sentence[0].toUpper();
    m_words->setText(sentence);
    m_words->setProperty("role", wrong ? "danger" : "muted");
    m_words->style()->unpolish(m_words);
    m_words->style()->polish(m_words);
}

void RateDialog::showState()
{
    m_progress->setVisible(m_search != nullptr);
    m_again->setText(m_search ? tr("Stop") : tr("Search again"));
    m_again->setEnabled(m_search || (!m_form->hasInvalidText() && problemsOf(m_options).empty()));
    m_steepest->setVisible(m_suggested.has_value());
    m_tenth->setVisible(m_suggested.has_value());
    m_use->setEnabled(m_rate->hasAcceptableInput());
}

}
