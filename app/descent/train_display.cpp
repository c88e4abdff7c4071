// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/descent/train_display.h"

#include "app/descent/advice_output.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <utility>
#include <vector>

namespace descent {

namespace {

constexpr double lossSmoothing = 0.98; // of the figure beside the bar: a batch's loss alone jumps about
constexpr int widestBar = 30;

std::string figures(const std::map<std::string, double>& values)
{
    std::string text;
    for (const auto& [name, value] : values)
        if (name != "epoch")
            text += fmt::format("  {} {}", name, formatFigure(value));
    return text;
}

}

TrainDisplay::TrainDisplay(const Terminal& terminal, std::string primaryMetric)
    : m_terminal{terminal}, m_primaryMetric{std::move(primaryMetric)}
{
}

void TrainDisplay::show(const LiveFeed::Batch& batch)
{
    for (const MetricPoint& point : batch.points) {
        if (point.series != "loss/train" && point.series != "loss/validation")
            continue;
        const bool training = point.series == "loss/train";
        ChartLine& line = training ? m_trainLoss : m_validationLoss;
        line.x.push_back(static_cast<double>(point.step));
        line.y.push_back(point.value);
        if (!training || !std::isfinite(point.value))
            continue;
        m_smoothedLoss = m_hasLoss ? lossSmoothing * m_smoothedLoss + (1 - lossSmoothing) * point.value : point.value;
        m_hasLoss = true;
    }
    if (batch.progress)
        m_progress = batch.progress;
    for (const auto& [kind, preview] : batch.previews)
        if (const auto* layers = std::get_if<LayerReport>(&preview))
            m_layers = *layers;
    for (const RunEvent& event : batch.events)
        std::visit([this](const auto& value) { on(value); }, event);
    if (batch.progress && !m_ended && m_terminal.interactive)
        drawProgress();
    std::fflush(stdout);
}

void TrainDisplay::showLoading(double fraction)
{
    if (!m_terminal.interactive)
        return;
    fmt::print("\r\x1b[Kreading the data {}", bar(fraction, widestBar));
    m_lineShown = true;
    std::fflush(stdout);
}

void TrainDisplay::clearLine()
{
    if (std::exchange(m_lineShown, false))
        fmt::print("\r\x1b[K");
}

void TrainDisplay::on(const RunStarted& event)
{
    m_started = event;
    clearLine();
    fmt::print("run {}: {} parameters on {}; {} samples to learn from, {} to validate, {} to test\n", event.run,
               formatCount(event.parameterCount), event.device, formatCount(event.trainCount), formatCount(event.validationCount),
               formatCount(event.testCount));
}

void TrainDisplay::on(const EpochFinished& event)
{
    m_validation = event.metrics;
    const double loss = meanTrainLoss(m_lastEpochStep, event.step);
    m_lastEpochStep = event.step;
    if (m_terminal.interactive)
        return; // the progress line says it; a hundred epochs must not scroll the screen away
    // Before the first epoch a network that starts from another is judged as it is: there is no training loss yet.
    fmt::print("epoch {}/{}{}{}{}\n", event.epoch, m_started.epochs, event.epoch > 0 ? "  loss/train " + formatFigure(loss) : "",
               figures(event.metrics), event.best ? "  best" : "");
}

/// Over the steps after `from`, up to and with `to`.
double TrainDisplay::meanTrainLoss(std::int64_t from, std::int64_t to) const
{
    const auto& steps = m_trainLoss.x;
    const auto begin = std::upper_bound(steps.begin(), steps.end(), static_cast<double>(from)) - steps.begin();
    const auto end = std::upper_bound(steps.begin(), steps.end(), static_cast<double>(to)) - steps.begin();
    return std::accumulate(m_trainLoss.y.begin() + begin, m_trainLoss.y.begin() + end, 0.0) / static_cast<double>(end - begin);
}

void TrainDisplay::on(const Message& event)
{
    clearLine();
    fmt::print("{}\n",
               coloured(m_terminal, event.severity == Message::Severity::warning ? 33 : 2, printable(english(event.text))));
}

void TrainDisplay::on(const RunEnded& event)
{
    m_ended = true;
    clearLine();
    const std::string chart = textChart("loss", {m_trainLoss, m_validationLoss}, m_terminal);
    if (!chart.empty())
        fmt::print("\n{}\n", chart);
    const int colour = event.status == RunStatus::completed ? 32 : event.status == RunStatus::failed ? 31 : 33;
    fmt::print("{} after {}", coloured(m_terminal, colour, toString(event.status)), formatDuration(event.seconds));
    if (!event.reason.empty())
        fmt::print(": {}", printable(english(event.reason)));
    fmt::print("\n");
    if (!event.hint.empty())
        fmt::print("{}\n", printable(english(event.hint)));
    if (const auto epoch = event.best.find("epoch"); epoch != event.best.end())
        fmt::print("best   epoch {:.0f}{}\n", epoch->second, figures(event.best));
    if (!event.test.empty())
        fmt::print("test {}\n", coloured(m_terminal, 1, figures(event.test)));
    if (m_layers)
        printLayers(*m_layers);
}

void TrainDisplay::drawProgress()
{
    const Progress& at = *m_progress;
    const double share = at.totalSteps > 0 ? static_cast<double>(at.step) / static_cast<double>(at.totalSteps) : 0;
    const std::string left = fmt::format("epoch {}/{} ", at.epoch, m_started.epochs);
    struct Part {
        std::string text;
        int importance; // on a narrow terminal the least important ones go
    };
    std::vector<Part> parts{{fmt::format(" {:3.0f}%", 100 * share), 5}};
    if (m_hasLoss)
        parts.push_back({fmt::format("  loss {}", formatFigure(m_smoothedLoss)), 3});
    if (const auto metric = m_validation.find(m_primaryMetric + "/validation"); metric != m_validation.end())
        parts.push_back({fmt::format("  {} {}", m_primaryMetric, formatFigure(metric->second)), 2});
    if (at.samplesPerSecond > 0)
        parts.push_back({fmt::format("  {}/s", formatCount(std::llround(at.samplesPerSecond))), 1});
    if (at.paused)
        parts.push_back({"  paused", 4});
    else if (at.secondsLeft >= 0)
        parts.push_back({fmt::format("  {} left", formatDuration(at.secondsLeft)), 4});
    constexpr int narrowestBar = 8;
    const auto room = [&] {
        auto columns = m_terminal.width - 1 - static_cast<int>(columnsOf(left));
        for (const Part& part : parts)
            columns -= static_cast<int>(columnsOf(part.text));
        return columns;
    };
    while (room() < narrowestBar && parts.size() > 1)
        parts.erase(std::min_element(parts.begin(), parts.end(),
                                     [](const Part& a, const Part& b) { return a.importance < b.importance; }));
    std::string line = left + bar(share, std::clamp(room(), 0, widestBar));
    for (const Part& part : parts)
        line += part.text;
    fmt::print("\r{}\x1b[K", line);
    m_lineShown = true;
}

std::string TrainDisplay::bar(double share, int columns) const
{
    const int done = static_cast<int>(std::lround(std::clamp(share, 0.0, 1.0) * columns));
    std::string full, empty;
    for (int i = 0; i < columns; ++i)
        (i < done ? full : empty) += m_terminal.unicode ? "━" : i < done ? "=" : "-";
    return coloured(m_terminal, 36, full) + coloured(m_terminal, 2, empty);
}

}
