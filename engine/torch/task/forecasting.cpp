// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/task/forecasting.h"

#include "engine/torch/task/forecast_preview.h"
#include "engine/torch/task/naive_forecasts.h"
#include "engine/torch/task/preview.h"
#include "engine/torch/task/task_program.h"

#include <ATen/ATen.h>
#include <torch/utils.h>

namespace descent {

namespace {

using namespace std::chrono_literals;

/// Standardised, over all windows, steps ahead and columns, as the literature gives them: mse (which is the loss) and
/// mae-standardised; mse-repeat-last and mse-seasonal-naive of the naive forecasts for the same values; mase, the mean over the
/// columns ("Another look at measures of forecast accuracy", International Journal of Forecasting 22(4), 2006); with one column
/// mae, in its own unit. A missing value counts nowhere.
class ForecastJudge : public Judge {
public:
    ForecastJudge(const ForecastPreparation& preparation, at::Device device)
        : m_preparation{preparation}, m_sums{at::zeros({5, preparation.targets}, at::TensorOptions{at::kDouble}.device(device))}
    {
    }

    void take(GraphNetwork& network, const Batch& batch) override
    {
        const at::Tensor& window = batch.inputs.front();
        const std::int64_t horizon = m_preparation.horizon, targets = m_preparation.targets;
        const at::Tensor there = batch.targets.isfinite();
        const auto summed = [](const at::Tensor& values) { return values.sum(at::IntArrayRef{0, 1}, false, at::kDouble); };
        const auto errorOf = [&](const at::Tensor& forecast) {
            return m_preparation.hasMissingTargets ? (forecast - batch.targets).masked_fill(there.logical_not(), 0) : forecast - batch.targets;
        };
        const at::Tensor error = errorOf(network.forward(batch.inputs));
        const at::Tensor season = repeatedSeason(window, horizon, targets, m_preparation.season);
        m_hasSeason = season.defined();
        m_sums += at::stack({summed(error.square()), summed(error.abs()), summed(errorOf(repeatedLast(window, horizon, targets)).square()),
                             m_hasSeason ? summed(errorOf(season).square()) : at::zeros_like(m_sums[3]), summed(there)});
        ++m_batches;
    }

    std::map<std::string, double> figures() override
    {
        if (m_batches == 0)
            return {};
        const at::Tensor host = m_sums.to(at::kCPU), total = host.sum(1);
        const auto all = total.accessor<double, 1>();
        const double count = std::max(1.0, all[4]);
        std::map<std::string, double> figures{{"loss", all[0] / count},
                                              {"mse", all[0] / count},
                                              {"mae-standardised", all[1] / count},
                                              {"mse-repeat-last", all[2] / count}};
        if (m_hasSeason)
            figures["mse-seasonal-naive"] = all[3] / count;
        const auto sums = host.accessor<double, 2>();
        double scaled = 0;
        int columns = 0;
        for (std::int64_t target = 0; target < m_preparation.targets; ++target)
            if (const double naive = m_preparation.naiveError[static_cast<std::size_t>(target)]; std::isfinite(naive) && sums[4][target] > 0) {
                scaled += sums[1][target] / sums[4][target] / naive;
                ++columns;
            }
        if (columns > 0)
            figures["mase"] = scaled / columns;
        if (m_preparation.targets == 1)
            figures["mae"] = all[1] / count * m_preparation.deviation.front();
        return figures;
    }

private:
    const ForecastPreparation& m_preparation;
    at::Tensor m_sums; // double [5, targets]: squares, absolutes, squares of both naive forecasts, values that are there
    std::int64_t m_batches = 0;
    bool m_hasSeason = false;
};

class ForecastingProgram : public TaskProgram {
public:
    explicit ForecastingProgram(const TaskContext& context)
        : m_data{context.request.data},
          m_preparation{dynamic_cast<const ForecastPreparation&>(*context.request.data->task)},
          m_device{context.device},
          m_preview{std::make_shared<ForecastWindows>(context.request.data, context.trainSamples)}
    {
    }

    at::Tensor loss(const at::Tensor& outputs, const Batch& batch) const override
    {
        if (!m_preparation.hasMissingTargets)
            return at::mse_loss(outputs, batch.targets);
        const at::Tensor there = batch.targets.isfinite();
        const at::Tensor error = (outputs - batch.targets).masked_fill(there.logical_not(), 0);
        return error.square().sum() / there.sum().clamp_min(1);
    }

    std::optional<double> lossWeight(const Batch& batch) const override
    {
        return m_preparation.hasMissingTargets ? batch.targets.isfinite().sum().item<double>() : static_cast<double>(batch.size());
    }

    std::unique_ptr<Judge> judge(const std::map<std::string, double>&) const override
    {
        return std::make_unique<ForecastJudge>(m_preparation, m_device);
    }

    std::vector<LivePreview> previews() const override
    {
        return {{400ms, [preview = m_preview](GraphNetwork& network, std::int64_t step) -> Preview { return preview->look(network, step); }}};
    }

    Answer answer(GraphNetwork& network, const Question& question, const AskControl& control) const override
    {
        if (const auto* forecast = std::get_if<ForecastQuestion>(&question))
            return goOn(network, *forecast, control);
        return TaskProgram::answer(network, question, control);
    }

private:
    ForecastAnswer goOn(GraphNetwork& network, const ForecastQuestion& question, const AskControl& control) const;

    const std::shared_ptr<const PreparedData> m_data;
    const ForecastPreparation& m_preparation; // of m_data
    const at::Device m_device;
    const std::shared_ptr<const ForecastWindows> m_preview;
};

/// Beyond the horizon forecasts are read as if they had been measured.
ForecastAnswer ForecastingProgram::goOn(GraphNetwork& network, const ForecastQuestion& question, const AskControl& control) const
{
    const auto& series = std::get<Series>(m_data->dataset->train.inputs);
    const std::int64_t horizon = m_preparation.horizon, targets = m_preparation.targets, length = m_preparation.inputLength;
    const std::int64_t steps = question.steps > 0 ? question.steps : horizon;
    if (steps > horizon && static_cast<std::size_t>(targets) != m_preparation.columns.size())
        throw DescentError{text("this network reads columns that it does not forecast, so it sees %1 steps ahead and no further", horizon)};
    const std::vector<float>& values = *std::get<SampleArray::Floats>(m_data->train.inputs.front().values);
    const auto features = static_cast<std::int64_t>(values.size()) / series.count;
    at::Tensor window = at::from_blob(const_cast<float*>(values.data()) + (series.count - length) * features, {1, length, features}, at::kFloat).to(m_device);

    ForecastAnswer answer{.firstStep = series.count};
    for (std::int64_t i = 0; i < targets; ++i)
        answer.names.push_back(series.names[m_preparation.columns[static_cast<std::size_t>(i)]]);
    for (std::int64_t at = 0; at < steps; at += horizon) {
        if (control.stop.stop_requested())
            throw Cancelled{};
        const at::Tensor future = network.forward(window);
        const at::Tensor host = future.to(at::kCPU).contiguous();
        const auto forecast = host.accessor<float, 3>();
        std::vector<float> read;
        for (std::int64_t ahead = 0; ahead < horizon; ++ahead) {
            const std::int64_t step = series.count + at + ahead;
            const std::int64_t seconds = m_preparation.grid ? m_preparation.grid->secondsAt(step) : 0;
            for (std::int64_t i = 0; i < targets; ++i) {
                const auto column = static_cast<std::size_t>(i);
                read.push_back(forecast[0][ahead][i]);
                if (at + ahead < steps)
                    answer.values.push_back(static_cast<float>(forecast[0][ahead][i] * m_preparation.deviation[column] + m_preparation.mean[column]));
            }
            if (m_preparation.grid && at + ahead < steps)
                answer.seconds.push_back(seconds);
            if (m_preparation.calendar)
                for (const float feature : calendarFeatures(seconds, *m_preparation.grid))
                    read.push_back(feature);
        }
        if (at + horizon < steps) {
            const at::Tensor next = at::from_blob(read.data(), {1, horizon, features}, at::kFloat).to(m_device);
            window = at::cat({window, next}, 1).narrow(1, horizon, length);
        }
        if (control.progress)
            control.progress(std::min(1.0, static_cast<double>(at + horizon) / static_cast<double>(steps)));
    }
    return answer;
}

}

std::unique_ptr<TaskProgram> forecastingProgram(const TaskContext& context)
{
    return std::make_unique<ForecastingProgram>(context);
}

}
