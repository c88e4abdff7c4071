// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/descent/terminal.h"
#include "app/descent/text_chart.h"
#include "engine/core/run/live_feed.h"

#include <cstdint>
#include <map>
#include <optional>
#include <string>

namespace descent {

/// Shows a training to a person: on a terminal a line that is written over, with bar, figures and time left; in a pipe a
/// line an epoch. When it ends, the curves of the loss and the figures of the best epoch and of the test.
/// Belongs to one thread, which gives it what the run's LiveFeed has.
class TrainDisplay {
public:
    TrainDisplay(const Terminal& terminal, std::string primaryMetric);

    void show(const LiveFeed::Batch& batch);
    void showLoading(double fraction); ///< 0 to 1, while the data is read
    void clearLine();

private:
    void on(const RunStarted& event);
    void on(const EpochFinished& event);
    void on(const CheckpointWritten&) {}
    void on(const Message& event);
    void on(const RunEnded& event);
    template <typename Other> // comes apart from the events
    void on(const Other&)
    {
    }
    double meanTrainLoss(std::int64_t from, std::int64_t to) const;
    void drawProgress();
    std::string bar(double share, int columns) const;

    const Terminal m_terminal;
    const std::string m_primaryMetric;
    RunStarted m_started;
    std::optional<Progress> m_progress;
    std::optional<LayerReport> m_layers; ///< the newest, where somebody asked for it
    std::map<std::string, double> m_validation; ///< of the last epoch, by series
    std::int64_t m_lastEpochStep = 0;
    double m_smoothedLoss = 0; ///< of training
    bool m_hasLoss = false, m_lineShown = false, m_ended = false;
    ChartLine m_trainLoss{"training", {}, {}}, m_validationLoss{"validation", {}, {}};
};

}
