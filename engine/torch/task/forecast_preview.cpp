// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/torch/task/forecast_preview.h"

#include "engine/torch/task/naive_forecasts.h"
#include "engine/torch/task/preview.h"

#include <ATen/ATen.h>
#include <algorithm>

namespace descent {

namespace {

constexpr std::int64_t windowsShown = 4;

std::vector<float> onHost(const at::Tensor& tensor)
{
    const at::Tensor host = tensor.to(at::kCPU, at::kFloat).contiguous();
    return {host.const_data_ptr<float>(), host.const_data_ptr<float>() + host.numel()};
}

}

ForecastWindows::ForecastWindows(std::shared_ptr<const PreparedData> data, const DeviceSamples& samples)
    : m_data{std::move(data)}, m_preparation{dynamic_cast<const ForecastPreparation&>(*m_data->task)}
{
    const std::vector<std::int64_t>& rows = m_data->split.validation;
    const auto count = std::min<std::int64_t>(windowsShown, static_cast<std::int64_t>(rows.size()));
    for (std::int64_t i = 0; i < count; ++i) {
        m_rows.push_back(rows[static_cast<std::size_t>((2 * i + 1) * static_cast<std::int64_t>(rows.size()) / (2 * count))]);
        m_targets.push_back(i * (m_preparation.targets - 1) / std::max<std::int64_t>(1, count - 1));
    }
    m_batch = samples.gather(m_rows);

    const auto& series = std::get<Series>(m_data->dataset->train.inputs);
    const std::int64_t length = m_preparation.inputLength, horizon = m_preparation.horizon;
    // What is shown of a long past is enough to see where it was going.
    const std::int64_t shown = std::min(length, std::max<std::int64_t>(48, 2 * horizon));
    const at::Tensor last = repeatedLast(m_batch.inputs.front(), horizon, m_preparation.targets);
    const at::Tensor season = repeatedSeason(m_batch.inputs.front(), horizon, m_preparation.targets, m_preparation.season);
    for (std::int64_t i = 0; i < count; ++i) {
        const auto place = static_cast<std::size_t>(i);
        const std::size_t column = m_preparation.columns[static_cast<std::size_t>(m_targets[place])];
        const std::int64_t first = m_rows[place] + length - shown;
        ForecastPreview::Window window{.column = series.names[column], .firstStep = first};
        for (std::int64_t step = first; step < first + shown + horizon; ++step) {
            (step < first + shown ? window.past : window.truth).push_back(series.values[static_cast<std::size_t>(step * series.columns()) + column]);
            if (!series.seconds.empty())
                window.seconds.push_back(series.seconds[static_cast<std::size_t>(step)]);
        }
        window.repeatLast = inOwnUnit(last, i);
        if (season.defined())
            window.seasonalNaive = inOwnUnit(season, i);
        m_frame.windows.push_back(std::move(window));
    }
}

std::vector<float> ForecastWindows::inOwnUnit(const at::Tensor& forecasts, std::int64_t window) const
{
    const std::int64_t target = m_targets[static_cast<std::size_t>(window)];
    const auto column = static_cast<std::size_t>(target);
    return onHost(forecasts[window].select(1, target) * m_preparation.deviation[column] + m_preparation.mean[column]);
}

ForecastPreview ForecastWindows::look(GraphNetwork& network, std::int64_t step) const
{
    ForecastPreview preview = m_frame;
    preview.step = step;
    const at::Tensor forecasts = outputsOf(network, m_batch.inputs);
    for (std::size_t i = 0; i < preview.windows.size(); ++i)
        preview.windows[i].forecast = inOwnUnit(forecasts, static_cast<std::int64_t>(i));
    return preview;
}

}
