// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/plot/series_chart.h"
#include "ui/try/try_dialog.h"

#include <QWidget>

class QSpinBox;

namespace descent {

/// Charts below each other: a column of the series each, what was and how it goes on.
class ForecastCharts : public QWidget
{
    Q_OBJECT
public:
    explicit ForecastCharts(QWidget* parent = nullptr);
    /// past: [steps, columns] before the forecast, in the order of the answer's columns; pastSeconds may be empty
    void setForecast(const ForecastAnswer& answer, std::vector<float> past, std::vector<std::int64_t> pastSeconds);
    std::size_t count() const { return m_answer.names.size(); }
    QSize sizeHint() const override;

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    ForecastAnswer m_answer;
    std::vector<float> m_past;
    std::vector<std::int64_t> m_seconds; // of past and forecast
};

/// Continues a run's series behind its end, as far as is wanted.
class ForecastDialog : public TryDialog
{
    Q_OBJECT
public:
    explicit ForecastDialog(TriedRun run, QWidget* parent = nullptr);
    void save(const QString& file);

private:
    void ask();

    ForecastAnswer m_answer;
    QSpinBox* m_steps = nullptr;
    QPushButton* m_save = nullptr;
    ForecastCharts* m_charts = nullptr;
};

}
