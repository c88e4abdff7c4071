// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/try/forecast_dialog.h"

#include "engine/core/job/answer_csv.h"
#include "engine/core/job/finished_run.h"
#include "ui/theme/theme.h"
#include "ui/theme/widgets.h"

#include <QFileDialog>
#include <QLabel>
#include <QPainter>
#include <QPushButton>
#include <QSpinBox>
#include <QVBoxLayout>

#include <algorithm>

namespace descent {

namespace {

constexpr int chartHeight = 150, chartGap = 8;
constexpr std::int64_t pastPerStep = 3, leastPast = 48; // shown before the forecast

struct Past {
    std::vector<float> values;
    std::vector<std::int64_t> seconds;
};

/// The end of the series, with the columns in the order of the answer's.
Past pastOf(const Series& series, const ForecastAnswer& answer)
{
    const auto ahead = static_cast<std::int64_t>(answer.values.size() / std::max<std::size_t>(1, answer.names.size()));
    const std::int64_t steps = std::min(series.count, std::max(leastPast, pastPerStep * ahead)), first = series.count - steps;
    std::vector<std::int64_t> columns;
    for (const std::string& name : answer.names)
        columns.push_back(std::find(series.names.begin(), series.names.end(), name) - series.names.begin());
    Past past;
    for (std::int64_t step = first; step < series.count; ++step)
        for (const std::int64_t column : columns)
            past.values.push_back(column < series.columns() ? series.values[static_cast<std::size_t>(step * series.columns() + column)] : 0);
    if (!series.seconds.empty())
        past.seconds.assign(series.seconds.begin() + static_cast<std::ptrdiff_t>(first), series.seconds.end());
    return past;
}

}

ForecastCharts::ForecastCharts(QWidget* parent) : QWidget{parent}
{
    setObjectName(QStringLiteral("forecastCharts"));
    connect(&Theme::instance(), &Theme::changed, this, qOverload<>(&QWidget::update));
}

void ForecastCharts::setForecast(const ForecastAnswer& answer, std::vector<float> past, std::vector<std::int64_t> pastSeconds)
{
    m_answer = answer;
    m_past = std::move(past);
    m_seconds.clear();
    if (!pastSeconds.empty() && !answer.seconds.empty()) {
        m_seconds = std::move(pastSeconds);
        m_seconds.insert(m_seconds.end(), answer.seconds.begin(), answer.seconds.end());
    }
    setMinimumHeight(sizeHint().height());
    updateGeometry();
    update();
}

QSize ForecastCharts::sizeHint() const
{
    return {420, static_cast<int>(m_answer.names.size()) * (chartHeight + chartGap)};
}

void ForecastCharts::paintEvent(QPaintEvent*)
{
    const ColorTokens& colors = Theme::instance().colors();
    QPainter painter{this};
    painter.setRenderHint(QPainter::Antialiasing);
    const std::size_t columns = m_answer.names.size();
    const auto column = [columns](const std::vector<float>& values, std::size_t which) {
        std::vector<float> own;
        for (std::size_t i = which; i < values.size(); i += columns)
            own.push_back(values[i]);
        return own;
    };
    const double height = columns == 0 ? 0 : std::max<double>(chartHeight, static_cast<double>(this->height()) / static_cast<double>(columns) - chartGap);
    for (std::size_t i = 0; i < columns; ++i) {
        SeriesChart chart{.title = QString::fromStdString(m_answer.names[i]), .lines = {}, .steps = 0, .firstStep = 0, .seconds = m_seconds, .now = 0};
        SeriesLine past{.begin = 0, .values = column(m_past, i), .color = colors.text, .width = 1.4, .style = Qt::SolidLine};
        const auto known = std::ssize(past.values);
        SeriesLine ahead{.begin = known, .values = column(m_answer.values, i), .color = colors.accent, .width = 1.8, .style = Qt::SolidLine};
        if (known > 0) { // without a gap between what was and what comes
            --ahead.begin;
            ahead.values.insert(ahead.values.begin(), past.values.back());
        }
        chart.steps = known + std::ssize(ahead.values) - (known > 0 ? 1 : 0);
        chart.firstStep = m_answer.firstStep - known;
        chart.now = known;
        chart.lines = {std::move(past), std::move(ahead)};
        paintSeriesChart(painter, QRectF{0, static_cast<double>(i) * (height + chartGap), static_cast<double>(width()), height}, chart);
    }
}

ForecastDialog::ForecastDialog(TriedRun run, QWidget* parent) : TryDialog{std::move(run), "forecastDialog", parent}
{
    askingColumn()->addWidget(makeLabel(tr("Steps ahead"), "caption"));
    m_steps = new QSpinBox;
    m_steps->setButtonSymbols(QSpinBox::NoButtons);
    m_steps->setObjectName(QStringLiteral("trySteps"));
    m_steps->setRange(0, 100'000);
    m_steps->setSpecialValueText(tr("As it was trained for"));
    m_steps->setToolTip(tr("Steps behind what the network was trained for build on its own forecasts"));
    m_steps->setAccessibleName(tr("Steps ahead"));
    askingColumn()->addWidget(m_steps);
    auto* button = new QPushButton{tr("Forecast")};
    button->setObjectName(QStringLiteral("tryAsk"));
    askingColumn()->addWidget(button);
    setAsk(button);
    m_save = new QPushButton{tr("Save forecast…")};
    m_save->setObjectName(QStringLiteral("trySave"));
    m_save->setToolTip(tr("As CSV: a line a step"));
    m_save->setEnabled(false);
    askingColumn()->addWidget(m_save);
    askingColumn()->addStretch(1);
    m_charts = new ForecastCharts;
    answerColumn()->addWidget(scrolled(m_charts), 1);
    connect(button, &QPushButton::clicked, this, &ForecastDialog::ask);
    connect(m_save, &QPushButton::clicked, this, [this] {
        if (const QString chosen = QFileDialog::getSaveFileName(this, tr("Save forecast"), QStringLiteral("forecast.csv"), tr("CSV files (*.csv)")); !chosen.isEmpty())
            save(chosen);
    });
    ask();
}

void ForecastDialog::ask()
{
    setState(tr("Forecasting…"));
    asker().work([this, steps = m_steps->value()](FinishedRun& run, const AskControl& control) -> std::function<void()> {
        const auto answer = std::get<ForecastAnswer>(run.ask(ForecastQuestion{steps}, control));
        Past past = pastOf(std::get<Series>(run.request().data->dataset->train.inputs), answer);
        return [this, answer, past = std::move(past)] {
            m_answer = answer;
            m_charts->setForecast(answer, past.values, past.seconds);
            m_save->setEnabled(true);
            setState(tr("What was, and how the network continues it:"));
        };
    });
}

void ForecastDialog::save(const QString& file)
{
    write(file, [answer = m_answer] { return csvOf(answer); });
}

}
